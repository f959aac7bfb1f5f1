{{ dms_lake.history(ref('chg_retail__retail_transactions')) }}
