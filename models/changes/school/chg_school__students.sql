{{ dms_lake.changes(source('school', 'students')) }}
