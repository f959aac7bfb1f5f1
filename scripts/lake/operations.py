"""Run one of the macros of macros/operations on a project, and hear what it did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from lake.dbt_project import Event, invoke
from lake.errors import LakeError, UsageError

PREFIX = "dms_lake: "

TableName = Annotated[str, typer.Argument(help="source.table as registered, e.g. shop.product.")]


def run_operation(
    macro: str, arguments: Mapping[str, Any], project_dir: Path | None, target: str | None
) -> list[str]:
    """Run a macro of dms_lake, and return the lines that it said.

    Raises:
        UsageError: the table is not registered, or there is no project.
        LakeError: the macro refused; the message says why and what to do.
    """
    said: list[str] = []

    def listen(event: Event) -> None:
        if event.message.startswith(PREFIX):
            said.append(event.message.removeprefix(PREFIX))

    command = ["run-operation", f"dms_lake.{macro}", "--args", json.dumps(arguments)]
    result = invoke(command, project_dir, target, on_event=listen)
    if not result.success:
        text = reason_of(result.errors, macro)
        raise (UsageError if "no registered table" in text else LakeError)(text)
    return said


def reason_of(errors: tuple[str, ...], macro: str) -> str:
    """The one line that says why, without dbt's frame around it."""
    own = f"dms_lake.{macro}: "
    for line in "\n".join(errors).splitlines():
        if own in line:
            return line.split(own, 1)[1].strip()
    return "\n".join(errors)
