"""The command `lake read-again`: set a table's ledger back."""

from __future__ import annotations

from typing import Annotated

import typer

from lake.commands import ProjectDir, Target
from lake.errors import UsageError
from lake.operations import TableName, run_operation


def read_again(
    table: TableName,
    from_stamp: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="STAMP",
            help="Only change files named this or later, e.g. 20240102-030405123 or 20240102.",
        ),
    ] = None,
    project_dir: ProjectDir = None,
    target: Target = None,
) -> None:
    """Let the next build read files of TABLE again, all of them or those from a stamp on.

    Rows do not double and do not go back in time: a change that the table holds already, or that is
    older than what it holds, changes nothing. To drop the table's rows first, run its latest
    model with --full-refresh instead.
    """
    if from_stamp is not None and not from_stamp[:8].isdigit():
        raise UsageError(
            f"--from is {from_stamp!r}; it must be the beginning of a change file's name, "
            "a date at least, e.g. 20240102 or 20240102-030405123"
        )
    for line in run_operation(
        "read_again", {"table": table, "from_stamp": from_stamp}, project_dir, target
    ):
        typer.echo(line)
