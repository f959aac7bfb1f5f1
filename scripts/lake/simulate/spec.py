"""What a simulated table is: its rows, its files and how hard its deliveries are."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from lake.simulate.disorder import Disorder, random_disorder
from lake.simulate.events import Reload, Truncate
from lake.simulate.shape import Shape, random_shape
from lake.simulate.values import DEFAULT_COLUMNS, Column, KeyKind, identity_columns
from lake.simulate.workload import Mix


@dataclass(frozen=True)
class TableSpec:
    """One source table.

    `rows` are loaded at the start, `changes` follow in every round. `columns` are those beside the
    key; the key columns come from `key_kind` and stand first, or last where `key_last`. `events`
    are later full loads and truncates, at most one between two rounds.
    """

    name: str
    rows: int = 1_000
    changes: int = 500
    key_kind: KeyKind = "id"
    key_last: bool = False
    columns: tuple[Column, ...] = DEFAULT_COLUMNS
    shape: Shape = field(default_factory=Shape)
    disorder: Disorder = field(default_factory=Disorder)
    mix: Mix = field(default_factory=Mix)
    events: tuple[Reload | Truncate, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError for counts below zero and for columns that clash."""
        if self.rows < 0 or self.changes < 0:
            raise ValueError(
                f"table {self.name}: rows {self.rows}, changes {self.changes}: none may be negative"
            )
        gaps = [
            event.after if isinstance(event, Reload) else event.before - 1 for event in self.events
        ]
        if len(set(gaps)) != len(gaps) or any(gap < 1 for gap in gaps):
            raise ValueError(
                f"table {self.name}: reloads and truncates stand between rounds {gaps} and the next; "
                "give each gap one at most, and none before round 1"
            )
        if self.events and self.shape.envelope == "binlog_json":
            raise ValueError(f"table {self.name}: a binlog beside a dump is loaded once")
        names = [column.name.lower() for column in self.declared]
        if len(set(names)) != len(names):
            raise ValueError(f"table {self.name}: two columns have one name: {', '.join(names)}")

    @property
    def key(self) -> list[str]:
        """The key's column names; empty for a table without a key."""
        return (
            []
            if self.key_kind == "none"
            else [column.name for column in identity_columns(self.key_kind)]
        )

    @property
    def declared(self) -> list[Column]:
        """All source columns in file order."""
        identity = list(identity_columns(self.key_kind))
        return [*self.columns, *identity] if self.key_last else [*identity, *self.columns]

    @property
    def sees_key_changes(self) -> bool:
        """Whether the files can tell that a key changed; where not, the workload changes no key."""
        return bool(self.key) and self.shape.before_image_prefix is not None

    @property
    def is_decidable(self) -> bool:
        """Whether the files hold every fact that the true rows follow from.

        Without a change sequence, a row that arrives again in a later file cannot be told from a
        newer change. A value that was left out may have changed.
        """
        if self.shape.unsupplied_token is not None:
            return False
        return self.shape.change_seq_column is not None or not self.disorder.repeats


def random_tables(
    count: int,
    seed: int,
    rows: int = 60,
    changes: int = 80,
    with_disorder: bool = True,
    null_keys: bool = True,
) -> list[TableSpec]:
    """`count` tables of random key, columns, shape and disorder, named t000, t001 …, by `seed`."""
    tables = []
    for number in range(count):
        rng = random.Random(f"{seed}/tables/{number}")
        kind: KeyKind = rng.choice(("id", "id", "code", "pair", "dated", "none"))
        disorder = random_disorder(rng, null_keys=null_keys) if with_disorder else Disorder()
        shape = random_shape(rng)
        if shape.change_seq_column is None and rng.random() < 0.6:
            # Most tables should be decidable, or their truth could not be held against the lake.
            disorder = replace(disorder, duplicate_files=0.0, replayed_files=0.0)
        tables.append(
            TableSpec(
                name=f"t{number:03}",
                rows=rng.choice((0, 1, rows, rows)),
                changes=changes,
                key_kind=kind,
                key_last=rng.random() < 0.3,
                columns=tuple(rng.sample(DEFAULT_COLUMNS, rng.randint(1, len(DEFAULT_COLUMNS)))),
                shape=shape,
                disorder=disorder if kind != "none" else disorder.without_key(),
                mix=Mix(key_changes=rng.choice((0.0, 0.05, 0.2)), hot_keys=rng.choice((0, 5, 20))),
            )
        )
    return tables
