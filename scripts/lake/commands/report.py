"""The command `lake report`: one page to look at."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from lake.commands import ProjectDir, Target
from lake.commands.land import Vars, vars_of
from lake.errors import UsageError


def report(
    output: Annotated[Path, typer.Option("--output", "-o", help="The HTML file.")] = Path(
        "target/report.html"
    ),
    count: Annotated[
        bool, typer.Option(help="Count the rows of every table's files: reads all of them.")
    ] = True,
    project_dir: ProjectDir = None,
    target: Target = None,
    vars: Vars = None,
) -> None:
    """Write one HTML page of every table's freshness, lag, rows, ties, drift and loads, and of the marts that have a chart.

    It needs no network, holds all it shows, and can be searched and sorted.
    """
    from lake.report.collect import collect
    from lake.report.page import page
    from lake.run.project import Project

    project = Project.open(project_dir, target, vars_of(vars))
    facts = collect(project, count, dt.datetime.now(dt.UTC))
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(page(facts), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--output: {output} cannot be written: {error.strerror}") from error
    typer.echo(f"{len(facts['tables'])} table(s), {facts['attention']} need a person: {output}")
