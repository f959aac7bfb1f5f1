"""A small lake to try things in: files put in place, one dbt project over them, builds, and the rows afterwards.

The project under test is this repository's `macros/` under a registry and models of the test's own, so a test says in a
few lines which tables there are, which files arrive, and what the tables must hold then.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

REPOSITORY = Path(__file__).resolve().parents[2]
Row = dict[str, Any]
# No logs and no artifacts on disk: nobody reads them here, and they cost a fifth of a build.
LEAN = ("--log-level", "none", "--log-level-file", "none", "--no-write-json")
# What dbt kept of parsing the first lake's project, macros above all: the next ones begin with it.
_parsed: list[bytes] = []


@dataclass(frozen=True)
class Outcome:
    """What one dbt invocation did: whether it succeeded, and every message it printed."""

    success: bool
    messages: list[str] = field(repr=False)

    @property
    def text(self) -> str:
        """All messages in one text."""
        return "\n".join(self.messages)


@dataclass(frozen=True)
class Table:
    """One registered table: its columns as `{name: data_type}` and its registry fields."""

    columns: Mapping[str, str]
    fields: Mapping[str, Any]
    column_fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def node(self, name: str) -> dict[str, Any]:
        """The table as it stands in the registry's YAML."""
        columns: list[dict[str, Any]] = []
        for column, data_type in self.columns.items():
            entry: dict[str, Any] = {"name": column, "data_type": data_type}
            if column in self.column_fields:
                entry["config"] = {"meta": {"dms_lake": dict(self.column_fields[column])}}
            columns.append(entry)
        return {
            "name": name,
            "config": {"meta": {"dms_lake": dict(self.fields)}},
            "columns": columns,
        }


