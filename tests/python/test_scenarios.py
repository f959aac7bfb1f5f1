"""The stories of tests/scenarios: round by round, then nothing new, a full refresh, and a fresh database.

Every story is told on DuckDB and on Athena: there a handful with every change, all of them nightly.
Some alone: `DMS_LAKE_STORY=<folder>,<folder> pytest tests/python/test_scenarios.py -k duckdb` (or `-k all_stories` for Athena).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from athena_fixture import AthenaPlace
from athena_lakehouse import AthenaLakehouse
from lakehouse import Lakehouse
from scenario import STORIES, Seen, Stage, Story, stories
from scenario_on_athena import AthenaStage, athena_stories

ALONE = set(filter(None, os.environ.get("DMS_LAKE_STORY", "").split(",")))
TOLD = [story for story in stories() if not ALONE or story.name in ALONE]
# Names, types, order, quotes, what is rejected, and a second load, each told in two rounds at most.
HANDFUL = {
    "awkward_names", "equal_timestamps_in_parquet", "every_type_in_csv",
    "quotes_and_newlines", "rejected_rows", "reload_with_fewer_files",
}  # fmt: skip
# All stories of a part share a project; a part takes some minutes.
PARTS = 8
FORCE = ("--full-refresh", "--vars", "dms_lake_force_full_refresh: true")


def test_every_story_is_told_in_words() -> None:
    folders = [path for path in STORIES.iterdir() if path.is_dir()]
    untold = [path.name for path in folders if not (path / "README.md").exists()]
    assert TOLD and not untold


@pytest.mark.long
def test_stories_on_duckdb(tmp_path: Path) -> None:
    live_through(Stage(Lakehouse(tmp_path, {}), TOLD))


@pytest.mark.long
def test_a_handful_of_stories_on_athena(tmp_path: Path, athena: AthenaPlace) -> None:
    told = [story for story in athena_stories() if story.name in HANDFUL]
    assert len(told) == len(HANDFUL)
    live_through(AthenaStage(AthenaLakehouse(tmp_path, athena, {}), told), is_brief=True)


@pytest.mark.long
@pytest.mark.nightly
@pytest.mark.parametrize("part", range(1 if ALONE else PARTS))
def test_all_stories_on_athena_nightly(tmp_path: Path, athena: AthenaPlace, part: int) -> None:
    told = [story for story in athena_stories() if not ALONE or story.name in ALONE]
    live_through(
        AthenaStage(AthenaLakehouse(tmp_path, athena, {}), told if ALONE else told[part::PARTS])
    )


def live_through(stage: Stage, is_brief: bool = False) -> None:
    """Tell all stories of a stage, and then ask what must hold after each; problems are printed as they are found.

    Told briefly, only a full refresh follows.
    """
    problems: list[str] = []
    last: dict[str, Seen] = {}
    for number in range(max(len(story.rounds) for story in stage.told)):
        seen = stage.round(number)
        last |= seen
        for story in stage.told:
            if story.name in seen:
                problems += said(round_problems(story, number, seen[story.name]))
    if not is_brief:
        problems += said(nothing_new(stage, last))
    problems += said(full_refresh(stage, last))
    if not is_brief:
        problems += said(fresh(stage))
    assert not problems, "\n" + "\n".join(problems)


def said(problems: list[str]) -> list[str]:
    """The same problems, printed: a later step may take long, or fail by itself."""
    for problem in problems:
        print(problem, flush=True)
    return problems


def round_problems(story: Story, number: int, seen: Seen) -> list[str]:
    """How the tables after a round, or what dbt said, differ from what the story expects."""
    step = story.rounds[number]
    where = f"{story.name}, round {number + 1}"
    problems = message_problems(where, step, seen)
    if "current" in step:
        wanted = story.expected(step["current"], number)
        problems += difference(where, "current", wanted, story.current(seen, number))
    problems += tombstone_problems(where, story, number, seen)
    wanted = sorted(f"{file}#{row}: {reason}" for file, row, reason in step.get("rejected", []))
    problems += difference(where, "rejected", wanted, sorted(map(rejection, seen.tables["rej"])))
    for table, rows in step.get("holds", {}).items():
        for row in rows:
            if not any(row.items() <= found.items() for found in seen.tables[table]):
                there = [{name: found.get(name) for name in row} for found in seen.tables[table]]
                problems.append(f"{where}: {table} has no\n  {row}\nbut\n  {there}")
    return problems


def tombstone_problems(where: str, story: Story, number: int, seen: Seen) -> list[str]:
    """Whether exactly the expected keys are tombstones, which keep nothing but their key."""
    deleted = deleted_rows(seen)
    wanted = sorted(map(repr, story.rounds[number].get("tombstones", [])))
    got = sorted(repr([row[name] for name in story.key]) for row in deleted)
    others = [name for name in story.types(number) if name not in story.key]
    kept = [name for name in others for row in deleted if row[name] is not None]
    problems = [f"{where}: a tombstone keeps {name}" for name in kept]
    return problems + difference(where, "tombstones", wanted, got)


def rejection(row: dict[str, Any]) -> str:
    """Where a rejected row stood, and why it was rejected."""
    place = f"{Path(row['_cdc_file_path']).name}#{row['_cdc_file_row_number']}"
    return f"{place}: {row['_cdc_reject_reason']}"


def message_problems(where: str, step: dict[str, Any], seen: Seen) -> list[str]:
    """What dbt failed to say, and what failed that should not."""
    problems = []
    for field, texts in (("said", seen.messages), ("refused", seen.errors)):
        words = step.get(field)
        if words and not any(all(word in text for word in words) for text in texts):
            problems.append(f"{where}: nothing {field} has all of {words}: {texts}")
    if seen.errors and not step.get("refused"):
        problems.append(f"{where}: " + "\n".join(seen.errors))
    return problems


def difference(where: str, what: str, want: list[str], got: list[str]) -> list[str]:
    """One line where two sorted lists of rows differ."""
    return [] if want == got else [f"{where}: {what} must be\n  {want}\nbut is\n  {got}"]


def room_differences(
    where: str, before: dict[str, list[str]], after: dict[str, list[str]]
) -> list[str]:
    """How the rooms of a story differ between two builds."""
    return [line for room in before for line in difference(where, room, before[room], after[room])]


def nothing_new(stage: Stage, last: dict[str, Seen]) -> list[str]:
    """A run with nothing new must not touch a row, not even its processing time, and records no write."""
    problems: list[str] = []
    writes = "select count(*) as writes from dms_lake_runs"
    before = stage.lakehouse.sql(writes)
    for name, seen in stage.build(stage.told).items():
        where = f"{name}, nothing new"
        problems += message_problems(where, {}, seen)
        problems += room_differences(where, last[name].rows(), seen.rows())
    return problems + difference(
        "nothing new", "writes", [str(before)], [str(stage.lakehouse.sql(writes))]
    )


def full_refresh(stage: Stage, last: dict[str, Seen]) -> list[str]:
    """A full refresh gives the same rows; where files are gone it is refused, and loses what it must when forced."""
    problems: list[str] = []
    refreshed = stage.build(stage.told, "--full-refresh")
    for story in stage.told:
        where, seen = f"{story.name}, full refresh", refreshed[story.name]
        wanted = story.facts.get("full_refresh", {})
        problems += message_problems(where, wanted, seen)
        before = last[story.name]
        if "tombstones" in wanted:
            got = sorted(repr([row[name] for name in story.key]) for row in deleted_rows(seen))
            problems += difference(
                where, "tombstones", sorted(map(repr, wanted["tombstones"])), got
            )
            before, seen = living(before), living(seen)
        same = before.rows("_cdc_processed_at"), seen.rows("_cdc_processed_at")
        problems += room_differences(where, *same)
    forced = [story for story in stage.told if "forced" in story.facts.get("full_refresh", {})]
    for name, seen in stage.build(forced, *FORCE).items():
        story = next(story for story in forced if story.name == name)
        where, number = f"{name}, forced full refresh", len(story.rounds) - 1
        problems += message_problems(where, {}, seen)
        want = story.expected(story.facts["full_refresh"]["forced"], number)
        problems += difference(where, "current", want, story.current(seen, number))
    return problems


def deleted_rows(seen: Seen) -> list[dict[str, Any]]:
    """The tombstones that a story's table holds."""
    return [row for row in seen.tables["lat"] if row["_cdc_is_deleted"]]


def living(seen: Seen) -> Seen:
    """The same without the tombstones."""
    rows = [row for row in seen.tables["lat"] if not row["_cdc_is_deleted"]]
    return Seen(seen.tables | {"lat": rows}, seen.messages)


def fresh(stage: Stage) -> list[str]:
    """A database that never saw the rounds reads the files that are left, and has the same current rows."""
    problems: list[str] = []
    stage.forget()
    seen = stage.build(stage.told)
    for story in stage.told:
        where, number = f"{story.name}, fresh", len(story.rounds) - 1
        want = story.expected(story.facts.get("fresh", story.rounds[-1]["current"]), number)
        problems += message_problems(where, {}, seen[story.name])
        problems += difference(where, "current", want, story.current(seen[story.name], number))
    return problems
