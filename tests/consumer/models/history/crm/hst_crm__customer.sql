{{ dms_lake.history(ref('chg_crm__customer')) }}
