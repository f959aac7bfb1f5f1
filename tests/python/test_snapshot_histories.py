"""Random days of whole tables, delivered in any order, in parts, late and anew: the history shows every day as its files say."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from athena_fixture import AthenaPlace
from athena_lakehouse import AthenaLakehouse
from lakehouse import Lakehouse, Table

pytestmark = pytest.mark.long

DAYS = 6
ROUNDS = 6
COLUMNS = {"id": "bigint", "note": "varchar", "amount": "integer"}
SNAPSHOT = {"envelope": "snapshot", "header": True, "key": ["id"], "history": True}
Content = dict[int, tuple[str | None, int]]


class Days:
    """One table's days: what each file of each day says, as delivered so far.

    Args:
        seed: decides which files come in which round, and what they say.
    """

    def __init__(self, seed: int) -> None:
        self.name = f"t{seed}"
        self.random = random.Random(seed)
        self.files: dict[tuple[int, str], Content] = {}
        self.times: dict[tuple[int, str], int] = {}
        # Whole days in their order for every second table, single files in any order for the others.
        self.is_orderly = seed % 2 == 0
        self.order = [[(day, "a"), (day, "b")] for day in range(DAYS)]
        if not self.is_orderly:
            self.order = [[file] for day in self.order for file in day]
            self.random.shuffle(self.order)

    def content(self, day: int, part: str) -> Content:
        """Rows of a file: few keys and few values, so that most repeat another day's and some come back."""
        keys = [key for key in range(12) if (key % 2 == 0) == (part == "a")]
        return {
            key: (self.random.choice(["x"] * 4 + ["y", None]), self.random.choice([1, 1, 1, 1, 2]))
            for key in keys
            if self.random.random() < 0.8
        }

    def deliver(self, lake: Lakehouse, number: int) -> None:
        """Put the files of a round: new ones, and now and then one anew with other rows."""
        count = -(-len(self.order) // max(1, ROUNDS - 2 - number))
        coming = [file for files in self.order[:count] for file in files]
        self.order = self.order[count:]
        is_late = bool(self.files) and not (self.is_orderly and self.order)
        if is_late and self.random.random() < 0.4:
            coming.append(self.random.choice(sorted(self.files)))
        for day, part in coming:
            self.files[day, part] = rows = self.content(day, part)
            self.times[day, part] = self.times.get((day, part), 0) + 1
            written = moment(day) + dt.timedelta(minutes=self.times[day, part])
            lines = [f"{key},{'' if note is None else note},{n}" for key, (note, n) in rows.items()]
            lake.put(
                f"{moment(day):%Y-%m-%d}/{self.name}/{part}.csv",
                "\n".join(["id,note,amount", *lines, ""]),
                written,
            )

    def on(self, day: int) -> Content:
        """The rows of a day: those of its files, or of the day before where none has come."""
        for number in range(day, -1, -1):
            parts = [rows for (at, _), rows in self.files.items() if at == number]
            if parts:
                return {key: value for rows in parts for key, value in rows.items()}
        return {}


def moment(day: int) -> dt.datetime:
    return dt.datetime(2024, 1, 1) + dt.timedelta(days=day)


def shown(lake: Lakehouse, name: str, day: int) -> Content:
    """What the history says about an hour of a day."""
    at = f"timestamp '{moment(day) + dt.timedelta(hours=1)}'"
    rows = lake.sql(
        f"select id, note, amount from hst_shop__{name} where not _cdc_is_deleted"
        f" and _cdc_valid_from <= {at} and (_cdc_valid_to is null or _cdc_valid_to > {at})"
    )
    found = {row["id"]: (row["note"], row["amount"]) for row in rows}
    assert len(found) == len(rows), f"{name}: a key twice on day {day}"
    return found


def living(lake: Lakehouse, name: str) -> list[str]:
    """The versions of living rows, and when they held."""
    rows = lake.sql(
        "select id, note, amount, _cdc_valid_from, _cdc_valid_to, _cdc_is_current"
        f" from hst_shop__{name} where not _cdc_is_deleted"
    )
    return sorted(str(list(row.values())) for row in rows)


def check(lake: Lakehouse, tables: list[Days]) -> None:
    """Every day of every table as its files say, and current as the newest."""
    for days in tables:
        for day in range(DAYS):
            assert shown(lake, days.name, day) == days.on(day), f"{days.name} on day {day}"
        current = lake.sql(f"select id, note, amount from cur_shop__{days.name}")
        assert {row["id"]: (row["note"], row["amount"]) for row in current} == days.on(DAYS - 1)


def play(make: Callable[[dict[str, Table]], Lakehouse], seeds: range) -> None:
    """All tables in one lake, in rounds; then once more from nothing."""
    tables = [Days(seed) for seed in seeds]
    fields = SNAPSHOT | {"null_token": ""}
    lake = make(
        {
            days.name: Table(COLUMNS, fields | {"folder": f"{{snapshot}}/{days.name}"})
            for days in tables
        }
    )
    for days in tables:
        lake.add_model(
            f"current/cur_shop__{days.name}",
            f"{{{{ dms_lake.current(ref('hst_shop__{days.name}')) }}}}",
        )
    for number in range(ROUNDS):
        for days in tables:
            days.deliver(lake, number)
        lake.build("--select", "source:shop+")
        check(lake, tables)
    incremental = {days.name: living(lake, days.name) for days in tables}
    for days in tables:
        lake.operation("read_again", table=f"shop.{days.name}")
    lake.build("--select", "source:shop+")
    check(lake, tables)
    forced = ("--vars", "dms_lake_force_full_refresh: true")
    lake.build("--select", "source:shop+", "--full-refresh", *forced)
    check(lake, tables)
    assert {days.name: living(lake, days.name) for days in tables} == incremental


def test_every_day_is_what_its_files_say(tmp_path: Path) -> None:
    play(lambda tables: Lakehouse(tmp_path, tables, models=("chg", "hst")), range(6))


FAULTS = {
    "the day after a late one says nothing": (
        "history/_days.sql",
        "if next and next not in",
        "if false and next not in",
    ),
    "of a known day only the new file is read": (
        "files/_read_by_day.sql",
        "where not unread.is_known\n        or ",
        "where not unread.is_known\n        and ",
    ),
    "what a day lacks lives on": (
        "history/_altered_by_days.sql",
        "where not _cdc_is_deleted\n        and not exists",
        "where _cdc_is_deleted\n        and not exists",
    ),
    "a key that one of several days lacks is left alone": (
        "history/_altered_by_days.sql",
        "{%- if plan.days.read | length > 1 %}",
        "{%- if false %}",
    ),
    "any row that a day repeats alters its key's end": (
        "history/history.sql",
        "where _is_start or _cdc_is_last",
        "where _is_start",
    ),
}


@pytest.mark.nightly
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_shows_on_some_day(tmp_path: Path, fault: str) -> None:
    def broken(tables: dict[str, Table]) -> Lakehouse:
        lake = Lakehouse(tmp_path, tables, models=("chg", "hst"))
        lake.break_macro(*FAULTS[fault])
        return lake

    with pytest.raises(AssertionError, match=r"on day \d|^assert \{"):
        play(broken, range(6))


def test_a_day_that_altered_nothing_has_said_so(tmp_path: Path) -> None:
    """The third day repeats the first, and the second comes last: what it says otherwise holds for a day."""
    lake = Lakehouse(
        tmp_path,
        {"t": Table(COLUMNS, SNAPSHOT | {"folder": "{snapshot}/t"})},
        models=("chg", "hst"),
    )
    says = {0: "1,x,1\n2,x,1\n", 2: "1,x,1\n2,x,1\n", 1: "1,y,1\n3,x,1\n"}
    for day, rows in says.items():
        lake.put(f"{moment(day):%Y-%m-%d}/t/a.csv", f"id,note,amount\n{rows}", moment(day))
        lake.build("--select", "source:shop+")
    same: Content = {1: ("x", 1), 2: ("x", 1)}
    assert [shown(lake, "t", day) for day in range(4)] == [
        same,
        {1: ("y", 1), 3: ("x", 1)},
        same,
        same,
    ]


def test_what_the_missing_files_of_a_day_said_stands_when_another_comes(tmp_path: Path) -> None:
    """Of the first day one file is gone when a third one comes: its keys live on, for nobody says that they ended."""
    lake = Lakehouse(
        tmp_path,
        {"t": Table(COLUMNS, SNAPSHOT | {"folder": "{snapshot}/t"})},
        models=("chg", "hst"),
    )
    for day in (0, 1):
        for part, rows in {"a": "1,x,1\n2,x,1\n", "b": f"3,x,{day}\n"}.items():
            lake.put(f"{moment(day):%Y-%m-%d}/t/{part}.csv", f"id,note,amount\n{rows}", moment(day))
    lake.build("--select", "source:shop+")
    (lake.lake / f"{moment(0):%Y-%m-%d}/t/a.csv").unlink()
    lake.put(f"{moment(0):%Y-%m-%d}/t/c.csv", "id,note,amount\n4,z,1\n", moment(0))
    lake.build("--select", "source:shop+")
    stays: Content = {1: ("x", 1), 2: ("x", 1)}
    assert shown(lake, "t", 0) == stays | {3: ("x", 0), 4: ("z", 1)}
    assert shown(lake, "t", 1) == stays | {3: ("x", 1)}


@pytest.mark.nightly
def test_every_day_is_what_its_files_say_on_athena(tmp_path: Path, athena: AthenaPlace) -> None:
    play(lambda tables: AthenaLakehouse(tmp_path, athena, tables, models=("chg", "hst")), range(3))
