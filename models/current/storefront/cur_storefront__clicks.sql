{{ dms_lake.current(ref('lat_storefront__clicks')) }}
