{{ dms_lake.latest(ref('chg_shop__productorder')) }}
