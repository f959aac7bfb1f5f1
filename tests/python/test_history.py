"""Stories of histories: what each kind of change does to the versions of its key (docs/history.md)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from conftest import Render
from lakehouse import Lakehouse, Table

COLUMNS = {"id": "bigint", "name": "varchar"}
CSV = {"key": ["id"], "history": True, "timestamp_column": "ts"}
TABLES = {
    "plain": Table(COLUMNS, CSV),
    "moved": Table(COLUMNS, CSV | {"before_image_prefix": "BI_"}),
    "untimed": Table(COLUMNS, CSV | {"timestamp_column": None}),
    "reloaded": Table(COLUMNS, CSV),
    "grown": Table(COLUMNS, CSV),
    "emptied": Table(COLUMNS, CSV | {"raw_retention_days": 36500}),
    "refilled": Table(COLUMNS, CSV | {"raw_retention_days": 36500}),
    "accepted": Table(COLUMNS, CSV),
    "orders": Table({"id": "bigint", "plain_id": "bigint", "at": "timestamp"}, CSV),
}
LOAD, FIRST, LATE = "LOAD00000001.csv", "20240110-000000000.csv", "20240111-000000000.csv"
LOADED = "2024-01-01 09:00:00"
TRUNCATED = ("emptied", "refilled", "accepted")
BEGAN = dt.datetime.now(dt.UTC).replace(tzinfo=None)


def day(number: int) -> str:
    return f"2024-01-{number:02} 00:00:00"


def changes(*rows: tuple[str, int, object]) -> str:
    """Lines of a change file: operation, day of the commit, and the fields."""
    return "".join(f"{operation},{day(number)},{rest}\n" for operation, number, rest in rows)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lakehouse]:
    """All tables, built twice: loads and changes, then late changes, a reload and a new column."""
    lake = Lakehouse(
        tmp_path_factory.mktemp("history"),
        TABLES,
        {"envelope": "s3_csv"},
        models=("chg", "lat", "cur", "hst", "rej"),
    )
    lake.add_model(
        "marts/as_they_were",
        """
        select orders.id, plain.name, moved.name as other
        from {{ ref('cur_shop__orders') }} as orders
        left join {{ ref('hst_shop__plain') }} as plain
            on orders.plain_id = plain.id and {{ dms_lake.held_at('plain', 'orders.at') }}
        left join {{ dms_lake.as_of(ref('hst_shop__moved'), "timestamp '2024-01-02 12:00:00'") }} as moved
            on orders.id = moved.id
        """,
    )
    lake.put(
        f"plain/{LOAD}",
        f"{LOADED},1,a\n{LOADED},2,a\n{LOADED},3,a\n{LOADED},4,a\n{LOADED},5,a\n",
        LOADED,
    )
    lake.put(
        f"plain/{FIRST}",
        changes(
            *(("U", 4, "1,a"), ("U", 6, "1,c")),
            *(("D", 3, "2,NULL"), ("I", 5, "2,b")),
            *(("U", 3, "3,b"), ("U", 3, "3,c"), ("U", 3, "3,c"), ("U", 3, "3,d")),
            *(("U", 3, "5,b"), ("U", 4, "5,c"), ("U", 5, "5,c")),
        ),
        day(10),
    )
    lake.put(f"moved/{FIRST}", changes(("I", 2, "1,a,NULL"), ("U", 3, "7,a,1")), day(10))
    lake.put(f"untimed/{LOAD}", "1,a\n", LOADED)
    lake.put(f"untimed/{FIRST}", "U,1,b\nU,1,c\n", day(10))
    lake.put(f"reloaded/{LOAD}", f"{LOADED},1,a\n{LOADED},2,a\n{LOADED},3,a\n", LOADED)
    lake.put(f"reloaded/{FIRST}", changes(("D", 3, "3,NULL")), day(10))
    lake.put(f"grown/{LOAD}", f"{LOADED},1,a\n", LOADED)
    for truncated in TRUNCATED:
        lake.put(f"{truncated}/{LOAD}", f"{LOADED},1,a\n{LOADED},2,a\n{LOADED},3,a\n", LOADED)
        lake.put(f"{truncated}/{FIRST}", changes(("U", 3, "2,b"), ("D", 4, "3,NULL")), day(10))
    orders = ((1, 1, day(1)), (2, 1, day(3)), (3, 1, day(6)), (4, 2, day(4)), (5, 9, day(4)))
    lake.put(f"orders/{LOAD}", "".join(f"{LOADED},{a},{b},{c}\n" for a, b, c in orders), LOADED)
    lake.build()

    late, after_all = (("U", 3, "1,b"), ("U", 2, "4,a")), ("U", 6, "5,d")
    lake.put(f"plain/{LATE}", changes(*late, after_all), day(11))
    lake.put(f"reloaded/{LOAD}", f"{day(20)},1,a\n{day(20)},4,x\n", day(20))
    lake.put("reloaded/20240121-000000000.csv", changes(("I", 20, "2,b")), day(21))
    for truncated in TRUNCATED:
        (lake.lake / truncated / LOAD).unlink()
        (lake.lake / truncated / FIRST).unlink()
    lake.put("refilled/20240121-000000000.csv", changes(("I", 21, "2,c")), day(21))
    lake.register(
        TABLES | {"grown": Table(COLUMNS | {"extra": "varchar"}, CSV)}, {"envelope": "s3_csv"}
    )
    lake.put(f"grown/{FIRST}", changes(("U", 3, "1,a,NULL"), ("U", 4, "1,a,x")), day(10))
    lake.build()
    yield lake


def versions(lake: Lakehouse, table: str, key: int) -> list[tuple[Any, ...]]:
    """(name, first day, last day) of every version, in order; a deletion has the name None."""
    rows = lake.sql(
        f'select * from "hst_shop__{table}" where id = {key} order by _cdc_version_number'
    )
    assert [row["_cdc_version_number"] for row in rows] == list(range(1, len(rows) + 1))
    return [
        (row["name"], *(at and at.day for at in (row["_cdc_valid_from"], row["_cdc_valid_to"])))
        for row in rows
    ]


def test_a_late_change_between_equal_neighbours_makes_the_second_a_version(
    played: Lakehouse,
) -> None:
    assert versions(played, "plain", 1) == [
        ("a", None, 3),
        ("b", 3, 4),
        ("a", 4, 6),
        ("c", 6, None),
    ]


def test_a_deletion_is_a_version_and_an_insert_goes_on(played: Lakehouse) -> None:
    assert versions(played, "plain", 2) == [("a", None, 3), (None, 3, 5), ("b", 5, None)]


def test_changes_of_one_moment_are_versions_and_equal_ones_are_one(played: Lakehouse) -> None:
    assert versions(played, "plain", 3) == [
        ("a", None, 3),
        ("b", 3, 3),
        ("c", 3, 3),
        ("d", 3, None),
    ]


def test_a_change_that_changes_nothing_is_no_version(played: Lakehouse) -> None:
    assert versions(played, "plain", 4) == [("a", None, None)]


def test_a_change_after_all_others_rewrites_the_last_version_alone(played: Lakehouse) -> None:
    assert versions(played, "plain", 5) == [
        ("a", None, 3),
        ("b", 3, 4),
        ("c", 4, 6),
        ("d", 6, None),
    ]
    rows = played.sql(
        "select name, dense_rank() over (order by _cdc_processed_at nulls first) as run"
        ' from "hst_shop__plain__log" where id = 5 order by _cdc_committed_at nulls first'
    )
    # The last change, which changed nothing, is told no longer to be the last.
    assert [(row["name"], row["run"]) for row in rows] == [
        *(("a", 1), ("b", 1), ("c", 2), ("c", 2), ("d", 2))
    ]


def test_a_change_of_the_key_closes_the_old_and_begins_the_new(played: Lakehouse) -> None:
    assert versions(played, "moved", 1) == [("a", 2, 3), (None, 3, None)]
    assert versions(played, "moved", 7) == [("a", 3, None)]


def test_without_a_timestamp_column_the_file_stamp_is_the_time(played: Lakehouse) -> None:
    assert versions(played, "untimed", 1) == [("a", None, 10), ("b", 10, 10), ("c", 10, None)]


def test_a_later_load_closes_what_it_lacks_when_it_began(played: Lakehouse) -> None:
    assert versions(played, "reloaded", 1) == [("a", None, None)]
    assert versions(played, "reloaded", 2) == [("a", None, 20), (None, 20, 20), ("b", 20, None)]
    assert versions(played, "reloaded", 3) == [("a", None, 3), (None, 3, None)]
    assert versions(played, "reloaded", 4) == [("x", 20, None)]


def ends(lake: Lakehouse, table: str) -> dict[int, tuple[int, dt.datetime | None]]:
    """How many versions each key has, and when the last one began, which is a deletion."""
    rows = lake.sql(f'select * from "hst_shop__{table}" where _cdc_is_current order by id')
    assert all(row["_cdc_is_deleted"] for row in rows), rows
    return {row["id"]: (row["_cdc_version_number"], row["_cdc_valid_from"]) for row in rows}


def test_a_truncate_closes_every_living_version_when_it_is_found(played: Lakehouse) -> None:
    found = ends(played, "emptied")
    assert {key: number for key, (number, _) in found.items()} == {1: 2, 2: 3, 3: 2}
    assert found[3] == (2, dt.datetime(2024, 1, 4))
    moments = {found[1][1], found[2][1]}
    assert len(moments) == 1 and BEGAN < (moments.pop() or BEGAN) < now()
    assert played.current("emptied") == []


def test_a_truncate_with_rows_put_in_since_closes_them_when_the_first_new_file_was_written(
    played: Lakehouse,
) -> None:
    assert versions(played, "refilled", 1) == [("a", None, 21), (None, 21, None)]
    assert versions(played, "refilled", 2) == [
        *(("a", None, 3), ("b", 3, 21)),
        *((None, 21, 21), ("c", 21, None)),
    ]
    assert played.current("refilled") == [{"id": 2, "name": "c"}]


def test_a_truncate_closes_nothing_before_an_operator_accepts_it_and_then_all(
    played: Lakehouse,
) -> None:
    living = [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]
    assert played.current("accepted") == living
    accepted = now()
    played.operation("accept_truncate", table="shop.accepted")
    played.build("--select", "chg_shop__accepted+")
    found = ends(played, "accepted")
    assert found[3] == (2, dt.datetime(2024, 1, 4))
    assert accepted <= (found[1][1] or BEGAN) < now() and found[1][1] == found[2][1]
    assert played.current("accepted") == []


def now() -> dt.datetime:
    """The time in UTC."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def test_a_new_column_makes_no_version_of_rows_without_it(played: Lakehouse) -> None:
    assert versions(played, "grown", 1) == [("a", None, 4), ("a", 4, None)]


