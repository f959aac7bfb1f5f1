{{ dms_lake.changes(source('storefront', 'orders')) }}
