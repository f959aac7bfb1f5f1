"""The local Athena itself: unmodified dbt-athena builds on it, refusals are Athena's, concurrent commits all arrive."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from athena_fixture import AthenaPlace
from lake.athena_local.stack import QueryFailed
from lake.dbt_project import CHECKOUT, Result, invoke

pytestmark = pytest.mark.long

PROJECT = {
    "name": "tiny",
    "config-version": 2,
    "profile": "dms_lake",
    "models": {"tiny": {"+materialized": "table", "+table_type": "iceberg"}},
    "seeds": {"tiny": {"+column_types": {"at_time": "string"}}},
}
ORDERS = """
{{ config(
    materialized='incremental', incremental_strategy='merge', unique_key='id', partitioned_by=['day(at_time)'],
    update_condition='src.version > target.version', on_schema_change='append_new_columns',
    table_properties={'vacuum_max_snapshot_age_seconds': '1'},
    post_hook=['optimize {{ this.render_pure() }} rewrite data using bin_pack', 'vacuum {{ this.render_pure() }}']
) }}
select
    id,
    version,
    cast(at_time as timestamp(6)) as at_time
    {% if var('note', false) %}, cast('added' as varchar) as note {% endif %}
from {{ ref('given') }}
where run = {{ var('run', 1) }}
"""
SEEN = "{{ config(materialized='view') }} select id, version from {{ ref('orders') }} where version > 0"
WORDS = """
{{ config(materialized='table') }}
select id, upper(word) as word from {{ ref('orders') }} cross join (values ('x')) as t (word)
"""
GIVEN = """id,version,at_time,run
1,5,2024-01-01 10:00:00.123456,1
2,5,2024-01-02 10:00:00.000001,1
1,4,2024-01-01 11:00:00,2
2,6,2024-01-02 12:00:00,2
3,1,2024-01-03 00:00:00,2
"""
UNIT_TEST = {
    "unit_tests": [
        {
            "name": "words_are_upper",
            "model": "words",
            "given": [{"input": "ref('orders')", "rows": [{"id": 7}]}],
            "expect": {"rows": [{"id": 7, "word": "X"}]},
        }
    ],
    "models": [
        {"name": "orders", "columns": [{"name": "id", "data_tests": ["unique", "not_null"]}]}
    ],
}


def dbt(project: Path, *arguments: str) -> Result:
    places = ["--target-path", str(project / "target"), "--log-path", str(project / "logs")]
    result = invoke([*arguments, *places], project, "athena")
    assert result.success, "\n".join(result.errors)
    return result


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dbt project on the shipped profile: a seed, an incremental table, a view, a table, tests."""
    for folder in ("models", "seeds"):
        (tmp_path / folder).mkdir()
    (tmp_path / "dbt_project.yml").write_text(yaml.safe_dump(PROJECT))
    (tmp_path / "profiles.yml").write_text((CHECKOUT / "profiles.example.yml").read_text())
    (tmp_path / "seeds" / "given.csv").write_text(GIVEN)
    (tmp_path / "models" / "orders.sql").write_text(ORDERS)
    (tmp_path / "models" / "seen.sql").write_text(SEEN)
    (tmp_path / "models" / "words.sql").write_text(WORDS)
    (tmp_path / "models" / "tests.yml").write_text(yaml.safe_dump(UNIT_TEST))
    monkeypatch.setenv("DBT_PROFILES_DIR", str(tmp_path))
    return tmp_path


def kinds(statements: list[dict[str, Any]]) -> list[str]:
    return [statement["substatement_type"] for statement in statements]


