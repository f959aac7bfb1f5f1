{{ dms_lake.served(ref('sales_by_weekday')) }}
