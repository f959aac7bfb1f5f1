{{ dms_lake.latest(ref('chg_sales__sales_event')) }}
