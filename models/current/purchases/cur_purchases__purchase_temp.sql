{{ dms_lake.current(ref('lat_purchases__purchase_temp')) }}
