{{ dms_lake.rejected(ref('chg_crm__customer')) }}
