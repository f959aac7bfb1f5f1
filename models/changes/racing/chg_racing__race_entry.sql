{{ dms_lake.changes(source('racing', 'race_entry')) }}
