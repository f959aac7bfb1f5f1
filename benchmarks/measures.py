"""What is measured. Each function takes the folder of its lake and the sizes, and returns the figures by name."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import duckdb
from benchmarks import lakes
from benchmarks.project import Project, Run, timed

from lake.simulate.shape import Envelope

BY_HAND = Path(__file__).with_name("by_hand.py")
# The nodes that bring one table up to date and keep its rejected rows.
TABLE = ("chg_", "lat_", "cur_", "rej_")
# A statement that runs beside another's shares the cores with it, and would be charged for both.
ONE_AFTER_THE_OTHER = ("build", "--threads", "1")
Figures = dict[str, float | int | str]


def fresh(home: Path, specs: Sequence[lakes.TableSpec]) -> Project:
    """An empty lake and a project over it; simulated files beside it stay."""
    shutil.rmtree(home, ignore_errors=True)
    project = Project(home, {})
    text = lakes.registry(specs, project.lake / "shop")
    project.register_text(text, [spec.name for spec in specs])
    return project


def by_hand(action: str, database: Path, files: Sequence[Path]) -> dict[str, float]:
    """Run the hand-written SQL in its own process; seconds and CPU seconds of it, peak in GB."""
    listed = database.with_suffix(".files")
    listed.write_text("\n".join(str(file) for file in files))
    command = f'exec "{sys.executable}" "{BY_HAND}" {action} "{database}" < "{listed}"'
    _, _, peak, output = timed(["sh", "-c", command])
    return {**json.loads(output), "peak_gb": peak}


def against_hand(folder: Path, rows: int, changes: int, rounds: int, repeats: int) -> Figures:
    """First builds and rounds by the project, by hand and by hand with MERGE, in turns."""
    out = lakes.simulated(folder / f"orders_{rows}", lakes.orders(rows, changes), 10 + rounds)
    database, merged = folder / "hand.duckdb", folder / "merge.duckdb"
    wide = folder / "wide.duckdb"
    builds: list[tuple[dict[str, float], Run]] = []
    wides: list[dict[str, float]] = []
    together: list[Run] = []
    for _ in range(repeats):
        project = fresh(folder / "against_hand", [lakes.orders(rows, changes)])
        first = lakes.deliver(out, range(11), project.lake)
        database.unlink(missing_ok=True)
        by = by_hand("build", database, first)
        builds.append((by, project.measured(*ONE_AFTER_THE_OTHER)))
        wide.unlink(missing_ok=True)
        wides.append(by_hand("build_wide", wide, first))
        project = fresh(folder / "against_hand", [lakes.orders(rows, changes)])
        lakes.deliver(out, range(11), project.lake)
        together.append(project.measured("build"))
    shutil.copyfile(database, merged)
    turns, beyond = [], []
    for number in range(11, 11 + rounds):
        files = lakes.deliver(out, [number], project.lake)
        hand = by_hand("update", database, files)
        ours = project.measured(*ONE_AFTER_THE_OTHER)
        idle = project.measured(*ONE_AFTER_THE_OTHER)
        beyond.append((ours.wall - idle.wall, ours.cpu - idle.cpu))
        wide_round = by_hand("update_wide", wide, files)
        turns.append((hand, ours, by_hand("merge", merged, files), wide_round))
    truth = out / "truth" / f"{10 + rounds:03}" / "shop" / "orders.parquet"
    return {
        "rows differ between project and by hand": differences(project, database, truth),
        **compared("first build", builds),
        "first build on two dbt threads, whole process s": median(run.wall for run in together),
        "first build on two dbt threads, engine, changes and latest s": median(
            run.engine_of("chg_", "lat_") for run in together
        ),
        "first build by hand with all stored columns s": median(by["seconds"] for by in wides),
        "first build by hand with all stored columns CPU s": median(by["cpu"] for by in wides),
        **compared("round", [(hand, run) for hand, run, _, _ in turns]),
        "round whole process s, beyond one with nothing new": median(wall for wall, _ in beyond),
        "round whole process CPU s, beyond one with nothing new": median(cpu for _, cpu in beyond),
        "round by hand with all stored columns s": median(by["seconds"] for *_, by in turns),
        "round by hand with all stored columns CPU s": median(by["cpu"] for *_, by in turns),
        "round by hand with merge CPU s": median(merge["cpu"] for _, _, merge, _ in turns),
        "round by hand with merge s": median(merge["seconds"] for _, _, merge, _ in turns),
        "round by hand with merge, last s": turns[-1][2]["seconds"],
        "database after the rounds, project MB": project.database.stat().st_size / 1e6,
        "database after the rounds, by hand MB": database.stat().st_size / 1e6,
        "database after the rounds, merge MB": merged.stat().st_size / 1e6,
    }


def compared(name: str, pairs: Sequence[tuple[dict[str, float], Run]]) -> Figures:
    """Medians of one kind of run, side by side."""
    hand = median(pair[0]["seconds"] for pair in pairs)
    latest = median(run.engine_of("chg_", "lat_") for _, run in pairs)
    return {
        f"{name} by hand s": hand,
        f"{name} by hand CPU s": median(pair[0]["cpu"] for pair in pairs),
        f"{name} by hand peak GB": max(pair[0]["peak_gb"] for pair in pairs),
        f"{name} engine, changes and latest s": latest,
        f"{name} engine, changes and latest / by hand": median(
            run.engine_of("chg_", "lat_") / by["seconds"] for by, run in pairs
        ),
        f"{name} engine, rejected s": median(run.engine_of("rej_") for _, run in pairs),
        f"{name} engine, whole run s": median(run.engine for _, run in pairs),
        f"{name} dbt's own s": median(run.wall - run.engine for _, run in pairs),
        f"{name} whole process s": median(run.wall for _, run in pairs),
        f"{name} whole process CPU s": median(run.cpu for _, run in pairs),
        f"{name} whole process peak GB": max(run.peak_gb for _, run in pairs),
    }


def differences(project: Project, database: Path, truth: Path) -> int:
    """Living rows that the project, the hand-written SQL and the simulated source do not share."""
    columns = ", ".join(f'"{column.name}"' for column in lakes.orders(1, 1).declared)
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(f"attach '{project.database}' as project (read_only)")
        connection.execute(f"attach '{database}' as hand (read_only)")
        queries = [
            f"select {columns} from project.cur_shop__orders",
            f"select {columns} from hand.latest where not is_deleted",
            f"select {columns} from read_parquet('{truth}')",
        ]
        found = 0
        for left, right in zip(queries, [*queries[1:], queries[0]], strict=True):
            difference = f"select count(*) from (({left}) except all ({right}))"
            found += connection.execute(difference).fetchall()[0][0]
        return found


def history(folder: Path, rows: int, changes: int) -> Figures:
    """Fifty rounds on a table whose size stays: rounds 2 to 6 against rounds 46 to 50."""
    out = lakes.simulated(folder / f"history_{rows}", lakes.orders(rows, changes), 50)
    project = fresh(folder / "history", [lakes.orders(rows, changes)])
    lakes.deliver(out, [0], project.lake)
    project.build()
    runs = []
    for number in range(1, 51):
        lakes.deliver(out, [number], project.lake)
        # The rounds between are only there to have been.
        if 2 <= number <= 6 or number >= 46:
            runs.append(project.measured("build"))
        else:
            project.build()
    early, late = runs[:5], runs[5:]
    figures: Figures = {}
    for name, values in (
        ("engine s", [run.engine for run in runs]),
        ("changes and latest s", [run.engine_of("chg_", "lat_") for run in runs]),
        ("whole process CPU s", [run.cpu for run in runs]),
    ):
        figures[f"rounds 2-6, {name}"] = median(values[: len(early)])
        figures[f"rounds 46-50, {name}"] = median(values[-len(late) :])
        ratio = median(values[-len(late) :]) / median(values[: len(early)])
        figures[f"late / early, {name}"] = ratio
    return figures


def opened_files(folder: Path, files: int) -> Figures:
    """How many of a table's files a round opens that brings two new ones (strace), and its time."""
    figures: Figures = {}
    for envelope in ("s3_parquet", "s3_csv"):
        figures |= opened_of(folder, envelope, files)
    return figures