def test_unmodified_dbt_athena_builds_merges_swaps_and_maintains(
    athena: AthenaPlace, project: Path
) -> None:
    dbt(project, "build")
    assert athena.sql("select id, version, at_time from orders order by id") == [
        {"id": "1", "version": "5", "at_time": "2024-01-01 10:00:00.123456"},
        {"id": "2", "version": "5", "at_time": "2024-01-02 10:00:00.000001"},
    ]
    first = kinds(athena.statements("model.tiny.orders"))
    assert first[0] == "CREATE_TABLE_AS_SELECT"
    assert kinds(athena.statements("seed.tiny.given")) == [
        "CREATE_TABLE",
        "CREATE_TABLE_AS_SELECT",
    ]

    dbt(project, "run", "--vars", "{run: 2, note: true}")
    assert athena.sql("select * from orders order by id") == [
        {"id": "1", "version": "5", "at_time": "2024-01-01 10:00:00.123456", "note": None},
        {"id": "2", "version": "6", "at_time": "2024-01-02 12:00:00.000000", "note": "added"},
        {"id": "3", "version": "1", "at_time": "2024-01-03 00:00:00.000000", "note": "added"},
    ]
    assert athena.sql("select count(*) as n from seen") == [{"n": "3"}]
    assert athena.sql("select id, word from words order by id") == [
        {"id": key, "word": "X"} for key in ("1", "2", "3")
    ]

    of_orders = athena.statements("model.tiny.orders")
    assert {s["state"] for s in of_orders} == {"SUCCEEDED"}
    # What dbt-athena sends without a comment is the node's too, and so is the swap of the table's names.
    second = kinds(of_orders)[len(first) :]
    assert {"ALTER_TABLE", "MERGE", "OPTIMIZE", "VACUUM"} <= set(second)
    renames = [s for s in athena.statements("model.tiny.words") if s["renamed_to"]]
    assert [s["renamed_to"].rpartition(".")[2] for s in renames] == ["words__bkp", "words"]
    (merge,) = [s for s in of_orders if s["substatement_type"] == "MERGE"]
    assert merge["rows"] == 2
    assert merge["scanned_bytes"] > 0
    snapshots = athena.sql('select count(*) as n from "orders$snapshots"')
    assert int(snapshots[0]["n"]) < len(second)


def iceberg(athena: AthenaPlace, name: str, query: str, properties: str = "") -> None:
    athena.sql(
        f"create table {name} with (table_type = 'iceberg', is_external = false, "
        f"location = '{athena.prefix}{name}'{properties}) as {query}"
    )


def test_concurrent_inserts_all_arrive(athena: AthenaPlace) -> None:
    iceberg(athena, "t", "select 0 as id")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: athena.sql(f"insert into t values ({number})"), range(1, 9)))
    assert athena.sql("select count(*) as n, sum(id) as total from t") == [
        {"n": "9", "total": "36"}
    ]


def test_concurrent_merges_of_the_same_rows_conflict_as_athenas_do(athena: AthenaPlace) -> None:
    """Each either counts or fails by the error that dbt-athena retries on."""
    iceberg(athena, "t", "select 1 as id, 0 as n")
    merge = "merge into t using (values 1) as s (id) on t.id = s.id when matched then update set n = t.n + 1"

    def attempt(_: int) -> str | None:
        client = athena.local.client("athena")
        started = client.start_query_execution(
            QueryString=merge, QueryExecutionContext={"Database": athena.database}
        )
        while True:
            query = client.get_query_execution(QueryExecutionId=started["QueryExecutionId"])
            status = query["QueryExecution"]["Status"]
            if status["State"] == "SUCCEEDED":
                return None
            if status["State"] == "FAILED":
                assert status["AthenaError"]["ErrorType"] == 233
                return str(status["AthenaError"]["ErrorMessage"])

    with ThreadPoolExecutor(6) as pool:
        failures = [failure for failure in pool.map(attempt, range(6)) if failure]
    assert all(failure.startswith("ICEBERG_COMMIT_ERROR") for failure in failures), failures
    assert failures, "six merges of one row at once, and none of them met another"
    assert athena.sql("select n from t") == [{"n": str(6 - len(failures))}]


