{{ dms_lake.current(ref('lat_retail__retail_transactions')) }}
