"""The local Athena itself: unmodified dbt-athena builds, refusals are Athena's, concurrent commits all arrive."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from athena_fixture import AthenaPlace
from lake.athena_local.stack import QueryFailed
from lake.dbt_project import CHECKOUT, Result, invoke

pytestmark = pytest.mark.long

PROJECT = {
    "name": "tiny",
    "config-version": 2,
    "profile": "dms_lake",
    "models": {"tiny": {"+materialized": "table", "+table_type": "iceberg"}},
}


def dbt(project: Path, *arguments: str) -> Result:
    places = ["--target-path", str(project / "target"), "--log-path", str(project / "logs")]
    result = invoke([*arguments, *places], project, "athena")
    assert result.success, "\n".join(result.errors)
    return result


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty dbt project on the shipped profile."""
    (tmp_path / "models").mkdir()
    (tmp_path / "dbt_project.yml").write_text(yaml.safe_dump(PROJECT))
    (tmp_path / "profiles.yml").write_text((CHECKOUT / "profiles.example.yml").read_text())
    monkeypatch.setenv("DBT_PROFILES_DIR", str(tmp_path))
    return tmp_path


def test_dbt_athena_builds_an_iceberg_table_and_a_view(athena: AthenaPlace, project: Path) -> None:
    (project / "models" / "orders.sql").write_text(
        "select 1 as id, cast(timestamp '2024-01-01 00:00:00.123456' as timestamp(6)) as at_time"
    )
    (project / "models" / "seen.sql").write_text(
        "{{ config(materialized='view') }} select * from {{ ref('orders') }}"
    )
    dbt(project, "run")
    dbt(project, "run")
    assert athena.sql("select * from seen") == [
        {"id": "1", "at_time": "2024-01-01 00:00:00.123456"}
    ]
    written = athena.statements(node="model.tiny.orders")
    assert written[0]["substatement_type"] == "CREATE_TABLE_AS_SELECT"
    assert {s["state"] for s in written} == {"SUCCEEDED"}


def test_concurrent_inserts_all_arrive(athena: AthenaPlace) -> None:
    athena.sql(
        f"create table t with (table_type = 'iceberg', is_external = false, location = '{athena.prefix}t') "
        "as select 0 as id"
    )
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: athena.sql(f"insert into t values ({number})"), range(1, 9)))
    assert athena.sql("select count(*) as n, sum(id) as total from t") == [
        {"n": "9", "total": "36"}
    ]


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
        athena.sql(
            f"create table t with (table_type = 'iceberg', location = '{athena.prefix}t') as select {column} as c"
        )
    assert f"NOT_SUPPORTED: {reason}" in str(failed.value)
