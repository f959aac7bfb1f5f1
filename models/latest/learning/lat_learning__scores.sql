{{ dms_lake.latest(ref('chg_learning__scores')) }}
