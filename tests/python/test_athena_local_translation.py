"""What the local Athena makes of each kind of statement, and what it refuses; no Trino is needed."""

from __future__ import annotations

import re

import pytest

from lake.athena_local.column_types import athena_type, hive_type, iceberg_refusal, trino_type
from lake.athena_local.sql_text import TableName, code, column_pairs, split, table_name
from lake.athena_local.statements import (
    CheckIcebergColumns,
    CreateInGlue,
    Query,
    Refused,
    SetGlueParameters,
    Statement,
    TableKind,
    Vacuum,
    WriteViewColumns,
)
from lake.athena_local.translate import translate

KINDS: dict[str, TableKind] = {"ice": "iceberg", "hive": "hive", "seen": "view"}


def translated(sql: str) -> Statement:
    return translate(sql, "db", lambda name: KINDS.get(name.table))


def queries(sql: str) -> list[str]:
    return [
        re.sub(r"\s+", " ", step.sql).strip()
        for step in translated(sql).steps
        if isinstance(step, Query)
    ]


@pytest.mark.parametrize(
    ("sql", "trino"),
    [
        ("select 1", "select 1"),
        ("-- /* {\"node_id\": \"m\"} */\nwith a as (select 1) select * from a;", None),
        ("merge into \"awsdatacatalog\".\"db\".\"ice\" as t using s on t.a = s.a when matched then delete", None),
        ("delete from ice where a = 1", None),
        ("show databases", "show schemas"),
        ("describe `db`.`ice`", 'describe "awsdatacatalog"."db"."ice"'),
        ("drop table if exists `db`.`ice`", 'drop table if exists "iceberg"."db"."ice"'),
        ("drop table hive", 'drop table "awsdatacatalog"."db"."hive"'),
        ("drop view if exists seen", 'drop view if exists "awsdatacatalog"."db"."seen"'),
        ("create schema if not exists `new`", 'create schema if not exists awsdatacatalog."new"'),
        ("drop database new cascade", 'drop schema awsdatacatalog."new" cascade'),
        (
            "alter table `db`.`ice` rename to `db`.`other`",
            'alter table "iceberg"."db"."ice" rename to "iceberg"."db"."other"',
        ),
        (
            "alter table `db`.`ice` change column `a` `a` bigint",
            'alter table "iceberg"."db"."ice" alter column "a" set data type bigint',
        ),
        ("alter table ice drop column `a b`", 'alter table "iceberg"."db"."ice" drop column "a b"'),
        (
            "alter table ice set tblproperties ('vacuum_max_snapshot_age_seconds'='60')",
            'alter table "iceberg"."db"."ice" set properties '
            "extra_properties = map(array['vacuum_max_snapshot_age_seconds'], array['60'])",
        ),
        (
            "optimize db.ice rewrite data using bin_pack where day = date '2024-01-01'",
            "alter table \"iceberg\".\"db\".\"ice\" execute optimize where day = date '2024-01-01'",
        ),
        (
            "msck repair table hive",
            "call awsdatacatalog.system.sync_partition_metadata(schema_name => 'db', "
            "table_name => 'hive', mode => 'ADD')",
        ),
    ],
)  # fmt: skip
def test_one_statement_becomes_one(sql: str, trino: str | None) -> None:
    assert queries(sql) == [re.sub(r"\s+", " ", code(sql)) if trino is None else trino]


def test_an_iceberg_table_as_select_keeps_its_place_and_is_checked() -> None:
    statement = translated(
        'create table "awsdatacatalog"."db"."t"\nwith (table_type=\'iceberg\', is_external=false, '
        "location='s3://b/t/', partitioning=ARRAY['day(at_time)', 'bucket(id, 4)'], "
        "vacuum_max_snapshot_age_seconds=60, write_compression='snappy', format='parquet')\nas\nselect 1 as id"
    )
    check, create = statement.steps
    assert check == CheckIcebergColumns("select 1 as id")
    assert isinstance(create, Query)
    assert create.session == {"iceberg.compression_codec": "SNAPPY"}
    assert create.sql == (
        'create table "iceberg"."db"."t" with (format = \'PARQUET\', location = \'s3://b/t\', '
        "partitioning = ARRAY['day(at_time)', 'bucket(id, 4)'], "
        "extra_properties = map(array['vacuum_max_snapshot_age_seconds'], array['60'])) as\nselect 1 as id"
    )
    assert statement.table == TableName("db", "t")
    assert (statement.kind, statement.substatement) == ("DDL", "CREATE_TABLE_AS_SELECT")


def test_a_hive_table_as_select_keeps_its_properties() -> None:
    assert queries(
        "create table t with (external_location='s3://b/t', partitioned_by=ARRAY['d'], format='parquet') "
        "as select 1 as id, 'x' as d"
    ) == [
        'create table "awsdatacatalog"."db"."t" with (format = \'PARQUET\', external_location = \'s3://b/t\', '
        "partitioned_by = ARRAY['d']) as select 1 as id, 'x' as d"
    ]


def test_an_empty_iceberg_table_gets_trinos_types_and_transforms() -> None:
    assert queries(
        "create table if not exists db.t (`id` int, at_time timestamp comment 'when, UTC', tags array<string>, "
        "who struct<name:string,born:date>) partitioned by (day(at_time), bucket(16, id), `id`) "
        "location 's3://b/t/' tblproperties ('table_type'='ICEBERG', 'format'='parquet')"
    ) == [
        'create table if not exists "iceberg"."db"."t" ("id" integer, "at_time" timestamp(6), '
        '"tags" array(varchar), "who" row("name" varchar, "born" date)) with (format = \'PARQUET\', '
        "location = 's3://b/t', partitioning = array['day(\"at_time\")', 'bucket(\"id\", 16)', '\"id\"'])"
    ]


