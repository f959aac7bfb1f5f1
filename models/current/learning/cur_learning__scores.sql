{{ dms_lake.current(ref('lat_learning__scores')) }}
