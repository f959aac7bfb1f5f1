"""`create ...` of Athena: tables from queries, external and Iceberg tables, views, databases."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lake.athena_local.column_types import iceberg_refusal, trino_type
from lake.athena_local.sql_text import (
    FLAGS,
    TableName,
    closing,
    column_pairs,
    split,
    string_pairs,
    table_name,
    unquote,
)
from lake.athena_local.statements import (
    HIVE,
    ICEBERG,
    CheckIcebergColumns,
    CreateInGlue,
    KindOf,
    Query,
    Refused,
    Statement,
    WriteViewColumns,
)
from lake.sql import literal, quoted

# Athena's own names, kept with the table; OPTIMIZE and VACUUM read them.
ICEBERG_OPTIONS = {
    "vacuum_max_snapshot_age_seconds",
    "vacuum_min_snapshots_to_keep",
    "vacuum_max_metadata_files_to_keep",
    "optimize_rewrite_min_data_file_size_bytes",
    "optimize_rewrite_max_data_file_size_bytes",
    "optimize_rewrite_data_file_threshold",
    "optimize_rewrite_delete_file_threshold",
}
HIVE_PROPERTIES = ("external_location", "partitioned_by", "bucketed_by", "bucket_count")
LAZY_SIMPLE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
TEXT = (
    "org.apache.hadoop.mapred.TextInputFormat",
    "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
)
# stored as ...: serde, input format, output format.
STORED_AS = {
    "textfile": (LAZY_SIMPLE, *TEXT),
    "parquet": (
        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    ),
    "orc": (
        "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
        "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
        "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
    ),
}


def iceberg_properties(options: Mapping[str, str]) -> str:
    """Athena's own options as one property of Trino's table."""
    names = ", ".join(literal(name) for name in options)
    values = ", ".join(literal(value) for value in options.values())
    return f"extra_properties = map(array[{names}], array[{values}])"


def table_as_select(text: str, match: re.Match[str], schema: str, kind_of: KindOf) -> Statement:
    """`create table t with (...) as select ...`, Hive or Iceberg by its `table_type`."""
    start = match.end() - 1
    end = closing(text, start)
    properties = {}
    for part in split(text[start + 1 : end]):
        key, equals, value = part.partition("=")
        if not equals:
            raise ValueError(f"a table property without a value: {part}")
        properties[key.strip().lower()] = value.strip()
    after = re.match(r"\s*as\s+", text[end + 1 :], FLAGS)
    if not after:
        raise ValueError("`as` and a query must follow the properties")
    query = text[end + 1 + after.end() :]
    name = table_name(match[1], schema)
    table_type = properties.pop("table_type", "'hive'").strip("'").lower()
    properties.pop("is_external", None)
    if table_type == "iceberg":
        return _iceberg_as_select(name, properties, query)
    return _hive_as_select(name, properties, query)


def table_as_select_bare(
    text: str, match: re.Match[str], schema: str, kind_of: KindOf
) -> Statement:
    """`create table t as select ...`: Hive, in the work group's own place."""
    return _hive_as_select(table_name(match[1], schema), {}, text[match.end() :])


def _created(name: TableName, *steps: CheckIcebergColumns | Query) -> Statement:
    return Statement("DDL", "CREATE_TABLE_AS_SELECT", steps, table=name)


def _iceberg_as_select(name: TableName, properties: dict[str, str], query: str) -> Statement:
    codec = properties.pop("write_compression", "'zstd'").strip("'").upper()
    file_format = properties.pop("format", "'parquet'").strip("'").upper()
    location = properties.pop("location", None)
    if location is None:
        raise Refused("INVALID_TABLE_PROPERTY: an Iceberg table needs the property location")
    place = literal(location.strip("'").rstrip("/"))
    written = [f"format = '{file_format}'", f"location = {place}"]
    if "partitioning" in properties:
        written.append(f"partitioning = {properties.pop('partitioning')}")
    options = {key: value.strip("'") for key, value in properties.items()}
    if unknown := sorted(set(options) - ICEBERG_OPTIONS):
        raise Refused(f"INVALID_TABLE_PROPERTY: table property {unknown[0]!r} does not exist")
    if options:
        written.append(iceberg_properties(options))
    create = f"create table {name.quoted(ICEBERG)} with ({', '.join(written)}) as\n{query}"
    session = {f"{ICEBERG}.compression_codec": codec}
    return _created(name, CheckIcebergColumns(query), Query(create, session))


def _hive_as_select(name: TableName, properties: dict[str, str], query: str) -> Statement:
    file_format = properties.pop("format", "'parquet'").strip("'").upper()
    codec = properties.pop("write_compression", properties.pop("parquet_compression", "'gzip'"))
    written = [f"format = '{file_format}'"]
    if "field_delimiter" in properties:
        key = "csv_separator" if file_format == "CSV" else "textfile_field_separator"
        written.append(f"{key} = {properties.pop('field_delimiter')}")
    for key in HIVE_PROPERTIES:
        if key in properties:
            written.append(f"{key} = {properties.pop(key)}")
    if properties:
        raise Refused(f"INVALID_TABLE_PROPERTY: table property {min(properties)!r} does not exist")
    create = f"create table {name.quoted(HIVE)} with ({', '.join(written)}) as\n{query}"
    return _created(name, Query(create, {f"{HIVE}.compression_codec": codec.strip("'").upper()}))


def _clause(pattern: str, text: str) -> str | None:
    match = re.search(pattern, text, FLAGS)
    return match[1] if match else None


def _bracket(opening: str, text: str) -> str:
    """What stands between the brackets that follow `opening`; empty where it does not occur."""
    match = re.search(opening + r"\s*\(", text, FLAGS)
    return text[match.end() : closing(text, match.end() - 1)] if match else ""


