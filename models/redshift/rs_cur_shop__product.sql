{{ dms_lake.served(ref('cur_shop__product')) }}
