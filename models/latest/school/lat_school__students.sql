{{ dms_lake.latest(ref('chg_school__students')) }}
