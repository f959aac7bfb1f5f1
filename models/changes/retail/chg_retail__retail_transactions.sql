{{ dms_lake.changes(source('retail', 'retail_transactions')) }}
