{{ dms_lake.changes(source('purchases', 'purchase_temp')) }}
