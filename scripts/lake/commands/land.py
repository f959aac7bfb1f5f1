"""The command `lake land`: new S3 files into the raw tables of the Athena target, each exactly once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lake.commands import AsJson, ProjectDir, Target
from lake.errors import LakeError, UsageError

if TYPE_CHECKING:
    from lake.land.run import Lander, Report

TableNames = Annotated[
    list[str] | None,
    typer.Option("--table", help="source.table as registered; may be given again. [default: all]"),
]
Vars = Annotated[
    str | None,
    typer.Option("--vars", help="Values of the project's variables, as YAML, as dbt takes them."),
]


def land(
    table: TableNames = None,
    full_listing: Annotated[
        bool,
        typer.Option(
            "--full-listing",
            help="List whole folders also where thousands of files are known, so that every "
            "vanished or replaced one is seen.",
        ),
    ] = False,
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="Rewrite text files that were landed under another registry entry."
        ),
    ] = False,
    workers: Annotated[int, typer.Option(min=1, help="Files worked on at once.")] = 4,
    memory: Annotated[int, typer.Option(min=128, help="MB for all of them together.")] = 2048,
    project_dir: ProjectDir = None,
    target: Target = None,
    vars: Vars = None,
    as_json: AsJson = False,
) -> None:
    """Bring new S3 files into the raw tables, each exactly once, and write the ledger of files.

    Parquet files are registered where they lie; text files are rewritten once as Parquet. It may be
    stopped and run again at any time, and run several times at once. A table that fails does not
    keep the others; the command then ends with 1.
    """
    from lake.land.aws import Aws
    from lake.land.project import Project
    from lake.land.run import Lander, Options

    project = Project.open(project_dir, target, vars_of(vars))
    tables = project.describe(table or [])
    options = Options(full_listing, again, workers, memory)
    lander = Lander(project, Aws(project.credentials), options)
    with _progress(lander):
        report = lander.land(tables)
    if as_json:
        result = {"tables": [asdict(landing) for landing in report.landings]}
        typer.echo(json.dumps(result | {"warnings": report.warnings}))
    else:
        _print(report)
    if report.failed:
        lines = [f"{landing.table}: {landing.error}" for landing in report.failed]
        raise LakeError(f"{len(lines)} table(s) were not landed:\n" + "\n".join(lines))


def vars_of(text: str | None) -> dict[str, Any]:
    """The variables in a YAML text.

    Raises:
        UsageError: the text is no YAML mapping.
    """
    import yaml

    try:
        found = yaml.safe_load(text) if text else {}
    except yaml.YAMLError as error:
        raise UsageError(f"--vars is no YAML: {error}") from error
    if not isinstance(found, dict):
        raise UsageError(
            f"--vars must be a YAML mapping, such as '{{lake_root: s3://bucket/dms}}', not {text!r}"
        )
    return found


@contextmanager
def _progress(lander: Lander) -> Iterator[None]:
    """A bar over bytes on the error stream, where a person looks at it."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("Landing", total=0)
        total = 0

        def plan(table: str, files: int, size: int) -> None:
            nonlocal total
            total += size
            progress.update(task, total=total)

        def done(table: str, size: int) -> None:
            progress.update(task, advance=size, description=table)

        lander.on_plan, lander.on_file = plan, done
        yield


def _print(report: Report) -> None:
    for text in report.warnings:
        typer.echo(f"warning: {text}", err=True)
    for landing in report.landings:
        if landing.error:
            continue
        facts = [f"{landing.files} file(s), {landing.rows:,} rows, {landing.bytes:,} bytes"]
        facts += [f"{landing.replaced} replaced"] * bool(landing.replaced)
        facts += [f"{landing.gone} gone"] * bool(landing.gone)
        facts += [f"generation {landing.generation} opened"] * landing.opened
        facts += [f"{landing.held} held until the load is complete"] * bool(landing.held)
        typer.echo(f"{landing.table}: {', '.join(facts)}")
