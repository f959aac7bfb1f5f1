{{ dms_lake.served(ref('cur_purchases__purchase_temp')) }}
