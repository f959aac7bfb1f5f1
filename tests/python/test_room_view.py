"""Views of rooms on DuckDB: made in one statement, with all that users expect of a view of dbt's."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from lakehouse import Lakehouse, Table

TABLE = Table({"id": "bigint", "name": "varchar"}, {"envelope": "s3_csv", "key": ["id"]})
CURRENT = "{{ dms_lake.current(ref('lat_shop__orders')) }}"


@pytest.fixture
def lake(tmp_path: Path) -> Lakehouse:
    lake = Lakehouse(tmp_path, {"orders": TABLE})
    lake.put("orders/LOAD00000001.csv", "1,Ada\n2,Ben\n")
    return lake


def kind(lake: Lakehouse, name: str) -> str:
    """TABLE or VIEW, or nothing."""
    query = f"select table_type from information_schema.tables where table_name = '{name}'"
    return "".join(row["table_type"] for row in lake.sql(query))


@pytest.mark.long
def test_a_view_takes_the_place_of_what_stands_there(lake: Lakehouse) -> None:
    with duckdb.connect(str(lake.database)) as connection:
        connection.execute("create table cur_shop__orders as select 9 as id")
    lake.build()
    assert kind(lake, "cur_shop__orders") == "VIEW"
    assert lake.current("orders", "id") == [{"id": 1}, {"id": 2}]

    # by dbt's own materialization, and after that
    for config in ("{{ config(materialized='view') }}", ""):
        lake.add_model(
            "current/cur_shop__orders", f"{config}select * from ({CURRENT}) as rows where id = 1"
        )
        lake.build()
        assert kind(lake, "cur_shop__orders") == "VIEW"
        assert lake.current("orders", "id") == [{"id": 1}]
    assert not lake.sql(
        "select * from information_schema.tables where contains(table_name, '__dbt_')"
    )


@pytest.mark.long
def test_a_view_that_fails_leaves_the_one_before(lake: Lakehouse) -> None:
    lake.build()
    lake.add_model("current/cur_shop__orders", f"select no_such_column from ({CURRENT}) as rows")
    outcome = lake.dbt("build")
    assert not outcome.success and "no_such_column" in outcome.text
    assert lake.current("orders", "name") == [{"name": "Ada"}, {"name": "Ben"}]


@pytest.mark.long
def test_hooks_descriptions_headers_and_contracts(lake: Lakehouse) -> None:
    lake.add_model(
        "current/cur_shop__orders",
        "{{ config(persist_docs={'relation': true, 'columns': true},"
        " pre_hook='create or replace table before_it as select 1 as done',"
        " post_hook='create or replace table after_it as select count(*) as living from {{ this }}') }}\n"
        "{% call set_sql_header(config) %}create or replace macro shout(text) as upper(text);{% endcall %}\n"
        f"select id, shout(name) as name from ({CURRENT}) as rows",
    )
    properties = lake.project / "models" / "current" / "orders.yml"
    promised = """
models:
  - name: cur_shop__orders
    description: Who is there.
    config: {contract: {enforced: true}}
    columns:
      - {name: id, data_type: bigint, description: The number.}
      - {name: name, data_type: %s}
"""
    properties.write_text(promised % "varchar")
    lake.build()
    assert lake.current("orders", "name") == [{"name": "ADA"}, {"name": "BEN"}]
    assert lake.sql("select living, done from after_it, before_it") == [{"living": 2, "done": 1}]
    assert lake.sql(
        "select views.comment as of_view, columns.comment as of_id from duckdb_views() as views"
        " join duckdb_columns() as columns on columns.table_name = view_name and column_name = 'id'"
        " where view_name = 'cur_shop__orders'"
    ) == [{"of_view": "Who is there.", "of_id": "The number."}]

    properties.write_text(promised % "integer")
    outcome = lake.dbt("build")
    assert not outcome.success and "contract" in outcome.text
    assert lake.current("orders", "name") == [{"name": "ADA"}, {"name": "BEN"}]
