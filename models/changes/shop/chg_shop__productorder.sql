{{ dms_lake.changes(source('shop', 'productorder')) }}
