{{ dms_lake.history(ref('chg_shop__store')) }}
