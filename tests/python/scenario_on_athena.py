"""The stories of tests/scenarios on Athena: the same files on S3, landed by `lake land`, built by the same models."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import trino

from athena_lakehouse import AthenaLakehouse
from lakehouse import Row
from scenario import AUDITS, NOT_LANDED, ROOMS, Seen, Stage, Story, about, stories


class AthenaStory(Story):
    """A story as Athena tells it: rounds with what `on_athena` says beside them.

    Trino gives names in lower case, and Athena has no times of day: they are texts.
    """

    def __init__(self, story: Story) -> None:
        super().__init__(story.folder)
        self.facts = copy.deepcopy(self.facts)
        self.rounds = [step | (step.get("on_athena") or {}) for step in self.facts["rounds"]]
        self.rounds = [{k: v for k, v in step.items() if v is not None} for step in self.rounds]

    def value(self, given: Any, declared: str) -> Any:
        """A value of the YAML as Athena gives it: a time of day is a text there."""
        return given if declared == "time" else super().value(given, declared)


class AthenaStage(Stage):
    """The lake of all stories on Athena."""

    lakehouse: AthenaLakehouse

    def __init__(self, lakehouse: AthenaLakehouse, told: list[Story]) -> None:
        super().__init__(lakehouse, told)
        self.again: set[str] = set()

    def source(self) -> dict[str, Any]:
        """The registry's source, its raw tables in the test's own Glue database."""
        return super().source() | {"schema": self.lakehouse.place.database}

    def register(self, number: int) -> None:
        """The registry of a round, to be parsed anew before files are landed."""
        super().register(number)
        self.lakehouse.parse_anew()

    def build(self, chosen: list[Story], *arguments: str) -> dict[str, Seen]:
        """Land what is new, then build; what could not be landed is among the messages."""
        self.landed = [] if not chosen else self._land()
        return super().build(chosen, *arguments)

    def deliver(self, story: Story, number: int) -> None:
        """The same, and whether the next landing brings all of the story's files anew."""
        super().deliver(story, number)
        if story.rounds[number].get("land_again"):
            self.again.add(f"shop.{story.name}")

    def _land(self) -> list[str]:
        report = self.lakehouse.try_to_land(self.again)
        self.again = set()
        failed = [f"{NOT_LANDED}{item.table}: {item.error}" for item in report.failed]
        return [*report.warnings, *failed]

    def see(self, chosen: list[Story], messages: list[str]) -> dict[str, Seen]:
        """What a build left of each story."""
        audits = {name: self._rows(f"select * from {name}") for name in AUDITS}
        wanted = [(story, room) for story in chosen for room in ROOMS]
        with ThreadPoolExecutor(4) as pool:
            queries = [f"select * from {room}_shop__{story.name}" for story, room in wanted]
            found = dict(
                zip(
                    ((s.name, room) for s, room in wanted),
                    pool.map(self._rows, queries),
                    strict=True,
                )
            )
        seen = {}
        for story in chosen:
            names = {name.lower(): name for name in story.columns(len(story.rounds) - 1)}
            tables = {
                room: [_renamed(row, names) for row in found[story.name, room]] for room in ROOMS
            }
            mine = f"shop.{story.name}"
            tables |= {
                name: [row for row in rows if row["source_table"] == mine]
                for name, rows in audits.items()
            }
            seen[story.name] = Seen(tables, about(story, [*self.landed, *messages]))
        return seen

    def _rows(self, query: str) -> list[Row]:
        try:
            return self.lakehouse.sql(query)
        except trino.exceptions.TrinoUserError as error:
            if error.error_name == "TABLE_NOT_FOUND":
                return []
            raise

    def forget(self) -> None:
        """A database that never saw a round."""
        self.lakehouse.forget()
        self.is_fresh = True


def _renamed(row: Row, names: dict[str, str]) -> Row:
    return {names.get(name, name): value for name, value in row.items()}


def athena_stories() -> list[Story]:
    """Every story that can be told on Athena, by name."""
    return [AthenaStory(story) for story in stories() if "not_on_athena" not in story.facts]
