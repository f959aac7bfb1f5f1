"""Copy a round's files into a lake as DMS would leave them: content, folder, name, and time."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

CHANGE_NAME = re.compile(r"^(\d{8}-\d{6})(\d{3,4})\.")
FIREHOSE_NAME = re.compile(r"-(\d{4}(?:-\d{2}){5})-")
SNAPSHOT_FOLDER = re.compile(r"^\d{4}-\d{2}-\d{2}$")
# A load ends before the first change is written.
BEFORE_THE_FIRST_CHANGE = dt.timedelta(minutes=30)
NO_CHANGE_YET = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def moment_of(name: str) -> dt.datetime | None:
    """The time in the name of a change file or of a Firehose file (UTC); None for any other file."""
    if delivered := FIREHOSE_NAME.search(name):
        return dt.datetime.strptime(delivered[1], "%Y-%m-%d-%H-%M-%S").replace(tzinfo=dt.UTC)
    match = CHANGE_NAME.match(name)
    if match is None:
        return None
    moment = dt.datetime.strptime(match[1], "%Y%m%d-%H%M%S").replace(tzinfo=dt.UTC)
    return moment + dt.timedelta(milliseconds=int(match[2][:3]))


def files_of(folder: Path) -> list[Path]:
    """Every file below a folder, relative to it, sorted."""
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def snapshot_moment(path: Path) -> dt.datetime | None:
    """When a snapshot's file was written: at night on the day of its folder; None for other files."""
    days = [part for part in path.parts if SNAPSHOT_FOLDER.match(part)]
    return dt.datetime.fromisoformat(f"{days[0]}T02:00:00+00:00") if days else None


def load_moment(source: str, names: Iterable[Path]) -> dt.datetime:
    """When the full load of a source was written: shortly before its first change, if there is one."""
    moments = [moment_of(path.name) for path in names if path.parts[0] == source]
    first = min((moment for moment in moments if moment), default=NO_CHANGE_YET)
    return first - BEFORE_THE_FIRST_CHANGE


def deliver(rounds: Path, number: int, lake: Path) -> list[Path]:
    """Copy one round's files into the lake, each with the time at which DMS would have written it.

    Args:
        rounds: The folder that holds the rounds, named 1, 2 …
        number: The round to copy.
        lake: The folder to copy to.

    Returns:
        The files, relative to the lake.
    """
    every_round = [path for folder in sorted(rounds.iterdir()) for path in files_of(folder)]
    delivered = files_of(rounds / str(number))
    for path in delivered:
        target = lake / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(rounds / str(number) / path, target)
        moment = moment_of(path.name) or snapshot_moment(path)
        moment = moment or load_moment(path.parts[0], every_round)
        os.utime(target, (moment.timestamp(), moment.timestamp()))
    return delivered
