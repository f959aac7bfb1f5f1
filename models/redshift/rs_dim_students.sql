{{ dms_lake.served(ref('dim_students')) }}
