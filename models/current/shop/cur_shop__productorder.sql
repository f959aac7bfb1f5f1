{{ dms_lake.current(ref('lat_shop__productorder')) }}
