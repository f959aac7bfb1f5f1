"""The command `lake add-tables`: registry entries and models for many tables at once."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lake.commands import AsJson, ProjectDir
from lake.errors import LakeError, UsageError

if TYPE_CHECKING:
    from lake.tables.found import Found
    from lake.tables.plan import Plan


def add_tables(
    source: Annotated[str, typer.Argument(help="Name of the source, as in `source('crm', …)`.")],
    samples: Annotated[
        str | None,
        typer.Option(
            help="Folder or s3:// prefix with a folder per table, or per schema and table."
        ),
    ] = None,
    columns: Annotated[
        Path | None,
        typer.Option(help="CSV of information_schema.columns, best with a column primary_key."),
    ] = None,
    system: Annotated[
        str | None,
        typer.Option(help="Of --columns: mysql, postgresql, sqlserver or oracle."),
    ] = None,
    glue: Annotated[str | None, typer.Option(help="Name of a Glue database.")] = None,
    schema: Annotated[str | None, typer.Option(help="Which schema of several.")] = None,
    root: Annotated[str | None, typer.Option(help="`root` of a new source.")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="A registry field of a new source."),
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(metavar="TABLE=COL,COL", help="A table's key; `TABLE=` where it has none."),
    ] = None,
    keys: Annotated[Path | None, typer.Option(help="YAML of keys: `table: [col, col]`.")] = None,
    names: Annotated[
        Path | None,
        typer.Option(help="YAML of the columns of headerless CSV: `table: [col, col]`."),
    ] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask for keys that are not known.")] = False,
    history: Annotated[bool, typer.Option("--history", help="A history of each table.")] = False,
    update_columns: Annotated[
        bool, typer.Option("--update-columns", help="Add new columns to tables registered before.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; show what would be written.")
    ] = False,
    project_dir: ProjectDir = None,
    as_json: AsJson = False,
) -> None:
    """Write registry entries and one-line models of every table of SOURCE that has none yet.

    The tables come from one of --samples, --columns and --glue. What is there already, entry or model,
    is left as it is. A table without a known key is left out, and the run ends with exit code 1.
    """
    from lake.dbt_project import find_project_dir
    from lake.tables import files
    from lake.tables.plan import planned
    from lake.tables.samples import Asked

    if not re.fullmatch(r"[a-z][a-z0-9_]*", source):
        raise UsageError(f"SOURCE is {source!r}; it must be a name such as `crm` or `crm_eu`")
    models = files.model_folder(find_project_dir(project_dir))
    registry = files.registry_of(models, source)
    given = _given(set_ or [], root)
    meta = ((registry.entry.get("config") or {}).get("meta") or {}).get("dms_lake") or {}
    known = {**_lists("--keys", keys), **_keys(key or [])}
    asked = Asked({**meta, **given}, known, _lists("--names", names))
    if ask and not asked.fields.get("header") and asked.fields.get("before_image_prefix"):
        raise UsageError("--ask: CSV with before-images and no header needs --key or --keys")
    found, place = _found(samples, columns, system, glue, schema, asked)
    if place and not registry.text:
        given.setdefault("root", place)
    if stray := sorted(set(known) - {table.name for table in found}):
        raise UsageError(f"--key or --keys: no table is called {', '.join(stray)}")
    registered = {table["name"] for table in registry.entry.get("tables") or ()}
    found = [_keyed(t, known, ask and t.name not in registered) for t in found]
    plan = planned(registry, found, given, files.model_files(models), history, update_columns)
    if dry_run and not as_json:
        typer.echo(files.diff(plan.written), nl=False)
    elif not dry_run:
        files.write(models, plan.written)
    _report(plan, source, registry.path, dry_run, update_columns, as_json)
    if plan.left_out:
        lines = [f"{name}: {text}" for name, text in plan.left_out.items()]
        raise LakeError(f"{len(lines)} table(s) were left out:\n" + "\n".join(lines))


def _given(pairs: Sequence[str], root: str | None) -> dict[str, Any]:
    """`field=value` as registry fields."""
    from lake.tables.registry_fields import field_value

    given: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--set {pair}: it must be FIELD=VALUE, e.g. --set envelope=s3_csv")
        given[name.strip()] = field_value(name.strip(), value)
    return given | ({"root": root} if root else {})


def _keys(pairs: Sequence[str]) -> dict[str, list[str]]:
    """`table=col,col` as lists."""
    found = {}
    for pair in pairs:
        name, equals, text = pair.rpartition("=")
        if not equals:
            raise UsageError(f"--key {pair}: it must be TABLE=COLUMN,COLUMN")
        found[name] = [column.strip() for column in text.split(",") if column.strip()]
    return found


def _lists(option: str, path: Path | None) -> dict[str, list[str]]:
    """A YAML file of lists of names by table."""
    import yaml

    if path is None:
        return {}
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(f"{option}: {path} cannot be read: {error}") from None
    if not isinstance(data, dict):
        raise UsageError(
            f"{option}: {path} is {data!r}; it must be lists of columns by table, `table: [col, col]`"
        )
    for name, value in data.items():
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise UsageError(f"{option}: {path}: {name} is {value!r}; it must be a list of columns")
        if not isinstance(name, str):
            raise UsageError(
                f"{option}: {path}: {name!r} is no name of a table; write it in quotes"
            )
    return data


def _found(
    samples: str | None,
    columns: Path | None,
    system: str | None,
    glue: str | None,
    schema: str | None,
    asked: Any,
) -> tuple[list[Found], str | None]:
    """The tables of the one place that was named, and the root that follows from it."""
    if sum(place is not None for place in (samples, columns, glue)) != 1:
        raise UsageError("name one of --samples, --columns and --glue")
    if samples is not None:
        from lake.tables.places import place_of
        from lake.tables.samples import schema_of, tables_of_samples

        place = place_of(samples)
        chosen = schema_of(place, schema)
        base = samples.rstrip("/") if samples.startswith("s3://") else Path(samples).resolve()
        return tables_of_samples(place, chosen, asked), f"{base}/{chosen}".rstrip("/")
    if columns is not None:
        from lake.tables.export import tables_of_export

        systems = ("mysql", "postgresql", "sqlserver", "oracle")
        if system not in systems:
            raise UsageError(f"--system is {system!r}; with --columns name one of {systems}")
        return tables_of_export(columns, system, schema), None
    from lake.tables.catalogue import tables_of_glue
    from lake.tables.places import client

    return tables_of_glue(client("glue"), str(glue), asked.fields), None


def _keyed(table: Found, known: dict[str, list[str]], ask: bool) -> Found:
    """The table with the key that was given, or is asked for now."""
    if table.name in known:
        return table.with_key(known[table.name])
    if table.key is not None or not ask or not table.columns:
        return table
    there = ", ".join(column.name for column in table.columns)
    text = typer.prompt(
        f"{table.name} ({there})\nKey (columns with commas, - for none, Enter if not known)",
        default="",
        show_default=False,
        err=True,
    )
    if not text.strip():
        return table
    return table.with_key(_keys([f"={text}"])[""] if text.strip() != "-" else ())


def _report(
    plan: Plan, source: str, registry: str, dry_run: bool, update_columns: bool, as_json: bool
) -> None:
    """What was done and what is not known, for machines or for people."""
    if as_json:
        facts = {name: value for name, value in asdict(plan).items() if name != "texts"}
        head = {"source": source, "registry": registry, "dry_run": dry_run}
        typer.echo(json.dumps({**head, **facts, "files": list(plan.written)}))
        return
    verb = "would be added" if dry_run else "added"
    typer.echo(
        f"{source}: {len(plan.added)} table(s) {verb}, {len(plan.kept)} there before, "
        f"{len(plan.left_out)} left out; {len(plan.written)} file(s)"
    )
    done = f"new column(s) {verb}" if update_columns else "new column(s), for --update-columns"
    for name, columns in plan.new_columns.items():
        typer.echo(f"{name}: {done}: {', '.join(columns)}")
    for name, notes in plan.notes.items():
        for note in notes:
            typer.echo(f"{name}: {note}")
