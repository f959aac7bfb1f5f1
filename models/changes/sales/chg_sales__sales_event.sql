{{ dms_lake.changes(source('sales', 'sales_event')) }}
