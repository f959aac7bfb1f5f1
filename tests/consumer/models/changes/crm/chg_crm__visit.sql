{{ dms_lake.changes(source('crm', 'visit')) }}
