"""The commands `lake athena-local up|down|sql|status`: Athena on this machine, without an account."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lake.commands import AsJson
from lake.dbt_project import CHECKOUT
from lake.errors import LakeError

if TYPE_CHECKING:
    from lake.athena_local.stack import AthenaLocal

app = typer.Typer(
    help="Athena on this machine: Trino executes, moto keeps Glue and S3. No account, no network.",
    no_args_is_help=True,
)
Home = Annotated[
    Path,
    typer.Option(
        "--home",
        help="Folder of its logs and state; another folder is another Athena.",
        envvar="DMS_LAKE_ATHENA_LOCAL_HOME",
    ),
]
# One per checkout; where the package is installed from elsewhere, one per folder.
HOME = (CHECKOUT if (CHECKOUT / "Makefile").is_file() else Path()) / "target" / "athena-local"


def _running(home: Path) -> AthenaLocal:
    from lake.athena_local.stack import AthenaLocal

    found = AthenaLocal.find(home)
    if found is None:
        raise LakeError(f"no local Athena runs in {home}; start it: lake athena-local up")
    return found


@app.command()
def up(home: Home = HOME) -> None:
    """Start it (about 20 s; the first time Trino is fetched), and print what to put into the environment.

    In a shell: eval "$(lake athena-local up)"
    """
    from lake.athena_local.stack import AthenaLocal

    running = AthenaLocal.up(home, say=lambda line: typer.echo(f"{line} ...", err=True))
    typer.echo("unset AWS_PROFILE")
    for name, value in running.environment().items():
        typer.echo(f"export {name}='{value}'")


@app.command()
def down(home: Home = HOME) -> None:
    """Stop it; what was in its S3 and Glue is gone."""
    _running(home).down()
    typer.echo("stopped")


@app.command()
def status(as_json: AsJson = False, home: Home = HOME) -> None:
    """Say where it is, and how to reach it."""
    running = _running(home)
    facts = {
        "home": str(running.home),
        "athena": running.athena_url,
        "glue_and_s3": running.aws_url,
        "trino": running.trino_url,
        "environment": running.environment(),
    }
    if as_json:
        typer.echo(json.dumps(facts))
        return
    for name in ("home", "athena", "glue_and_s3", "trino"):
        typer.echo(f"{name:<12} {facts[name]}")


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="One statement in Athena's SQL.")],
    database: Annotated[
        str, typer.Option("--database", "-d", help="Glue database of unqualified names.")
    ] = "default",
    as_json: AsJson = False,
    home: Home = HOME,
) -> None:
    """Execute one statement through the API and print its rows."""
    from rich.console import Console
    from rich.table import Table

    rows = _running(home).sql(query, database)
    if as_json:
        typer.echo(json.dumps(rows))
    elif rows:
        table = Table(*rows[0])
        for row in rows:
            table.add_row(*("null" if value is None else value for value in row.values()))
        Console(highlight=False, soft_wrap=True).print(table)