def test_orders_find_the_rows_of_their_day(played: Lakehouse) -> None:
    rows = played.sql("select * from as_they_were order by id")
    assert [row["name"] for row in rows] == ["a", "b", "c", None, None]
    assert [row["other"] for row in rows] == ["a", None, None, None, None]


def test_nothing_new_writes_nothing(played: Lakehouse) -> None:
    runs = "select count(*) as n from dms_lake_runs where model like '%.hst_%'"
    before = played.sql(runs)
    played.build("--select", "models/changes", "models/history")
    assert played.sql(runs) == before


def test_a_full_refresh_that_would_lose_versions_is_refused(played: Lakehouse) -> None:
    before = versions(played, "reloaded", 3)
    refused = played.dbt("run", "--full-refresh", "--select", "hst_shop__reloaded")
    assert not refused.success
    assert "dms_lake.history: 1 file(s) that `hst_shop__reloaded` was built from" in refused.text
    assert versions(played, "reloaded", 3) == before


def test_overlapping_versions_are_found(played: Lakehouse) -> None:
    played.add_model(
        "history/overlapping",
        "{{ config(materialized='table') }}\n"
        + " union all ".join(
            f"select {row} as _cdc_is_current"
            for row in (
                "1 as id, 1 as _cdc_version_number, timestamp '2024-01-01' as _cdc_valid_from, "
                "timestamp '2024-01-03' as _cdc_valid_to, false",
                "1, 2, timestamp '2024-01-02', null, true",
            )
        ),
    )
    folder = played.project / "models" / "history"
    (folder / "_overlapping.yml").write_text(
        "models:\n  - name: overlapping\n    data_tests:\n"
        "      - no_overlapping_versions:\n          arguments: {key: [id]}\n"
    )
    outcome = played.dbt("build", "--select", "overlapping")
    assert not outcome.success
    assert "Got 1 result" in outcome.text


