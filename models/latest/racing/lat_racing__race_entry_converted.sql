{{ dms_lake.latest(ref('chg_racing__race_entry_converted')) }}
