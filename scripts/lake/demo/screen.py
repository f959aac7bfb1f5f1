"""Show a played demo to a person: two systems in full, the others a line a table, then the answers, 100 columns wide."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lake.demo.play import Answer, Play, Row, TableView
from lake.run.cost import Cost

ABOUT = {
    "retail": "Parquet with a commit time: later means a later dms_received_ts.",
    "shop": "CSV with a header line and no time: later means a later file name, then a later row.",
    "school": "A full load every day: what the newest one lacks is gone.",
    "learning": "Nightly dumps: gzip, tab separated, several files, names given apart.",
    "racing": "A stream of many tables as JSON, and the same converted to Parquet.",
    "storefront": "Gzip CSV with updates that come late, and click events as JSON.",
    "sales": "Events as CSV without a header line: inserts only.",
    "purchases": "A dump as CSV, then the binlog's row events, some of which raced it.",
}
IN_FULL = ("retail", "shop")
# What writes a table has a line of its own among the costs.
WRITES = ("lat_", "hst_", "rej_")
VIEWS, TESTS, OTHERS = "all views and marts", "all tests", "the ledger, and dbt itself"
STYLES = {" ": "", "-": "red", "+": "green"}


def show(play: Play, console: Console) -> None:
    """Print the first systems' screens, a line for each table of the others, and what to do next."""
    for system in IN_FULL:
        views = [view for view in play.tables if _system(view) == system]
        console.print(screen(play, views))
    console.print(summary([view for view in play.tables if _system(view) not in IN_FULL]))
    if any(build.costs for build in play.builds):
        console.print(costs(play))
    console.print(answers(play.answers))
    console.print(_next_steps(play))


def screen(play: Play, views: list[TableView]) -> RenderableType:
    """Tables of one system: what was written, what it came to, what was rejected, what was read."""
    system = _system(views[0]) if views else ""
    about = ABOUT.get(system, "")
    parts: list[RenderableType] = [Text(f"\n{system}", "bold").append(f"  {about}", "dim")]
    parts += [
        _heading("What DMS wrote in the last round"),
        *(Padding(_as_written(view), (0, 0, 0, 1)) for view in views if view.changes),
        _heading("Current rows: - before, + after, and the file:row each came from"),
        *(_rows_of(view) for view in views),
    ]
    if rejected := [row for view in views for row in view.rejected]:
        parts.append(_heading("Rejected: kept with the reason, in rej_ models"))
        parts += [Padding(_rejected(row), (0, 0, 0, 1)) for row in rejected]
    parts += [_heading("What each build read and wrote, by the ledger"), _builds(play, views)]
    return Group(*parts)


def summary(views: list[TableView]) -> RenderableType:
    """One line for each table: its rows before and after the last build, and what was not kept."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for title in ("table", "envelope"):
        table.add_column(title, no_wrap=True)
    for title in ("before", "after", "deleted", "rejected"):
        table.add_column(title, no_wrap=True, justify="right")
    for view in views:
        counted = (view.before, view.after, view.deleted, view.rejected)
        table.add_row(view.name, view.envelope, *(str(len(rows)) for rows in counted))
    heading = _heading(
        "The other envelopes, by rows; one in full: lake demo --table racing.race_entry"
    )
    return Group(heading, table)


def answers(found: list[Answer]) -> RenderableType:
    """The marts that answer the sales questions, side by side."""
    side_by_side = Table.grid(padding=(0, 4, 0, 0))
    tables: list[RenderableType] = []
    for answer in found:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for name, value in answer.rows[0].items():
            is_number = isinstance(value, int | float | Decimal)
            table.add_column(name, justify="right" if is_number else "left", no_wrap=True)
        for row in answer.rows:
            table.add_row(*(f"{v:,}" if not isinstance(v, str) else v for v in row.values()))
        tables.append(Group(_heading(answer.title), table))
    side_by_side.add_row(*tables)
    return side_by_side


def costs(play: Play) -> RenderableType:
    """What each model's statements cost Athena in each build; a line for what wrote, views and the rest summed."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("model", no_wrap=True)
    for build in play.builds:
        for title in (f"build {build.number}:\nstatements", "seconds", "bytes"):
            table.add_column(title, no_wrap=True, justify="right", vertical="bottom")
    by_line = [_by_line(build.costs) for build in play.builds]
    for line in sorted({name for found in by_line for name in found}, key=_line_order):
        cells: list[str] = []
        for found in by_line:
            cost = found.get(line, Cost())
            cells += [str(cost.statements), f"{cost.seconds:.1f}", f"{cost.scanned_bytes:,}"]
        table.add_row(line, *cells)
    return Group(_heading("What Athena did, of all statements: number, seconds, bytes read"), table)


def _by_line(found: Mapping[str, Cost]) -> dict[str, Cost]:
    lines: dict[str, Cost] = {}
    for node, cost in found.items():
        kind, _, name = node.rpartition(".")
        if kind.startswith("model.") and not name.startswith(WRITES):
            name = VIEWS
        elif not kind.startswith("model."):
            name = TESTS if kind.startswith("test.") else OTHERS
        line = lines.setdefault(name, Cost())
        line.statements += cost.statements
        line.seconds += cost.seconds
        line.scanned_bytes += cost.scanned_bytes
    return lines