def test_glue_refuses_an_update_of_a_version_that_is_no_longer_current(athena: AthenaPlace) -> None:
    glue = athena.local.client("glue")
    place = {"DatabaseName": athena.database}
    glue.create_table(**place, TableInput={"Name": "t"})
    version = glue.get_table(**place, Name="t")["Table"]["VersionId"]
    glue.update_table(**place, TableInput={"Name": "t"}, VersionId=version)
    with pytest.raises(ClientError, match="ConcurrentModificationException"):
        glue.update_table(**place, TableInput={"Name": "t"}, VersionId=version)


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ("current_timestamp", "Timestamp precision (3) not supported for Iceberg"),
        ("cast(1 as smallint)", "Type not supported for Iceberg: smallint"),
        ("cast(1 as tinyint)", "Type not supported for Iceberg: tinyint"),
        ("cast('a' as char(3))", "Type not supported for Iceberg: char"),
        ("time '01:02:03'", "Type not supported for Iceberg: time"),
    ],
)
def test_types_that_athena_keeps_in_no_iceberg_table_are_refused(
    athena: AthenaPlace, column: str, reason: str
) -> None:
    with pytest.raises(QueryFailed) as failed:
        iceberg(athena, "t", f"select {column} as c")
    assert f"NOT_SUPPORTED: {reason}" in str(failed.value)
    assert athena.local.client("glue").get_tables(DatabaseName=athena.database)["TableList"] == []


def test_more_than_100_partitions_in_one_write_are_refused(athena: AthenaPlace) -> None:
    days = "select cast(id as integer) as id from unnest(sequence(1, {})) as t (id)"
    partitioned = ", partitioning = array['id']"
    iceberg(athena, "enough", days.format(100), partitioned)
    with pytest.raises(QueryFailed, match="ICEBERG_TOO_MANY_OPEN_PARTITIONS"):
        iceberg(athena, "more", days.format(101), partitioned)
    with pytest.raises(QueryFailed, match="HIVE_TOO_MANY_OPEN_PARTITIONS"):
        athena.sql(
            f"create table hive with (external_location = '{athena.prefix}hive', partitioned_by = array['id']) "
            f"as select 1 as n, id from ({days.format(101)})"
        )


def test_a_query_text_has_at_most_262144_bytes(athena: AthenaPlace) -> None:
    def padded(size: int) -> str:
        return "select 1 as a --" + "x" * (size - len("select 1 as a --"))

    assert athena.sql(padded(262_144)) == [{"a": "1"}]
    with pytest.raises(ClientError, match="262144"):
        athena.sql(padded(262_145))


def test_what_is_not_translated_fails_by_name_and_the_api_says_what_it_knows(
    athena: AthenaPlace,
) -> None:
    with pytest.raises(QueryFailed, match="does not translate 'unload"):
        athena.sql("unload (select 1) to 's3://lake/x' with (format = 'parquet')")
    with pytest.raises(ClientError, match="does not know the call ListNamedQueries"):
        athena.local.client("athena").list_named_queries()


def test_values_come_back_as_athena_writes_them(athena: AthenaPlace) -> None:
    assert athena.sql(
        "select cast(null as varchar) as a, '' as b, true as c, decimal '1.50' as d, date '2024-01-01' as e, "
        "array[1, null] as f, map(array['k'], array[2]) as g, cast(row(1, 'x') as row(n integer, t varchar)) as h, "
        "x'00ff' as i, 1e0 as j"
    ) == [
        {
            "a": None,
            "b": "",
            "c": "true",
            "d": "1.50",
            "e": "2024-01-01",
            "f": "[1, null]",
            "g": "{k=2}",
            "h": "{n=1, t=x}",
            "i": "00 ff",
            "j": "1.0",
        }
    ]
    numbers = athena.sql("select n from unnest(sequence(1, 2500)) as t (n) order by n")
    assert [row["n"] for row in numbers] == [str(number) for number in range(1, 2501)]


def test_s3_can_refuse_writes_and_the_table_stays_as_it_was(athena: AthenaPlace) -> None:
    iceberg(athena, "t", "select 1 as id")
    with athena.local.refusing_writes(f"{athena.prefix}t"):
        with pytest.raises(QueryFailed, match="ERROR: Error committing write"):
            athena.sql("insert into t values (2)")
        assert athena.sql("select id from t") == [{"id": "1"}]
    athena.sql("insert into t values (3)")
    assert athena.sql("select id from t order by id") == [{"id": "1"}, {"id": "3"}]