def external_table(text: str, match: re.Match[str], schema: str, kind_of: KindOf) -> Statement:
    """`create external table ...` over files that stand already; they are never read here."""
    name = table_name(match[2], schema)
    start = match.end() - 1
    end = closing(text, start)
    rest = text[end + 1 :]
    location = _clause(r"\blocation\s+'([^']+)'", rest)
    if location is None:
        raise ValueError("an external table needs a location")
    stored = (_clause(r"\bstored\s+as\s+(\w+)", rest) or "textfile").lower()
    if stored not in STORED_AS and not re.search(r"stored\s+as\s+inputformat", rest, FLAGS):
        raise ValueError(f"stored as {stored}; known are {', '.join(STORED_AS)} and inputformat")
    serde, input_format, output_format = STORED_AS.get(stored, STORED_AS["textfile"])
    serde_options = string_pairs(_bracket("serdeproperties", rest))
    if delimiter := _clause(r"fields\s+terminated\s+by\s+'([^']+)'", rest):
        serde_options |= {"field.delim": delimiter, "serialization.format": delimiter}
    table_input = {
        "Name": name.table,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", **string_pairs(_bracket("tblproperties", rest))},
        "PartitionKeys": _glue_columns(_bracket(r"partitioned\s+by", rest)),
        "StorageDescriptor": {
            "Columns": _glue_columns(text[start + 1 : end]),
            "Location": location,
            "InputFormat": _clause(r"inputformat\s+'([^']+)'", rest) or input_format,
            "OutputFormat": _clause(r"outputformat\s+'([^']+)'", rest) or output_format,
            "SerdeInfo": {
                "SerializationLibrary": _clause(r"row\s+format\s+serde\s+'([^']+)'", rest) or serde,
                "Parameters": serde_options,
            },
        },
    }
    step = CreateInGlue(name, table_input, if_not_exists=bool(match[1]))
    return Statement("DDL", "CREATE_TABLE", (step,), table=name)


def _glue_columns(text: str) -> list[dict[str, str]]:
    # Hive calls text of any length string; Glue keeps that name, and dbt's seeds say varchar.
    return [
        {"Name": column, "Type": "string" if of.lower() == "varchar" else of.lower()}
        for column, of in column_pairs(text)
    ]


def iceberg_table(text: str, match: re.Match[str], schema: str, kind_of: KindOf) -> Statement:
    """`create table t (...) location '...' tblproperties ('table_type'='ICEBERG', ...)`, empty."""
    name = table_name(match[2], schema)
    start = match.end() - 1
    end = closing(text, start)
    rest = text[end + 1 :]
    options = {k.lower(): v for k, v in string_pairs(_bracket("tblproperties", rest)).items()}
    if options.pop("table_type", "").lower() != "iceberg":
        raise Refused(
            "NOT_SUPPORTED: create table without external must be Iceberg: "
            "tblproperties ('table_type'='ICEBERG')"
        )
    location = _clause(r"\blocation\s+'([^']+)'", rest)
    if location is None:
        raise Refused("INVALID_TABLE_PROPERTY: an Iceberg table needs a location")
    columns = [
        (column, trino_type(of, iceberg=True)) for column, of in column_pairs(text[start + 1 : end])
    ]
    for _, of in columns:
        if refusal := iceberg_refusal(of):
            raise Refused(refusal)
    codec = options.pop("write_compression", "zstd").upper()
    file_format = options.pop("format", "parquet").upper()
    written = [f"format = '{file_format}'", f"location = {literal(location.rstrip('/'))}"]
    if transforms := split(_bracket(r"partitioned\s+by", rest)):
        written.append(f"partitioning = array[{', '.join(map(_transform, transforms))}]")
    if unknown := sorted(set(options) - ICEBERG_OPTIONS):
        raise Refused(f"INVALID_TABLE_PROPERTY: table property {unknown[0]!r} does not exist")
    if options:
        written.append(iceberg_properties(options))
    body = ", ".join(f"{quoted(column)} {of}" for column, of in columns)
    exists = "if not exists " if match[1] else ""
    sql = f"create table {exists}{name.quoted(ICEBERG)} ({body}) with ({', '.join(written)})"
    step = Query(sql, {f"{ICEBERG}.compression_codec": codec})
    return Statement("DDL", "CREATE_TABLE", (step,), table=name)


def _transform(text: str) -> str:
    """A partition transform of Athena's DDL, `bucket(16, id)`, as Trino writes it, `bucket(id, 16)`."""
    match = re.match(r"(\w+)\s*\((.*)\)\Z", text, FLAGS)
    if not match:
        return literal(quoted(unquote(text)))
    *numbers, column = split(match[2])
    return literal(f"{match[1].lower()}({', '.join([quoted(unquote(column)), *numbers])})")


def view(text: str, match: re.Match[str], schema: str, kind_of: KindOf) -> Statement:
    """`create [or replace] view v as select ...`."""
    name = table_name(match[2], schema)
    replace = "or replace " if match[1] else ""
    create = Query(f"create {replace}view {name.quoted(HIVE)} as{text[match.end() :]}")
    return Statement("DDL", "CREATE_VIEW", (create, WriteViewColumns(name)), table=name)


def database(text: str, match: re.Match[str], schema: str, kind_of: KindOf) -> Statement:
    """`create schema|database d [location '...']`."""
    exists = "if not exists " if match[1] else ""
    location = _clause(r"\blocation\s+'([^']+)'", text[match.end() :])
    place = f" with (location = {literal(location)})" if location else ""
    sql = f"create schema {exists}{HIVE}.{quoted(unquote(match[2]))}{place}"
    return Statement("DDL", "CREATE_DATABASE", (Query(sql),))
