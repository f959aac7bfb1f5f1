{{ dms_lake.served(ref('cur_sales__sales_event')) }}
