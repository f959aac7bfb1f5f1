{{ dms_lake.current(ref('lat_sales__sales_event')) }}
