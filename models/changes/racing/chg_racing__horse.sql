{{ dms_lake.changes(source('racing', 'horse')) }}