class Lakehouse:
    """A lake folder and a dbt project over it, both below `home`.

    Args:
        home: an empty folder of the test's own.
        tables: the registered tables of the one source `shop`, by name.
        source: registry fields that all of them share (`root` is set to the lake's folder).
        models: which rooms get a model for each table.
    """

    def __init__(
        self,
        home: Path,
        tables: Mapping[str, Table],
        source: Mapping[str, Any] | None = None,
        models: Sequence[str] = ("chg", "lat", "cur", "rej"),
    ) -> None:
        self.home = home
        self.lake = home / "lake"
        self.project = home / "project"
        self.database = home / "lake.duckdb"
        self.models = tuple(models)
        self.lake.mkdir(parents=True, exist_ok=True)
        self.project.mkdir(parents=True, exist_ok=True)
        self._write_project()
        self.register(tables, source or {})

    def _write_project(self) -> None:
        for name in ("macros", "tests"):
            target = self.project / name
            if not target.exists():
                target.symlink_to(REPOSITORY / name, target_is_directory=True)
        for name in ("dbt_project.yml", ".dbtignore"):
            if (REPOSITORY / name).exists():
                (self.project / name).write_text((REPOSITORY / name).read_text())
        (self.project / "models").mkdir(exist_ok=True)
        for room in ("audit", "docs"):
            link = self.project / "models" / room
            if (REPOSITORY / "models" / room).exists() and not link.exists():
                link.symlink_to(REPOSITORY / "models" / room, target_is_directory=True)
        profile = {
            "dms_lake": {
                "target": "duckdb",
                "outputs": {
                    "duckdb": {
                        "type": "duckdb",
                        "path": str(self.database),
                        "threads": 2,
                        "settings": {"TimeZone": "UTC"},
                    }
                },
            }
        }
        (self.project / "profiles.yml").write_text(yaml.safe_dump(profile))

    @property
    def has_common_profile(self) -> bool:
        """Whether dbt connects as in any other such lake, but for the folder."""
        return True

    @property
    def raw_root(self) -> str:
        """The registry's root."""
        return str(self.lake)

    @property
    def numbers_rows(self) -> bool:
        """Whether every row knows its number in its file."""
        return True

    def local(self, path: str) -> str:
        """Where a file that a table names lies on this machine."""
        return path

    def break_macro(self, path: str, old: str, new: str) -> None:
        """Replace a text in a macro of this project alone: a fault made on purpose. `old` must stand there once."""
        macros = self.project / "macros"
        if macros.is_symlink():
            macros.unlink()
            shutil.copytree(REPOSITORY / "macros", macros)
        text = (macros / path).read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        (macros / path).write_text(text.replace(old, new))

    def mend_macros(self) -> None:
        """Take back every fault that `break_macro` made."""
        macros = self.project / "macros"
        if not macros.is_symlink():
            shutil.rmtree(macros)
            macros.symlink_to(REPOSITORY / "macros", target_is_directory=True)

    def register(
        self, tables: Mapping[str, Table], source: Mapping[str, Any] | None = None
    ) -> None:
        """Write the registry and the one-line models of every table, replacing what was there."""
        registry = {
            "sources": [
                {
                    "name": "shop",
                    "config": {"meta": {"dms_lake": {"root": self.raw_root, **(source or {})}}},
                    "tables": [table.node(name) for name, table in tables.items()],
                }
            ]
        }
        self.register_text(yaml.safe_dump(registry, sort_keys=False), tables)

    def register_text(self, registry: str, tables: Iterable[str]) -> None:
        """Write a registry as it is given, and the one-line models of the tables named."""
        raw = self.project / "models" / "raw"
        raw.mkdir(parents=True, exist_ok=True)
        (raw / "_shop__sources.yml").write_text(registry)
        self.write_models(tables)

    def write_models(self, tables: Iterable[str]) -> None:
        """Write the one-line models of the tables named."""
        for name in tables:
            for prefix, text in model_texts(name).items():
                if prefix in self.models:
                    folder = self.project / "models" / ROOMS[prefix]
                    folder.mkdir(exist_ok=True)
                    (folder / f"{prefix}_shop__{name.lower()}.sql").write_text(text)

    def add_model(self, path: str, text: str) -> None:
        """Write a model of the test's own; `path` is below `models/`, without `.sql`."""
        target = self.project / "models" / f"{path}.sql"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text + "\n")

    def put(
        self,
        path: str,
        content: str | bytes | Iterable[Row] | pa.Table,
        modified: str | dt.datetime | None = None,
    ) -> Path:
        """Lay a file into the lake: text or bytes as they are, rows as Parquet.

        Args:
            path: below the lake's folder, e.g. `orders/LOAD00000001.csv`.
            content: the file's text, bytes, or rows (one dict a row).
            modified: its last-modified time (UTC), e.g. `2024-01-01 10:00:00`; now where it is left out.
        """
        target = self.lake / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            target.write_bytes(content.encode())
        elif isinstance(content, bytes):
            target.write_bytes(content)
        else:
            table = (
                content if isinstance(content, pa.Table) else pa.Table.from_pylist(list(content))
            )
            pq.write_table(table, target)
        if modified is not None:
            moment = dt.datetime.fromisoformat(modified) if isinstance(modified, str) else modified
            seconds = moment.replace(tzinfo=dt.UTC).timestamp()
            os.utime(target, (seconds, seconds))
        return target

    def dbt(self, *arguments: str) -> Outcome:
        """Run dbt in this process and keep what it says."""
        messages: list[str] = []
        runner = dbtRunner(callbacks=[lambda event: messages.append(event.info.msg)])
        with self._parsed_before() as profiles:
            folders = ["--project-dir", str(self.project), "--profiles-dir", str(profiles)]
            result = runner.invoke(
                ["--quiet", "--no-use-colors", "--no-version-check", *LEAN, *arguments, *folders]
            )
        # The adapter keeps the file open for the life of the process; the test reads it next.
        DuckDBConnectionManager.close_all_connections()
        if not result.success:
            # What failed may still hold the connection that it failed on.
            gc.collect()
        if result.exception is not None:
            messages.append(str(result.exception))
        return Outcome(bool(result.success), messages)

    @contextlib.contextmanager
    def _parsed_before(self) -> Iterator[Path]:
        """Let dbt begin with what it kept of another lake's project; the folder of a profile with which it may.

        dbt parses all anew where the profile differs: in this one the database is named from the lake's own folder.
        """
        if not self.has_common_profile:
            yield self.project
            return
        profiles = self.home / "profiles"
        profiles.mkdir(exist_ok=True)
        text = (self.project / "profiles.yml").read_text()
        (profiles / "profiles.yml").write_text(text.replace(str(self.database), self.database.name))
        kept = self.project / "target" / "partial_parse.msgpack"
        if _parsed and not kept.exists():
            kept.parent.mkdir(exist_ok=True)
            kept.write_bytes(_parsed[0])
        with contextlib.chdir(self.home):
            yield profiles
        if not _parsed and kept.exists():
            _parsed.append(kept.read_bytes())

    def build(self, *arguments: str) -> Outcome:
        """`dbt build`, which must succeed."""
        outcome = self.dbt("build", *arguments)
        assert outcome.success, outcome.text
        return outcome

    def operation(self, macro: str, **arguments: Any) -> Outcome:
        """`dbt run-operation`, which must succeed."""
        outcome = self.dbt("run-operation", macro, "--args", yaml.safe_dump(arguments))
        assert outcome.success, outcome.text
        return outcome

    def sql(self, query: str) -> list[Row]:
        """The rows of a query over the built lake."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            cursor = connection.execute(query)
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def current(self, table: str, *columns: str) -> list[Row]:
        """The living rows of a table, business columns only unless `columns` says otherwise, sorted."""
        rows = self.sql(f'select * from "cur_shop__{table}"')
        if columns:
            chosen = [{name: row[name] for name in columns} for row in rows]
        else:
            chosen = [{k: v for k, v in row.items() if not k.startswith("_cdc_")} for row in rows]
        return sorted(chosen, key=lambda row: str(list(row.values())))


ROOMS = {
    "chg": "changes",
    "lat": "latest",
    "cur": "current",
    "hst": "history",
    "rej": "rejected",
}


def model_texts(table: str) -> dict[str, str]:
    """The one-line models of a table, by room prefix; model names are lower case, as Athena wants them."""
    return {
        "chg": f"{{{{ dms_lake.changes(source('shop', '{table}')) }}}}\n",
        "lat": f"{{{{ dms_lake.latest(ref('chg_shop__{table.lower()}')) }}}}\n",
        "cur": f"{{{{ dms_lake.current(ref('lat_shop__{table.lower()}')) }}}}\n",
        "hst": f"{{{{ dms_lake.history(ref('chg_shop__{table.lower()}')) }}}}\n",
        "rej": f"{{{{ dms_lake.rejected(ref('chg_shop__{table.lower()}')) }}}}\n",
    }