def _line_order(name: str) -> tuple[int, str]:
    return ((VIEWS, TESTS, OTHERS).index(name) + 1 if name in (VIEWS, TESTS, OTHERS) else 0), name


def _system(view: TableView) -> str:
    return view.name.split(".")[0]


def differences(view: TableView) -> list[tuple[str, Row]]:
    """The rows of current by key, each with a mark: ' ' kept, '-' before, '+' after."""
    before = {_identity(view, row): row for row in view.before}
    after = {_identity(view, row): row for row in view.after}
    marked: list[tuple[str, Row]] = []
    for key in sorted({**before, **after}):
        if before.get(key) == after.get(key):
            marked.append((" ", after[key]))
        else:
            marked += [("-", before[key])] if key in before else []
            marked += [("+", after[key])] if key in after else []
    return marked


def origin(row: Row) -> str:
    """The file and the row in it that a row came from, as `name:number`."""
    if row["_cdc_file_path"] is None:
        return "a newer full load that lacks it"
    return f"{Path(row['_cdc_file_path']).name}:{row['_cdc_file_row_number']}"


def _identity(view: TableView, row: Row) -> tuple[object, ...]:
    if view.key:
        return tuple(row[name] for name in view.key)
    # Without a key a row is the place in the files where it stands.
    phase = 0 if row["_cdc_operation"] == "load" else 1
    return phase, Path(row["_cdc_file_path"]).name, row["_cdc_file_row_number"]


def _heading(text: str) -> Text:
    return Text(f"\n{text}", "bold")


def _as_written(view: TableView) -> Text:
    """The rows as lines of text under the names that the file gives them."""
    text, last = Text(), ""
    for row in view.changes:
        values = {name: value for name, value in row.items() if not name.startswith("_")}
        if row["_file"] != last:
            text.append(f"{view.name.split('.')[1]}/{row['_file']}\n", "cyan")
            text.append("" if "line" in values else f"  {_line(values)}\n", "dim")
            last = row["_file"]
        line = values["line"] if "line" in values else _line(values.values())
        text.append(f"{row['_row']} ", "dim").append(f"{line}\n")
    text.right_crop(1)
    return text


def _line(values: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(values)
    return buffer.getvalue()


def _rows_of(view: TableView) -> RenderableType:
    title = f" cur_{view.name.replace('.', '__')}"
    if not view.before + view.after:
        return Text(f"{title}: no living row", "cyan")
    names = [name for name in (view.before + view.after)[0] if not name.startswith("_cdc_")]
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("", min_width=1)
    for name in names:
        is_number = all(isinstance(row[name], int | float | Decimal | None) for row in view.after)
        heading = name.replace("_", "\n", 1) if len(name) > 8 or "_" in name[:6] else name
        table.add_column(heading, justify="right" if is_number else "left", no_wrap=True)
    table.add_column("file:row", no_wrap=True)
    for mark, row in differences(view):
        cells = [str(row[name]) if row[name] is not None else "null" for name in names]
        table.add_row(mark, *cells, origin(row), style=STYLES[mark])
    parts: list[RenderableType] = [Text(title, "cyan"), table]
    for row in view.after:
        if row["_cdc_issues"]:
            found = f"  {origin(row)} did not fit its type, and the row stays: {row['_cdc_issues']}"
            parts.append(Text(found, "dim"))
    for row in view.deleted:
        key = ", ".join(f"{name} {row[name]}" for name in view.key)
        parts.append(Text(f"  {key} was deleted by {origin(row)}", "dim"))
    return Group(*parts)


def _rejected(row: Row) -> Text:
    text = Text(origin(row), "cyan").append(f"  {row['_cdc_reject_reason']}\n", "default")
    return text.append(f"  {_line(_fields(row))}", "dim")


def _fields(row: Row) -> list[object]:
    """The values of a rejected row, as its raw text has kept them."""
    kept = json.loads(row["_cdc_raw_text"])
    return json.loads(kept["fields"]) if "fields" in kept else list(kept.values())


def _builds(play: Play, views: list[TableView]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for title in ("build", "table", "files read", "rows written to latest", "rejected"):
        table.add_column(title, no_wrap=True)
    for build in play.builds:
        for view in views:
            runs = {run["model"][:3]: run for run in build.runs if run["source_table"] == view.name}
            if "lat" in runs:
                table.add_row(
                    str(build.number),
                    view.name.split(".")[1],
                    "\n".join(runs["lat"]["files"] or []),
                    _written(runs["lat"]),
                    str(runs["rej"]["rows_written"]) if "rej" in runs else "0",
                )
    return table


def _written(run: Row) -> str:
    tombstones = f", {run['tombstones']} of them a tombstone" if run["tombstones"] else ""
    return f"{run['rows_written']}{tombstones}"


def _next_steps(play: Play) -> Text:
    seconds = " and ".join(f"{build.seconds:.1f}" for build in play.builds)
    page = f"  see the page:   {play.page}, in any browser\n" if play.page else ""
    return Text(f"\n{len(play.builds)} builds in {seconds} s. Next:\n", "bold").append(
        f"  look around:    {play.look_around}\n"
        f"  see the files:  {play.lake}\n"
        f"{page}"
        "  add a table:    docs/add-a-table.md\n"
        "  what is proven: docs/guarantees.md\n",
        "not bold",
    )
