"""The command `lake simulate`: DMS-shaped files of any size from a seeded random workload."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lake.simulate import (
    FULL_DISORDER,
    Disorder,
    Lake,
    Reload,
    Shape,
    TableSpec,
    Truncate,
    generate,
    random_tables,
)
from lake.simulate.shape import DELIMITERS, RESOLUTIONS, SEQUENCES, Envelope, TimestampPosition
from lake.simulate.values import KEY_KINDS


def simulate(
    out: Annotated[Path, typer.Argument(help="Folder to write; it must not hold a lake yet.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 1,
    source: Annotated[str, typer.Option(help="Short name of the source system.")] = "shop",
    root: Annotated[
        str | None, typer.Option(help="`root` of the registry. [default: below lake_root]")
    ] = None,
    tables: Annotated[int, typer.Option(min=1, help="How many tables.")] = 3,
    rows: Annotated[int, typer.Option(min=0, help="Rows that each table loads.")] = 1_000,
    changes: Annotated[int, typer.Option(min=0, help="Changes per table and round.")] = 500,
    rounds: Annotated[int, typer.Option(min=0, help="Rounds of changes after the load.")] = 3,
    key: Annotated[str, typer.Option(help=f"Kind of key: {', '.join(KEY_KINDS)}.")] = "id",
    envelope: Annotated[str, typer.Option(help="s3_csv or s3_parquet.")] = "s3_parquet",
    header: Annotated[bool, typer.Option(help="CSV files begin with a header line.")] = False,
    op_in_load: Annotated[bool, typer.Option(help="Load rows have Op = I.")] = False,
    timestamp_column: Annotated[str, typer.Option(help="'' for none.")] = "dms_ts",
    timestamp_position: Annotated[
        str, typer.Option(help="after_op, before_op or last.")
    ] = "after_op",
    change_seq_column: Annotated[str, typer.Option(help="'' for none.")] = "ar_h_change_seq",
    before_image_prefix: Annotated[
        str, typer.Option(help="'' for none, and then no key changes.")
    ] = "BI_",
    gzip: Annotated[bool, typer.Option(help="Compress with gzip.")] = False,
    delimiter: Annotated[str, typer.Option(help="Field delimiter of CSV.")] = ",",
    null_token: Annotated[str, typer.Option(help="What stands for NULL in CSV.")] = "NULL",
    date_folders: Annotated[
        str, typer.Option(help="Folders of change files, such as YYYYMMDD-SLASH; '' for none.")
    ] = "",
    load_files: Annotated[int, typer.Option(min=1, help="Load files per table, or segment.")] = 1,
    load_segments: Annotated[int, typer.Option(min=0, help="Folders of a parallel load.")] = 0,
    rows_per_file: Annotated[int, typer.Option(min=1, help="Most rows of a change file.")] = 10_000,
    timestamp_unit: Annotated[str, typer.Option(help="us or ms, in Parquet.")] = "us",
    resolution: Annotated[
        str, typer.Option(help="Of commit times: microsecond, millisecond or second.")
    ] = "microsecond",
    key_only_deletes: Annotated[bool, typer.Option(help="D rows have only a key.")] = False,
    disorder: Annotated[bool, typer.Option(help="Repeats, late files, races, null keys.")] = False,
    random_shapes: Annotated[
        bool, typer.Option(help="Draw key, columns, files and disorder of each table.")
    ] = False,
    reload_after: Annotated[
        list[int] | None,
        typer.Option(min=1, help="Load the tables anew after this round; may be given again."),
    ] = None,
    truncate_before: Annotated[
        list[int] | None,
        typer.Option(min=2, help="Truncate the tables before this round; may be given again."),
    ] = None,
    truth: Annotated[str, typer.Option(help="True rows after each, last or none round.")] = "each",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write files as AWS DMS leaves them on S3, with the true rows and a registry beside them.

    OUT/rounds/000 holds the full load, OUT/rounds/001 and on hold what changed; copy them into a
    lake in that order, or in any other. A reload stands at the end of its round; the empty file
    `_truncated` in a table's folder of a round says that all its earlier files are gone by then.
    OUT/truth holds the rows that live in the source after each round. OUT/_SOURCE__sources.yml is the registry.
    """
    facts: dict[str, Any] = {
        "header": header,
        "op_in_load": op_in_load,
        "timestamp_column": timestamp_column or None,
        "change_seq_column": change_seq_column or None,
        "before_image_prefix": before_image_prefix or None,
        "gzip": gzip,
        "delimiter": delimiter,
        "null_token": null_token,
        "load_files": load_files,
        "load_segments": load_segments,
        "rows_per_file": rows_per_file,
        "key_only_deletes": key_only_deletes,
        "envelope": _one_of("--envelope", envelope, get_args(Envelope)),
        "timestamp_position": _one_of(
            "--timestamp-position", timestamp_position, get_args(TimestampPosition)
        ),
        "timestamp_unit": _one_of("--timestamp-unit", timestamp_unit, ("us", "ms")),
        "resolution": _one_of("--resolution", resolution, tuple(RESOLUTIONS)),
        "date_folders": _date_folders(date_folders),
    }
    chosen = _one_of("--truth", truth, ("each", "last", "none"))
    kind = _one_of("--key", key, KEY_KINDS)
    try:
        specs = (
            random_tables(tables, seed, rows, changes, with_disorder=disorder)
            if random_shapes
            else _tables(tables, rows, changes, kind, Shape(**facts), disorder)
        )
        events: tuple[Reload | Truncate, ...] = (
            *(Reload(number, load_files) for number in reload_after or ()),
            *(Truncate(number) for number in truncate_before or ()),
        )
        specs = [replace(spec, events=events) for spec in specs]
        below = root if root is not None else f"{{{{ var('lake_root') }}}}/{source}"
        lake = _generate(out, specs, rounds, seed, source, below, chosen)
    except (ValueError, OSError) as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(_summary(lake)))
    else:
        _print(lake)


