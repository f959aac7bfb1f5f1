{{ dms_lake.rejected(ref('chg_sales__sales_event')) }}
