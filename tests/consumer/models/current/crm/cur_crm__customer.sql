{{ dms_lake.current(ref('lat_crm__customer')) }}
