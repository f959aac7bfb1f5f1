{{ dms_lake.latest(ref('chg_crm__customer')) }}
