{{ dms_lake.changes(source('shop', 'store')) }}
