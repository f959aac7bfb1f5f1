{{ dms_lake.changes(source('storefront', 'clicks')) }}
