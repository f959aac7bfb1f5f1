{{ dms_lake.history(ref('chg_school__students')) }}