def opened_of(folder: Path, envelope: Envelope, files: int) -> Figures:
    """`opened_files` for one envelope."""
    per_file = 10
    spec = lakes.orders(1_000, files * per_file * 3 // 4, envelope, rows_per_file=per_file)
    out = lakes.simulated(folder / f"files_{envelope}_{files}", spec, 1)
    project = fresh(folder / f"opened_{envelope}", [spec])
    delivered = lakes.deliver(out, range(2), project.lake)
    new = [path for path in delivered if not path.name.startswith("LOAD")][-2:]
    held = {path: (path.read_bytes(), path.stat()) for path in new}
    for path in new:
        path.unlink()
    project.build()
    for path, (content, stat) in held.items():
        project.put(str(path.relative_to(project.lake)), content)
        os.utime(path, (stat.st_atime, stat.st_mtime))
    trace = project.home / "trace"
    run = project.measured("build", trace=trace)
    suffix = ".csv" if envelope == "s3_csv" else ".parquet"
    paths = re.findall(r'openat\([^"]*"([^"]*)"', trace.read_text(errors="replace"))
    opened = [path for path in paths if path.endswith(suffix)]
    return {
        f"{envelope}: files in the table": len(delivered),
        f"{envelope}: different files opened by a round with 2 new": len(set(opened)),
        f"{envelope}: of these not new": len(set(opened) - {str(path) for path in new}),
        f"{envelope}: times that a file was opened": len(opened),
        f"{envelope}: rows of the round": project.sql(
            "select count(*) as n from lat_shop__orders where _cdc_processed_at ="
            " (select max(_cdc_processed_at) from lat_shop__orders)"
        )[0]["n"],
        f"{envelope}: engine s (under strace)": run.engine,
    }


def memory(folder: Path, rows: int, limit: str) -> Figures:
    """A first build of one large table with DuckDB's memory_limit, and what the process really took."""
    out = lakes.simulated(folder / f"large_{rows}", lakes.orders(rows, rows // 100), 1)
    project = fresh(folder / "memory", [lakes.orders(rows, rows // 100)])
    project.limit_memory(limit)
    lakes.deliver(out, range(2), project.lake)
    run = project.measured("build")
    return {
        "rows": project.sql("select count(*) as n from lat_shop__orders")[0]["n"],
        "memory_limit": limit,
        "peak of the process GB": run.peak_gb,
        "engine s": run.engine,
        "whole process CPU s": run.cpu,
    }


def nothing_new(folder: Path, counts: Sequence[int], repeats: int) -> Figures:
    """`dbt build` when no file is new, by the number of tables, and what takes the time."""
    figures: Figures = {}
    for count in counts:
        specs = [lakes.orders(100, 20, name=f"t{number:03}") for number in range(count)]
        project = fresh(folder / f"idle_{count}", specs)
        out = folder / "idle"
        lakes.simulated(out, lakes.orders(100, 20), 1)
        for spec in specs:
            for path in lakes.deliver(out, range(2), project.home / "copy"):
                below = path.relative_to(project.home / "copy" / "shop" / "orders")
                project.put(f"shop/{spec.name}/{below}", path.read_bytes())
            shutil.rmtree(project.home / "copy")
        project.build()
        runs = [project.measured("build") for _ in range(repeats)]
        figures |= idle_figures(f"{count} tables", runs, count)
    few, many = (f"{count} tables, whole process s" for count in (counts[0], counts[-1]))
    figures["one more table s"] = (float(figures[many]) - float(figures[few])) / (
        counts[-1] - counts[0]
    )
    return figures


def idle_figures(name: str, runs: Sequence[Run], count: int) -> Figures:
    """Medians of runs that had nothing to do."""
    figures: Figures = {
        f"{name}, whole process s": median(run.wall for run in runs),
        f"{name}, whole process CPU s": median(run.cpu for run in runs),
        f"{name}, outside all nodes s": median(run.wall - sum(run.nodes.values()) for run in runs),
        f"{name}, engine s": median(run.engine for run in runs),
    }
    for room in TABLE:
        figures[f"{name}, {room} node s a table"] = median(
            sum(t for node, t in run.nodes.items() if node.startswith(room)) / count for run in runs
        )
        figures[f"{name}, {room} statements a table"] = median(
            sum(len(s) for node, s in run.statements.items() if node.startswith(room)) / count
            for run in runs
        )
    return figures
