{{ dms_lake.rejected(ref('chg_racing__race_entry')) }}
