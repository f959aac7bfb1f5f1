{{ dms_lake.served(ref('hst_shop__product')) }}
