{{ dms_lake.changes(source('crm', 'customer')) }}
