{{ dms_lake.rejected(ref('chg_school__enrollments')) }}
