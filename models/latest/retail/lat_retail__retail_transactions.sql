{{ dms_lake.latest(ref('chg_retail__retail_transactions')) }}
