{{ dms_lake.rejected(ref('chg_learning__scores')) }}