def _one_of(option: str, given: str, allowed: tuple[str, ...]) -> Any:
    """The text itself; raises typer.BadParameter where it is not one of those allowed."""
    if given not in allowed:
        raise typer.BadParameter(f"{option} is {given!r}; allowed: {', '.join(allowed)}.")
    return given


def _date_folders(text: str) -> tuple[str, str] | None:
    """`YYYYMMDD-SLASH` as its two parts; raises typer.BadParameter for others."""
    if not text:
        return None
    sequence, _, delimiter = text.partition("-")
    return (
        _one_of("--date-folders, before the dash,", sequence, SEQUENCES),
        _one_of("--date-folders, after the dash,", delimiter, DELIMITERS),
    )


def _tables(
    count: int, rows: int, changes: int, kind: Any, shape: Shape, disorder: bool
) -> list[TableSpec]:
    """`count` tables alike but for their names."""
    hard = FULL_DISORDER if disorder else Disorder()
    first = TableSpec(
        "t000",
        rows,
        changes,
        kind,
        shape=shape,
        disorder=hard.without_key() if kind == "none" else hard,
    )
    return [replace(first, name=f"t{number:03}") for number in range(count)]


def _generate(
    out: Path, specs: list[TableSpec], rounds: int, seed: int, source: str, root: str, truth: Any
) -> Lake:
    """Generate with a progress bar on the error stream."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task("Writing", total=len(specs) * (rounds + 1))

        def advance(table: str, number: int) -> None:
            progress.update(task, advance=1, description=f"{table}, round {number}")

        return generate(out, specs, rounds, seed, source, root, truth, advance)


def _summary(lake: Lake) -> dict[str, Any]:
    """What was written, for machines."""
    return {
        "out": str(lake.out),
        "registry": str(lake.registry),
        "rounds": lake.rounds,
        "tables": [
            {
                "name": table.name,
                "envelope": table.spec.shape.envelope,
                "rows": table.spec.rows,
                "changes": sum(table.changes),
                "files": sum(len(files) for files in table.files),
                "is_decidable": table.spec.is_decidable,
            }
            for table in lake.tables.values()
        ],
    }


def _print(lake: Lake) -> None:
    """What was written, for people."""
    tables = lake.tables.values()
    files = sum(len(names) for table in tables for names in table.files)
    changes = sum(sum(table.changes) for table in tables)
    typer.echo(
        f"{len(tables)} tables in {files} files below {lake.out / 'rounds'}: "
        f"{sum(table.spec.rows for table in tables):,} loaded rows, {changes:,} changes.\n"
        f"Registry: {lake.registry}"
    )
