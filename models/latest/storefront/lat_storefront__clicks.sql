{{ dms_lake.latest(ref('chg_storefront__clicks')) }}
