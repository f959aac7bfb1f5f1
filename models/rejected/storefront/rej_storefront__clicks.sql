{{ dms_lake.rejected(ref('chg_storefront__clicks')) }}
