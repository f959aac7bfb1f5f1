"""Load rows are taken unsorted where no key stands twice; the rows must be those of the sort."""

import random
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from athena_fixture import AthenaPlace
from athena_lakehouse import AthenaLakehouse
from conftest import Render
from lakehouse import Lakehouse, Table

FIELDS = {
    "envelope": "s3_parquet",
    "key": ["id"],
    "timestamp_column": "dms_ts",
    "change_seq_column": "seq",
}
COLUMNS = {"id": "bigint", "name": "varchar"}


def load(*rows: tuple[int, str]) -> list[dict[str, object]]:
    return [{"id": i, "name": n, "dms_ts": "2024-01-01 10:00:00.000000"} for i, n in rows]


def change(op: str, key: int, name: str, number: int) -> dict[str, object]:
    time = "2024-01-01 11:00:00.000000"
    return {"Op": op, "id": key, "name": name, "dms_ts": time, "seq": f"{number:035}"}


@pytest.mark.long
def test_plain_loads_and_loads_with_a_key_twice_give_the_last_row_of_each_key(
    tmp_path: Path,
) -> None:
    lake = Lakehouse(tmp_path, {name: Table(COLUMNS, FIELDS) for name in ("plain", "twice")})
    first = "2024-01-01 10:30:00"
    lake.put("plain/LOAD00000001.parquet", load((1, "a"), (2, "b"), (3, "c")), first)
    lake.put("twice/LOAD00000001.parquet", load((1, "a"), (2, "b"), (1, "z")), first)
    for name in ("plain", "twice"):
        changes = [change("U", 2, "B", 1), change("I", 9, "i", 2)]
        lake.put(f"{name}/20240101-110000000.parquet", changes, "2024-01-01 11:00:00")
    lake.build()
    assert names(lake, "plain") == {1: "a", 2: "B", 3: "c", 9: "i"}
    assert names(lake, "twice") == {1: "z", 2: "B", 9: "i"}

    # A newer full load lacks 2 and 9, and a change came after it.
    again = "2024-01-02 10:00:00"
    lake.put("plain/LOAD00000001.parquet", load((1, "A"), (3, "C"), (4, "d")), again)
    lake.put("twice/LOAD00000001.parquet", load((1, "y"), (4, "d"), (1, "A")), again)
    for name in ("plain", "twice"):
        late = [change("U", 4, "D", 3)]
        lake.put(f"{name}/20240102-110000000.parquet", late, "2024-01-02 11:00:00")
    lake.build()
    assert names(lake, "plain") == {1: "A", 3: "C", 4: "D"}
    assert names(lake, "twice") == {1: "A", 4: "D"}
    dead = "select id from lat_shop__plain where _cdc_is_deleted order by id nulls first"
    assert [row["id"] for row in lake.sql(dead)] == [2, 9]


def names(lake: Lakehouse, table: str) -> dict[int, str]:
    return {row["id"]: row["name"] for row in lake.current(table)}


@pytest.mark.long
def test_a_key_twice_is_found_in_whatever_order_load_rows_stand(tmp_path: Path) -> None:
    pair = {"one": "bigint", "two": "varchar", "name": "varchar"}
    tables = {
        "falling": Table(COLUMNS, FIELDS),
        "apart": Table(COLUMNS, FIELDS),
        "pairs": Table(pair, FIELDS | {"key": ["one", "two"]}),
        "pairs_twice": Table(pair, FIELDS | {"key": ["one", "two"]}),
    }
    lake = Lakehouse(tmp_path, tables)
    at = "2024-01-01 10:30:00"
    lake.put("falling/LOAD00000001.parquet", load((3, "c"), (2, "b"), (1, "a")), at)
    # Rising within each file, and one key in both.
    lake.put("apart/LOAD00000001.parquet", load((1, "a"), (5, "e")), at)
    lake.put("apart/LOAD00000002.parquet", load((3, "c"), (5, "z"), (7, "g")), at)
    pairs = [{"one": one, "two": two, "name": f"{one}{two}"} for one in (1, 2) for two in "ab"]
    lake.put("pairs/LOAD00000001.parquet", pairs, at)
    lake.put("pairs_twice/LOAD00000001.parquet", [*pairs, pairs[1] | {"name": "last"}], at)
    lake.build()
    assert names(lake, "falling") == {1: "a", 2: "b", 3: "c"}
    assert names(lake, "apart") == {1: "a", 3: "c", 5: "z", 7: "g"}
    held = {
        table: [row["name"] for row in lake.current(table)] for table in ("pairs", "pairs_twice")
    }
    assert sorted(held["pairs"]) == ["1a", "1b", "2a", "2b"]
    assert sorted(held["pairs_twice"]) == ["1a", "2a", "2b", "last"]


LEAST, GREATEST = -(2**63), 2**63 - 1
KEYS = {
    "none twice, around every edge of 64": [
        (0, n) for n in (-129, -128, -65, -64, -63, -1, 0, 1, 62, 63, 64, 127, 128)
    ],
    "the ends of the type": [(0, LEAST), (0, LEAST + 1), (0, GREATEST - 1), (0, GREATEST)],
    "the least twice": [(0, LEAST), (0, 5), (0, LEAST)],
    "the greatest twice": [(0, GREATEST), (0, 5), (0, GREATEST)],
    "the last of 64 twice": [(0, 63), (0, 62), (0, 63)],
    "below zero twice": [(0, -1), (0, 63), (0, -1)],
    "64 neighbours": [(0, n) for n in range(64)],
    "64 neighbours and one again": [(0, n) for n in [*range(64), 17]],
    "the same number below two others": [(1, 7), (2, 7)],
    "a pair twice": [(1, 7), (2, 7), (1, 8), (2, 7)],
}


