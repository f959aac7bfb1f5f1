{{ dms_lake.rejected(ref('chg_shop__productorder')) }}
