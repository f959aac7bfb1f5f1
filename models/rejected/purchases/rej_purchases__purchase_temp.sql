{{ dms_lake.rejected(ref('chg_purchases__purchase_temp')) }}