@pytest.mark.parametrize("engine", ["duckdb", "athena"])
def test_a_key_twice_is_found_by_its_bit(
    engine: str, render: Render, request: pytest.FixtureRequest
) -> None:
    ask = asking(engine, request)
    spread = random.Random(20261128)
    drawn = {
        f"drawn {number}": [(spread.randrange(2), spread.randrange(-400, 400)) for _ in range(30)]
        for number in range(12)
    }
    sets = KEYS | drawn
    ways = ("'one'", "'two'", "none")
    macros = [f"dms_lake.repeated_key(['one', 'two'], {way}, 'rows_read')" for way in ways]
    texts = render("\n;\n".join(f"{{{{ {macro} }}}}" for macro in macros), engine).split(";")
    for whole_number, sql in zip(ways, texts, strict=True):
        questions = []
        for number, keys in enumerate(sets.values()):
            values = ", ".join(f"({one}, cast('{two}' as bigint))" for one, two in keys)
            rows = f"(select * from (values {values}) as v (one, two)) as r"
            asked = sql.replace("rows_read", rows)
            questions.append(
                f"select {number} as number, count(*) as found from ({asked}) as a{number}"
            )
        answers = ask("\nunion all\n".join(questions))
        said = {name: answers[number] > 0 for number, name in enumerate(sets)}
        assert said == {name: len(set(keys)) < len(keys) for name, keys in sets.items()}, (
            whole_number
        )
    assert {len(set(keys)) < len(keys) for keys in drawn.values()} == {True, False}


def asking(engine: str, request: pytest.FixtureRequest) -> Callable[[str], dict[int, int]]:
    """What sends a statement of two columns to the engine, and gives its rows as a dictionary."""
    if engine == "duckdb":
        return lambda sql: dict(duckdb.execute(sql).fetchall())
    place: AthenaPlace = request.getfixturevalue("athena")
    return lambda sql: {int(row["number"]): int(row["found"]) for row in place.sql(sql)}


@pytest.mark.long
def test_changes_are_sorted_only_where_a_key_stands_twice_among_them(tmp_path: Path) -> None:
    """Each way is taken where it should be, and gives the last change of each key."""
    lake = Lakehouse(tmp_path, {name: Table(COLUMNS, FIELDS) for name in ("once", "twice", "lame")})
    once = [change("I", 2, "b", 1), change("I", 1, "a", 2)]
    rows = {
        "once": once,
        "twice": [*once, change("U", 2, "B", 3)],
        # What stands twice cannot be placed: why is not asked of changes.
        "lame": [*once, change("?", 2, "X", 3)],
    }
    for name, changes in rows.items():
        lake.put(f"{name}/20240101-110000000.parquet", changes, "2024-01-01 11:00:00")
    lake.build()
    compiled = lake.project / "target/compiled/dms_lake/models/latest"
    is_sorted = {
        name: "last_first" in (compiled / f"lat_shop__{name}.sql").read_text() for name in rows
    }
    assert is_sorted == {"once": False, "twice": True, "lame": True}
    assert names(lake, "once") == {1: "a", 2: "b"}
    assert names(lake, "twice") == {1: "a", 2: "B"}
    assert names(lake, "lame") == {1: "a", 2: "b"}


CSV_LOADS = {
    "once": "1,a\n2,b\nnot a number,x\nneither,y\n",
    "twice": "1,a\n2,b\n1,z\n",
}


@pytest.mark.long
def test_text_that_was_landed_as_columns_is_not_sorted_either(
    tmp_path: Path, athena: AthenaPlace
) -> None:
    """On Athena a load of CSV is read by columns: the rows are those that DuckDB makes of the text by its sort."""
    fields = {"envelope": "s3_csv", "key": ["id"]}
    tables = {name: Table(COLUMNS, fields) for name in CSV_LOADS}
    lakes = [
        Lakehouse(tmp_path / "duckdb", tables),
        AthenaLakehouse(tmp_path / "athena", athena, tables),
    ]
    for lake in lakes:
        for name, text in CSV_LOADS.items():
            lake.put(f"{name}/LOAD00000001.csv", text, "2024-01-01 10:30:00")
            change = "U,2,B\nI,9,i\n"
            lake.put(f"{name}/20240101-110000000.csv", change, "2024-01-01 11:00:00")
        lake.build()
    compiled = lakes[1].project / "target/compiled/dms_lake/models/latest"
    is_plain = {
        name: "'load' as _cdc_operation" in (compiled / f"lat_shop__{name}.sql").read_text()
        for name in CSV_LOADS
    }
    assert is_plain == {"once": True, "twice": False}
    for lake in lakes:
        assert names(lake, "once") == {1: "a", 2: "B", 9: "i"}
        assert names(lake, "twice") == {1: "z", 2: "B", 9: "i"}
    operations = "select id, _cdc_operation from lat_shop__once order by id nulls first"
    assert lakes[0].sql(operations) == lakes[1].sql(operations)
