"""The command `lake export-items`: a model's rows as DynamoDB items."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lake.commands import AsJson, ProjectDir, Target
from lake.commands.land import Vars, vars_of
from lake.errors import UsageError

if TYPE_CHECKING:
    from lake.run.project import Project


def export_items(
    model: Annotated[str, typer.Argument(help="Name of a model: one item per row.")],
    to: Annotated[str, typer.Argument(help="A folder, or an s3:// prefix.")],
    key: Annotated[
        list[str],
        typer.Option(
            "--key", "-k", help="Column of the partition key; once more for the sort key."
        ),
    ],
    spread: Annotated[
        list[str] | None,
        typer.Option(help="A map column whose entries become attributes of the item itself."),
    ] = None,
    file_mb: Annotated[
        float, typer.Option(min=0.001, help="Close a file after so many megabytes of text.")
    ] = 256,
    import_to: Annotated[
        str | None,
        typer.Option(
            metavar="TABLE", help="Import the files into this new DynamoDB table, and wait."
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Delete the table that an earlier import made.")
    ] = False,
    wait: Annotated[bool, typer.Option(help="Wait until the import has ended.")] = True,
    project_dir: ProjectDir = None,
    target: Target = None,
    vars: Vars = None,
    as_json: AsJson = False,
) -> None:
    """Write a model's rows as DynamoDB import files (DynamoDB JSON, gzip), and import them if asked to.

    Every export has a folder of its own below TO, with a manifest once it is whole. An import that failed half-way is run
    again by the same command.
    """
    from lake.items.export import Place, export
    from lake.items.source import find_model, rows_of
    from lake.run.project import Project

    if import_to and not to.startswith("s3://"):
        raise UsageError(
            f"--import-to needs files on S3, and {to} is a folder; give an s3:// prefix"
        )
    project = Project.open(project_dir, target, vars_of(vars))
    node = find_model(project, model)
    session = _session(project) if to.startswith("s3://") else None
    place = Place(to, lambda: _client(session, "s3"))
    importing = _importing(session, place, import_to) if import_to else None
    if importing:
        # Not after hours of writing; but the table goes only when there is something to put in its place.
        importing.make_way(replace, is_dry=True)
    with rows_of(project, node) as source:
        done = export(source, model, key, spread or (), place, int(file_mb * 1_000_000))
    report: dict[str, Any] = asdict(done)
    said = ""
    if importing:
        said = importing.make_way(replace)
        arn = importing.start(done)
        report |= {"import_arn": arn, "table": import_to}
        if wait:
            report["imported"] = importing.wait(arn, done.items)
    if as_json:
        typer.echo(json.dumps(report))
        return
    if said:
        typer.echo(said)
    typer.echo(
        f"{done.items:,} items in {done.files} file(s), {done.file_bytes:,} bytes, in {done.seconds:.1f} s: {done.place}"
    )
    if "imported" in report:
        typer.echo(f"{report['imported']:,} items imported into {import_to}")
    elif importing:
        typer.echo(f"importing into {import_to}: {report['import_arn']}")


def _importing(session: Any, place: Any, table: str) -> Any:
    from lake.items.dynamodb import Import

    return Import(_client(session, "dynamodb"), place.s3, place.root, table)


def _session(project: Project) -> Any:
    """The credentials of the Athena target, or those of the environment."""
    import boto3

    from lake.land.aws import Aws

    if project.engine == "athena":
        return Aws(project.credentials).session
    return boto3.Session()


def _client(session: Any, service: str) -> Any:
    from lake.land.aws import client_of, plain_errors

    with plain_errors(f"connecting to {service}"):
        return client_of(session, service)
