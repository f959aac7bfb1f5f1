{{ dms_lake.rejected(ref('chg_retail__retail_transactions')) }}
