"""The command `lake demo`: the whole story on this machine, without an account or a network."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated

import typer

from lake.commands import AsJson
from lake.dbt_project import CHECKOUT
from lake.errors import UsageError

WIDTH = 100


OneTable = Annotated[
    str | None, typer.Option("--table", help="Show one table in full: source.table, as registered.")
]


def demo(as_json: AsJson = False, table: OneTable = None) -> None:
    """Play two rounds of DMS files through the models, and show what came of every row.

    The files of demo/rounds are copied into target/demo/lake, round by round, with a `dbt build`
    after each; the tables are in target/demo/demo.duckdb afterwards. What an earlier demo left
    there is removed.
    """
    from rich.console import Console

    from lake.demo.play import play
    from lake.demo.screen import screen, show

    if not (CHECKOUT / "demo" / "rounds").is_dir():
        raise UsageError(
            "the demo's files are not here: `lake demo` runs from a checkout of dms_lake"
        )
    progress = Console(stderr=True, highlight=False)
    played = play(
        CHECKOUT,
        CHECKOUT / "target" / "demo",
        lambda step: progress.print(f"[dim]{step} ..."),
        table,
    )
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