@pytest.mark.parametrize("target", ["duckdb", "athena", "redshift"])
def test_history_is_one_text_for_every_engine(render: Render, target: str) -> None:
    sql = render("{{ dms_lake.history(ref('chg_shop__product')) }}", target)
    for words in ("qualify", "window ", "list_", "unnest"):
        assert words not in sql.lower()
    assert 'over (partition by "id" order by _order_0 nulls first' in sql
    assert "__log" in sql


@pytest.mark.parametrize("target", ["duckdb", "athena", "redshift"])
def test_as_of_is_half_open_and_leaves_deletions_out(render: Render, target: str) -> None:
    sql = render(
        "select * from {{ dms_lake.as_of('hst', \"timestamp '2024-01-02'\") }} as a", target
    )
    assert "not history._cdc_is_deleted" in sql
    assert "history._cdc_valid_from is null or history._cdc_valid_from <= timestamp '2024" in sql
    assert "history._cdc_valid_to is null or history._cdc_valid_to > timestamp '2024-01-02'" in sql


def test_current_reads_the_log_of_a_history_on_every_engine(render: Render) -> None:
    text = "{{ dms_lake.current(ref('hst_shop__product')) }}"
    for target in ("duckdb", "athena", "redshift"):
        sql = render(text, target)
        assert "hst_shop__product__log" in sql
        assert "_cdc_is_last" in sql


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ dms_lake.held_at('a', '') }}", "dms_lake.held_at: `moment` is ``; it must be a text"),
        ("{{ dms_lake.as_of('hst', none) }}", "dms_lake.held_at: `moment` is `None`"),
        ("{{ dms_lake.held_at(none, 'now()') }}", "dms_lake.held_at: `alias` is `None`"),
        (
            "{{ dms_lake.history(ref('chg_shop__productorder')) }}",
            "the registry entry `shop.productorder` has `history` `False`. Declare `history: true`",
        ),
        (
            "{% do dms_lake._check_entry({'name': 's.t', 'columns': [], 'key': [], 'partition_by': [],"
            " 'history': true, 'delimiter': ','}) %}",
            "`history` is true and `key` is empty",
        ),
    ],
)
def test_errors_say_what_came_and_the_cure(render_error: Render, text: str, message: str) -> None:
    assert message in render_error(text)
