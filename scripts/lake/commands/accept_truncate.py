"""The command `lake accept-truncate`: all files are gone because the source was emptied."""

from __future__ import annotations

import typer

from lake.commands import ProjectDir, Target
from lake.operations import TableName, run_operation


def accept_truncate(
    table: TableName, project_dir: ProjectDir = None, target: Target = None
) -> None:
    """Say that TABLE was truncated at the source: the next build leaves no living row of it.

    For a table whose files are all gone and that said so with a warning. While files of it are
    still there, nothing is changed and the command fails.
    """
    for line in run_operation("accept_truncate", {"table": table}, project_dir, target):
        typer.echo(line)