def test_a_seeds_external_table_is_made_in_glue() -> None:
    (step,) = translated(
        "create external table `db`.`t` (`a` string, `b c` varchar) "
        "row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde' "
        "with serdeproperties ('separatorChar'=';') location 's3://b/t/' "
        "tblproperties ('skip.header.line.count'='1')"
    ).steps
    assert isinstance(step, CreateInGlue)
    described = step.table_input["StorageDescriptor"]
    assert [(c["Name"], c["Type"]) for c in described["Columns"]] == [
        ("a", "string"),
        ("b c", "string"),
    ]
    assert described["Location"] == "s3://b/t/"
    assert described["SerdeInfo"]["SerializationLibrary"].endswith("OpenCSVSerde")
    assert described["SerdeInfo"]["Parameters"] == {"separatorChar": ";"}
    assert step.table_input["Parameters"]["skip.header.line.count"] == "1"


def test_a_view_gets_its_columns_in_glue() -> None:
    create, columns = translated('create or replace view "db"."v" as\nselect 1 as a').steps
    assert create == Query('create or replace view "awsdatacatalog"."db"."v" as\nselect 1 as a')
    assert columns == WriteViewColumns(TableName("db", "v"))


def test_columns_are_added_one_by_one() -> None:
    assert queries("alter table `db`.`ice` add columns (`a` string, `b` decimal(10,2), c timestamp)") == [
        'alter table "iceberg"."db"."ice" add column "a" varchar',
        'alter table "iceberg"."db"."ice" add column "b" decimal(10,2)',
        'alter table "iceberg"."db"."ice" add column "c" timestamp(6)',
    ]  # fmt: skip


def test_glue_alone_does_what_needs_no_engine() -> None:
    assert translated("vacuum db.ice").steps == (Vacuum(TableName("db", "ice")),)
    assert translated("alter table hive set tblproperties ('classification' = 'parquet')").steps == (
        SetGlueParameters(TableName("db", "hive"), {"classification": "parquet"}),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("unload (select 1) to 's3://b/'", "does not translate 'unload (select 1) to'"),
        ("prepare p from select 1", "does not translate 'prepare p from select'"),
        ("grant select on t to role r", "does not translate"),
        ("alter table ice set location 's3://b'", "does not translate 'alter table ... set location"),
        ("alter table hive rename to other", "RENAME is for Iceberg tables, and db.hive is none"),
        ("alter table nowhere drop column a", "TABLE_NOT_FOUND: Table db.nowhere does not exist"),
        ("alter table ice add columns (a smallint)", "Type not supported for Iceberg: smallint"),
        ("alter table ice set tblproperties ('a'='b')", "table property 'a' does not exist"),
        ("vacuum hive", "VACUUM is for Iceberg tables"),
        ("create table t (a int) location 's3://b/t'", "must be Iceberg"),
        ("create table t with (table_type='iceberg') as select 1", "needs the property location"),
        ("create table t with (sorted_by='a') as select 1", "table property 'sorted_by' does not"),
        ("create external table t (a int)", "an external table needs a location"),
        ("create external table t (a int) stored as avro location 's3://b'", "stored as avro"),
        ("select 1; select 2", "Only one sql statement is allowed"),
        ("-- nothing", "the query has no text"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_refused_by_name(sql: str, reason: str) -> None:
    with pytest.raises(Refused, match=re.escape(reason)):
        translated(sql)


@pytest.mark.parametrize(
    ("hive", "trino"),
    [
        ("string", "varchar"),
        ("int", "integer"),
        ("decimal(10,2)", "decimal(10,2)"),
        ("timestamp", "timestamp(6)"),
        ("array<map<string,int>>", "array(map(varchar, integer))"),
        ("struct<a:string,b:struct<c:float>>", 'row("a" varchar, "b" row("c" real))'),
    ],
)
def test_types_of_ddl_and_of_glue(hive: str, trino: str) -> None:
    assert trino_type(hive, iceberg=True) == trino
    assert hive_type(trino).replace(" ", "") == hive.replace(" ", "")


@pytest.mark.parametrize(
    ("trino", "refused"),
    [
        ("timestamp(6)", None),
        ("timestamp(6) with time zone", None),
        ("varchar(3)", None),
        ('row("time" varchar)', None),
        ("timestamp(3)", "precision (3)"),
        ("array(timestamp(9))", "precision (9)"),
        ("time(6)", "time"),
        ("map(varchar, smallint)", "smallint"),
        ("char(3)", "char"),
    ],
)
def test_what_iceberg_tables_of_athena_do_not_keep(trino: str, refused: str | None) -> None:
    answer = iceberg_refusal(trino)
    assert answer is None if refused is None else refused in (answer or "")


def test_athena_names_types_without_their_members() -> None:
    names = (
        "decimal(10,2)",
        "timestamp(6)",
        "timestamp(3) with time zone",
        "array(integer)",
        'row("a" integer)',
    )
    assert [athena_type(name) for name in names] == [
        "decimal",
        "timestamp",
        "timestamp with time zone",
        "array",
        "row",
    ]  # fmt: skip


def test_text_is_read_by_its_outer_shape() -> None:
    assert code("-- a\n/* b */ select '--;' -- c; d\n;\n-- e") == "select '--;'"
    assert split("a, 'b,c', f(d, e), \"g,h\", -- i, j\nk") == [
        "a",
        "'b,c'",
        "f(d, e)",
        '"g,h"',
        "-- i, j\nk",
    ]
    assert table_name('"AwsDataCatalog"."My db".`T`', "x") == TableName("my db", "t")
    assert column_pairs("`a b` int comment 'x, y', c decimal(1, 0)") == [
        ("a b", "int"),
        ("c", "decimal(1, 0)"),
    ]
