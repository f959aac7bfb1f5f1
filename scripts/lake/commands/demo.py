"""The command `lake demo`: the whole story on this machine, without an account or a network."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from lake.commands import AsJson
from lake.dbt_project import CHECKOUT
from lake.errors import UsageError

if TYPE_CHECKING:
    from lake.demo.play import Play

WIDTH = 100

OneTable = Annotated[
    str | None, typer.Option("--table", help="Show one table in full: source.table, as registered.")
]


OnAthena = Annotated[
    bool,
    typer.Option("--athena", help="On an Athena on this machine, started for it and stopped."),
]
Keep = Annotated[
    bool, typer.Option("--keep", help="With --athena: leave it running, to look around.")
]


def demo(
    as_json: AsJson = False, table: OneTable = None, athena: OnAthena = False, keep: Keep = False
) -> None:
    """Play two rounds of DMS files through the models, and show what came of every row.

    The files of demo/rounds are copied into target/demo/lake, round by round, with a `dbt build`
    after each; the tables are in target/demo/demo.duckdb afterwards. What an earlier demo left
    there is removed. With --athena the files go to a local S3 and are registered, landed and built
    as on AWS, and what each model cost is shown too.
    """
    from rich.console import Console

    from lake.demo.screen import screen, show

    if not (CHECKOUT / "demo" / "rounds").is_dir():
        raise UsageError(
            "the demo's files are not here: `lake demo` runs from a checkout of dms_lake"
        )
    progress = Console(stderr=True, highlight=False)
    played = _played(athena, keep, lambda step: progress.print(f"[dim]{step} ..."), table)
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(played), default=str))
    else:
        console = Console(highlight=False)
        if not console.is_terminal:
            console.width = WIDTH
        if table:
            console.print(screen(played, played.tables))
        else:
            show(played, console)


def _played(athena: bool, keep: bool, say: Callable[[str], None], table: str | None) -> Play:
    from lake.demo.play import play

    home = CHECKOUT / "target" / ("demo-athena" if athena else "demo")
    if not athena:
        return play(CHECKOUT, home, say, table)
    from lake.demo.on_athena import on_athena

    with on_athena(CHECKOUT, home, say, keep) as engine:
        return play(CHECKOUT, home, say, table, engine)
