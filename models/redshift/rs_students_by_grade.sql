{{ dms_lake.served(ref('students_by_grade')) }}
