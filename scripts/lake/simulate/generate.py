"""Write a whole simulated lake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from lake.simulate.deliver import Delivery, LakeTable, Truth, write_table
from lake.simulate.events import last_round
from lake.simulate.registry import sources_yaml
from lake.simulate.spec import TableSpec


@dataclass(frozen=True)
class Lake:
    """A simulated lake: `out/rounds/<NNN>/<source>/<table>/…`, beside it `out/truth/<NNN>/…`."""

    out: Path
    source: str
    rounds: int
    registry: Path
    tables: dict[str, LakeTable]

    def path(self, number: int, file: str) -> Path:
        """The file that `tables[…].files[number]` names."""
        return self.out / "rounds" / f"{number:03}" / file

    def delivered(self, table: str, until: int | None = None) -> list[Path]:
        """All files of a table delivered up to and with round `until` (all rounds by default)."""
        rounds = self.tables[table].files[: None if until is None else until + 1]
        return [self.path(number, file) for number, files in enumerate(rounds) for file in files]


def generate(
    out: Path,
    tables: list[TableSpec],
    rounds: int = 3,
    seed: int = 1,
    source: str = "shop",
    root: str = "{{ var('lake_root') }}/shop",
    truth: Truth = "each",
    on_round: Callable[[str, int], None] | None = None,
) -> Lake:
    """Write the files, truth and registry of `tables` below `out`.

    Round 0 is the load, rounds 1 … `rounds` are changes.

    The same arguments give the same files. `truth` 'last' or 'none' saves time on large tables.
    `on_round` is called with (table, round) after each round written. Raises ValueError for no
    tables, a repeated name, negative rounds or an event after the last, FileExistsError when `out` holds a simulated lake
    already.
    """
    names = [spec.name for spec in tables]
    if not tables or len(set(names)) != len(names):
        raise ValueError(
            f"Give at least one table, each with its own name; given: {', '.join(names) or 'none'}."
        )
    if rounds < 0:
        raise ValueError(f"rounds is {rounds}; it must not be negative.")
    for spec in tables:
        if any(last_round(event) > rounds for event in spec.events):
            raise ValueError(f"table {spec.name}: {spec.events}, but there are {rounds} rounds.")
    if (out / "rounds").exists():
        raise FileExistsError(
            f"{out} holds a simulated lake already. Give another folder, or remove it."
        )
    written: dict[str, LakeTable] = {}
    with duckdb.connect(config={"threads": 2}) as con:
        for position, spec in enumerate(tables):
            to = Delivery(out, source, root, rounds, seed, truth, position, len(tables))
            for number, table in enumerate(write_table(con, spec, to)):
                written[spec.name] = table
                if on_round:
                    on_round(spec.name, number)
    registry = out / f"_{source}__sources.yml"
    registry.parent.mkdir(parents=True, exist_ok=True)
    registry.write_text(
        sources_yaml(source, root, [table.entry for table in written.values()]), encoding="utf-8"
    )
    return Lake(out, source, rounds, registry, written)
