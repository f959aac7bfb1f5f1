{{ dms_lake.current(ref('lat_school__enrollments')) }}
