"""Ask the dbt project about its tables and its rules, on a throw-away DuckDB file that stands in for Athena's ledger."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from lake.dbt_project import find_project_dir, invoke
from lake.errors import LakeError, UsageError

SNAPSHOT = "{snapshot}"
OWN_ERROR = re.compile(r"dms_lake\.(.*)", re.DOTALL)


@dataclass(frozen=True)
class RawTable:
    """A registered source table as `lake register` and `lake land` see it.

    Attributes:
        name: `source.table` as registered.
        database: The Glue database of its raw table.
        identifier: The raw table's name in Glue.
        root: Where its source lies on S3, without a slash at the end.
        folder: Below which its files lie on S3, without a slash at the end; files are named from here.
        pattern: The same as registered: `folder`, or more where `{snapshot}` stands for a folder of each snapshot.
        is_text: whether values arrive as texts (CSV, JSON), not typed by a Parquet file.
        columns: Name and Athena type of each column of the raw table, in order.
        is_rewritten: Whether files become rewritten rows; otherwise they are registered where they lie.
        read_sql: DuckDB's text that reads one file, where it is rewritten.
        columns_sql: DuckDB's text that names the columns of the file `@file@`, where it says them itself.
        misfits: What is said of a Parquet file with values that the declared type would cut, by the column's name in lower
            case and its type in the file: DuckDB's text that finds such a value in `@file@`, and what is said then.
        stream_sql: DuckDB's text that tells load records from changes in one file of a stream.
        csv_names: A pattern that the paths of CSV files hold; None where no file is CSV.
        quotes_sql: DuckDB's texts that yield a row where the CSV file `@file@` has an odd number of quotes, and where one is
            left open at its end.
        open_quote: What is said of such a file, after its name.
        variable: The session variable by which `read_sql` and `stream_sql` are told their file.
    """

    name: str
    database: str
    identifier: str
    root: str
    folder: str
    pattern: str
    is_text: bool
    columns: tuple[tuple[str, str], ...]
    is_rewritten: bool
    read_sql: str | None
    columns_sql: str | None
    misfits: Mapping[tuple[str, str], tuple[str, str]]
    stream_sql: str | None
    csv_names: str | None
    quotes_sql: tuple[str, ...]
    open_quote: str
    variable: str

    @classmethod
    def of(cls, description: Mapping[str, Any]) -> RawTable:
        """The table that the macro `_land_describe` described."""
        entry = description["entry"]
        return cls(
            name=entry["name"],
            database=description["database"].lower(),
            identifier=entry["identifier"].lower(),
            root=entry["root"].rstrip("/"),
            folder=entry["base"],
            pattern=entry["folder"],
            is_text=entry["is_text"],
            columns=tuple((column["name"], column["type"]) for column in description["columns"]),
            is_rewritten=description["is_rewritten"],
            read_sql=description["read_sql"],
            columns_sql=description["columns_sql"],
            misfits={
                (misfit["column"].lower(), misfit["held"]): (misfit["query"], misfit["says"])
                for misfit in description["misfits"]
            },
            stream_sql=description["stream_sql"],
            csv_names=description["csv_names"],
            quotes_sql=tuple(description["quotes_sql"]),
            open_quote=description["open_quote"],
            variable=description["variable"],
        )

    def holds(self, path: str) -> bool:
        """Whether a path below `folder` is one of this table's files, by its folders."""
        words = (re.escape(word) for word in self.pattern.split(SNAPSHOT))
        return re.match("[^/]+".join(words) + "/", path) is not None


@dataclass
class Project:
    """The dbt project on its Athena target, parsed once.

    Attributes:
        credentials: The target's settings, as the adapter read them from the profile.
        warnings: What the project's macros warned of so far.
    """

    folder: Path
    target: str | None
    vars: Mapping[str, Any]
    manifest: Any
    credentials: Any
    profile: str
    warnings: list[str] = field(default_factory=list)

    @classmethod
    def open(
        cls, folder: Path | None, target: str | None, vars: Mapping[str, Any] | None = None
    ) -> Project:
        """Parse the project.

        Raises:
            UsageError: there is no project, it does not parse, or the target is not Athena.
        """
        from dbt.adapters.factory import FACTORY

        place = find_project_dir(folder)
        parsed = invoke(["parse"], place, target, vars)
        if not parsed.success:
            raise UsageError("the project does not parse:\n" + "\n".join(parsed.errors))
        adapter = FACTORY.adapters.get("athena")
        if adapter is None or parsed.value.metadata.adapter_type != "athena":
            raise UsageError(
                f"the target is of type {parsed.value.metadata.adapter_type}; raw tables are made and filled on Athena "
                "only (DuckDB reads the files where they are). Name an Athena target with --target."
            )
        config = adapter.config
        return cls(place, target, vars or {}, parsed.value, config.credentials, config.profile_name)

    def describe(self, names: Sequence[str]) -> list[RawTable]:
        """The registered, active tables of the given names (`source.table`), or all of them.

        Raises:
            UsageError: a name is not registered, or a registry entry is wrong.
        """
        with tempfile.TemporaryDirectory(prefix="dms_lake_") as home:
            stand_in = StandIn(self, Path(home))
            stand_in.operate("_land_describe", {"tables": list(names) or None}, UsageError)
            with stand_in.connect() as connection:
                rows = connection.execute(
                    "select source_table, description from dms_lake_landing order by 1"
                )
                found = {name: json.loads(text) for name, text in rows.fetchall()}
        for name in names:
            if name not in found:
                raise UsageError(
                    f"--table: no registered table `{name}`. Tables are named as source.table."
                )
        return [RawTable.of(text) for text in found.values() if text["entry"]["active"]]


@dataclass
class StandIn:
    """A DuckDB file below `home` on which macros of the project run as they do on a laptop."""

    project: Project
    home: Path

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open the file; it must be closed before the next operation."""
        return duckdb.connect(str(self.home / "ledger.duckdb"))

    def operate(
        self, macro: str, arguments: Mapping[str, Any], error: type[LakeError] = LakeError
    ) -> None:
        """Run one macro of the project on the file.

        Raises:
            LakeError: the macro refused, by the `error` class given.
        """
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        self._write_profile()
        command = ["--no-write-json", "--no-populate-cache", "run-operation", f"dms_lake.{macro}"]
        command += ["--args", json.dumps(arguments), "--target-path", str(self.home / "target")]
        result = invoke(
            [*command, "--log-path", str(self.home / "logs")],
            self.project.folder,
            "stand_in",
            self.project.vars,
            manifest=self.project.manifest,
            profiles=self.home,
        )
        DuckDBConnectionManager.close_all_connections()
        self.project.warnings.extend(
            text.removeprefix("dms_lake: ")
            for text in result.warnings
            if text not in self.project.warnings
        )
        if not result.success:
            raise error(reason_of("\n".join(result.errors)))

    def _write_profile(self) -> None:
        output = {
            "type": "duckdb",
            "path": str(self.home / "ledger.duckdb"),
            "schema": "main",
            "threads": 1,
            "settings": {"TimeZone": "UTC"},
        }
        profile = {
            self.project.profile: {"target": "stand_in", "outputs": {"stand_in": output}},
        }
        (self.home / "profiles.yml").write_text(json.dumps(profile), encoding="utf-8")


def reason_of(errors: str) -> str:
    """What a macro said when it refused, without dbt's frame around it."""
    for line in errors.splitlines():
        if found := OWN_ERROR.search(line):
            return found.group(1).strip()
    return errors
