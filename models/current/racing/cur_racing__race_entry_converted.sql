{{ dms_lake.current(ref('lat_racing__race_entry_converted')) }}
