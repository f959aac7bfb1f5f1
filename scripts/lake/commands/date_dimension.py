"""The command `lake date-dimension`: the calendar that marts join, as a seed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from lake.commands import ProjectDir
from lake.date_dimension import Calendar, Hemisphere, as_csv
from lake.dbt_project import find_project_dir
from lake.errors import UsageError

SEED = Path("seeds") / "date_dimension.csv"


def date_dimension(
    first: Annotated[
        dt.datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")
    ] = dt.datetime(2015, 1, 1),
    last: Annotated[
        dt.datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day, included.")
    ] = dt.datetime(2034, 12, 31),
    fiscal_month: Annotated[
        int, typer.Option(min=1, max=12, help="First month of the fiscal year.")
    ] = 1,
    hemisphere: Annotated[Hemisphere, typer.Option(help="Whose seasons.")] = Hemisphere.north,
    out: Annotated[
        Path | None,
        typer.Option(
            help="File to write; by default seeds/date_dimension.csv of the project.",
            show_default=False,
        ),
    ] = None,
    project_dir: ProjectDir = None,
) -> None:
    """Write the date dimension, one row per day, as a seed for `dbt seed`.

    A fiscal year is named for the calendar year in which it ends. Seasons are whole months, as
    meteorology has them: in the north, winter is December to February.
    """
    calendar = Calendar(first.date(), last.date(), fiscal_month, hemisphere)
    target = out or find_project_dir(project_dir) / SEED
    text = as_csv(calendar)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"--out: {target} cannot be written: {error.strerror}") from error
    typer.echo(f"{target}: {len(text.splitlines()) - 1} days, {calendar.first} to {calendar.last}")
