{{ dms_lake.changes(source('learning', 'scores')) }}
