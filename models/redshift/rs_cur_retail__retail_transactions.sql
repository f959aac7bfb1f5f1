{{ dms_lake.served(ref('cur_retail__retail_transactions')) }}
