{{ dms_lake.latest(ref('chg_purchases__purchase_temp')) }}
