"""The files that are measured: simulated once per size, kept, and put into a lake round by round."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from lake.simulate import Mix, Shape, TableSpec, copy_round, generate
from lake.simulate.registry import entry_of, sources_yaml
from lake.simulate.shape import Envelope

# As many rows leave as come, and no key is changed more often than another.
MIX = Mix(inserts=0.1, deletes=0.1, key_changes=0.02, hot_keys=0)
SEED = 7


def orders(
    rows: int, changes: int, envelope: Envelope = "s3_parquet", name: str = "orders",
    rows_per_file: int | None = None,
) -> TableSpec:  # fmt: skip
    """A table of ten columns in eight load files; each round brings one or two files of changes."""
    shape = Shape(
        envelope, header=True, load_files=8, rows_per_file=rows_per_file or max(1, changes * 6 // 5)
    )
    return TableSpec(name, rows, changes, shape=shape, mix=MIX)


def simulated(out: Path, spec: TableSpec, rounds: int) -> Path:
    """The folder of a simulated lake, made anew unless a finished one is there."""
    if not any(out.glob("_*__sources.yml")):
        shutil.rmtree(out, ignore_errors=True)
        generate(out, [spec], rounds, SEED, truth="last")
    return out


def registry(specs: Iterable[TableSpec], root: Path) -> str:
    """The registry's YAML of the tables, with their files below `root`."""
    return sources_yaml("shop", str(root), [entry_of(s, "shop", str(root)) for s in specs])


def deliver(out: Path, numbers: Iterable[int], lake: Path) -> list[Path]:
    """Copy rounds into a lake, modification times kept; returns the copies."""
    return [path for number in numbers for path in copy_round(out, number, lake)]
