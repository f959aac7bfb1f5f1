{{ dms_lake.changes(source('school', 'enrollments')) }}
