"""The command `lake run`: build what has new files, and say what came of it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from lake.commands import AsJson, ProjectDir, Target
from lake.commands.land import Vars, vars_of
from lake.errors import LakeError

if TYPE_CHECKING:
    from lake.run.once import Listener, Run
    from lake.run.report import Report

Select = Annotated[
    list[str] | None,
    typer.Option("--select", "-s", help="Only of these, in dbt's own words; may be given again."),
]
Exclude = Annotated[
    list[str] | None, typer.Option("--exclude", help="None of these; may be given again.")
]

# As many nodes' costs are printed; all of them are in the JSON.
DEAREST = 10


def run(
    select: Select = None,
    exclude: Exclude = None,
    full_refresh: Annotated[
        bool,
        typer.Option("--full-refresh", help="Build all that is selected anew, from all its files."),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Build all that is selected, fresh or not.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be built and why; change nothing.")
    ] = False,
    maintain: Annotated[
        bool,
        typer.Option(help="Compact files and expire snapshots after the build (Athena)."),
    ] = True,
    every: Annotated[
        float | None,
        typer.Option(min=0, metavar="SECONDS", help="Stay, and run again this often."),
    ] = None,
    project_dir: ProjectDir = None,
    target: Target = None,
    vars: Vars = None,
    as_json: AsJson = False,
) -> None:
    """Build the tables that have unread files, and all below them; with nothing new, build nothing.

    On DuckDB the tables' folders are listed; on Athena new files are landed first, and the tables are
    maintained afterwards. Changed models, those that are not there yet and those that a run left
    unfinished are built too. A table that fails does not keep the others; the command then ends with 1.
    """
    from lake.run.once import Options, Run
    from lake.run.project import Project

    options = Options(select or (), exclude or (), dry_run, full_refresh, everything, maintain)
    project = Project.open(project_dir, target, vars_of(vars))
    while True:
        try:
            if every is not None and not project.is_current():
                project = Project.open(project_dir, target, vars_of(vars))
            _once(Run(project, options), as_json)
        except LakeError as error:
            if every is None:
                raise
            typer.echo(f"lake: {error}", err=True)
        if every is None:
            break
        time.sleep(every)


def _once(run: Run, as_json: bool) -> None:
    """Run, print, and raise what failed."""
    with _progress() as run.listener:
        report = run()
    if as_json:
        typer.echo(json.dumps(report.as_json()))
    else:
        _print(report)
    if report.errors:
        lines = [f"{name}: {text}" for name, text in report.errors.items()]
        raise LakeError(f"{len(lines)} failed:\n" + "\n".join(lines))


@contextmanager
def _progress() -> Iterator[Listener]:
    """A bar over dbt's nodes on the error stream, where a person looks at it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from lake.run.once import Listener

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield Listener(
            step=lambda text: progress.update(task, description=text),
            total=lambda count: progress.update(task, total=count),
            done=lambda name: progress.update(task, advance=1, description=name),
        )


def _print(report: Report) -> None:
    for text in report.warnings:
        typer.echo(f"warning: {text}", err=True)
    for table in report.tables:
        if table.error:
            typer.echo(f"{table.table}: failed: {table.error}")
        elif table.reasons and report.dry_run:
            typer.echo(f"{table.table}: {', '.join(table.reasons)}")
        elif table.reasons or table.files or table.written:
            typer.echo(
                f"{table.table}: {table.files} file(s) read, {table.written:,} row(s) written "
                f"({table.deleted:,} deleted), {table.rejected:,} rejected"
            )
    if report.dry_run:
        for unique_id, reason in report.nodes.items():
            typer.echo(f"{unique_id.split('.', 2)[-1]}: {reason}")
    for node, cost in list(report.costs.items())[:DEAREST]:
        typer.echo(
            f"cost of {node.split('.')[-1]}: {cost.statements} statement(s), {cost.seconds:.1f} s, "
            f"{cost.scanned_bytes:,} bytes scanned"
        )
    for text in report.maintained:
        typer.echo(f"maintained {text}")
    for text in report.attention:
        typer.echo(f"needs a person: {text}")
    idle = not report.nodes and not any(table.reasons for table in report.tables)
    done = "nothing to build" if idle else f"{report.built} built, {report.tests} tested"
    if report.dry_run and not idle:
        done = "nothing was changed"
    steps = ", ".join(
        f"{name} {seconds:.1f} s" for name, seconds in report.seconds.items() if name != "total"
    )
    typer.echo(f"{done}; {report.seconds['total']:.1f} s ({steps})")
