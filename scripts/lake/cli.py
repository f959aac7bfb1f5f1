"""The `lake` command line: what there is to call, and how a run ends.

Exit codes: 0 the run did what it was asked, 1 it failed, 2 wrong usage or configuration.
"""

import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from lake import __version__
from lake.commands import athena_local
from lake.commands.accept_truncate import accept_truncate
from lake.commands.add_tables import add_tables
from lake.commands.complete_load import complete_load
from lake.commands.date_dimension import date_dimension
from lake.commands.demo import demo
from lake.commands.export_items import export_items
from lake.commands.forget_vanished import forget_vanished
from lake.commands.land import land
from lake.commands.permissions import permissions
from lake.commands.read_again import read_again
from lake.commands.register import register
from lake.commands.report import report
from lake.commands.run import run
from lake.commands.simulate import simulate
from lake.errors import LakeError

# In the order in which `lake --help` lists them.
COMMANDS: tuple[Callable[..., Any], ...] = (
    demo,
    simulate,
    add_tables,
    register,
    land,
    permissions,
    run,
    read_again,
    complete_load,
    accept_truncate,
    forget_vanished,
    date_dimension,
    export_items,
    report,
)

app = typer.Typer(
    name="lake",
    help="Raw AWS DMS files in, one row per living key out: the commands around `dbt build`.",
    epilog="Exit codes: 0 done, 1 the run failed, 2 wrong usage or configuration.",
    no_args_is_help=True,
    # A bug shows Python's own traceback; what an operator can mend is a LakeError.
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lake {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and end."
        ),
    ] = False,
) -> None:
    """Hold the options that stand before the command's name."""


for _command in COMMANDS:
    app.command()(_command)
app.add_typer(athena_local.app, name="athena-local")


def main() -> None:
    """Run the command line; a LakeError ends it by its text and exit code, without a traceback."""
    try:
        app()
    except LakeError as error:
        typer.echo(f"lake: {error}", err=True)
        sys.exit(error.exit_code)
