{{ dms_lake.changes(source('shop', 'product')) }}
