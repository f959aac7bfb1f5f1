"""What a run of `lake add-tables` is to write, and what it says: texts and a report, nothing on disk yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lake.errors import UsageError
from lake.tables.found import Column, Found, why_not
from lake.tables.names import jinja_text, model_names
from lake.tables.registry_text import Registry

ROOMS = {
    "chg": "changes",
    "lat": "latest",
    "cur": "current",
    "rej": "rejected",
    "hst": "history",
}
# Facts that a source shares with its tables; a table says them only where its own differ.
SHARED = ("envelope", "root", "source_schema")


@dataclass
class Plan:
    """Texts by path below the model folder (old and new, "" for a file that is not there), and the report."""

    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    new_columns: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)

    @property
    def written(self) -> dict[str, tuple[str, str]]:
        """Only the texts that change."""
        return {path: texts for path, texts in self.texts.items() if texts[0] != texts[1]}


def planned(
    registry: Registry,
    found: Sequence[Found],
    given: Mapping[str, Any],
    models_there: set[str],
    with_history: bool = False,
    update_columns: bool = False,
) -> Plan:
    """Work out a run.

    Args:
        registry: the source's file as it is.
        found: the tables that were found, those registered already among them.
        given: registry fields of the source, as the operator gave them.
        models_there: file names of all models of the project; none of them is touched.
        with_history: whether new tables with a key get a history.
        update_columns: whether new columns of registered tables are added.

    Raises:
        UsageError: what the operator gave is not what the file says, or a new source lacks `envelope` or `root`.
    """
    plan = Plan()
    entry = registry.entry
    known = {table["name"]: table for table in entry.get("tables") or ()}
    fields = _source_fields(registry, _fields_of(entry), given, found)
    new: list[Found] = []
    more: dict[str, list[Column]] = {}
    for table in found:
        if table.name in known:
            plan.kept.append(table.name)
            if columns := _new_columns(known[table.name], table, fields):
                more[table.name] = columns
                plan.new_columns[table.name] = [column.name for column in columns]
        elif problem := why_not(table):
            plan.left_out[table.name] = "; ".join((problem, *table.notes))
        else:
            new.append(_entry_of(table, fields, with_history))
            if notes := [*table.notes, *(f"{c.name}: {c.note}" for c in table.columns if c.note)]:
                plan.notes[table.name] = notes
    names = model_names(known, (table.name for table in new))
    order = {name: place for place, name in enumerate(names)}
    new.sort(key=lambda table: order[table.name])
    plan.added = [table.name for table in new]
    for table in new:
        plan.texts |= _models(registry.source, table, names[table.name], models_there)
    if new or known:
        text = registry.edited(fields, new, more if update_columns else {})
        # Last: a run that is cut off is made good by the next one.
        plan.texts[registry.path] = (registry.text, text)
    return plan


def _fields_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The registry fields of a source or a table."""
    meta = (entry.get("config") or {}).get("meta") or entry.get("meta") or {}
    return dict(meta.get("dms_lake") or {})


def _source_fields(
    registry: Registry, there: Mapping[str, Any], given: Mapping[str, Any], found: Sequence[Found]
) -> dict[str, Any]:
    """The source's fields: those of the file, else those given and what most tables share."""
    if registry.entry:
        for name, value in given.items():
            if there.get(name) != value:
                raise UsageError(
                    f"{registry.path}: `{name}` of source `{registry.source}` is {there.get(name)!r}, "
                    f"given was {value!r}; change the file, or leave the option out"
                )
        return dict(there)
    fields = dict(given)
    for name in SHARED:
        values = [str(table.fields[name]) for table in found if name in table.fields]
        if values:
            fields.setdefault(name, Counter(values).most_common(1)[0][0])
    for name, option in (("envelope", "--set envelope=s3_parquet"), ("root", "--root")):
        if name not in fields:
            raise UsageError(f"source `{registry.source}` is new: say its `{name}` with {option}")
    first = ("envelope", "root")
    return {name: fields[name] for name in (*first, *(n for n in fields if n not in first))}


def _entry_of(table: Found, fields: Mapping[str, Any], with_history: bool) -> Found:
    """The table with only those fields that differ from its source."""
    own = {name: value for name, value in table.fields.items() if fields.get(name) != value}
    if with_history and table.key:
        own["history"] = True
    return replace(table, fields=own)


def _new_columns(known: Mapping[str, Any], table: Found, fields: Mapping[str, Any]) -> list[Column]:
    """Columns that the entry lacks; DMS's own columns, as the entry calls them, are none."""
    own = {**fields, **_fields_of(known)}
    there = {str(column["name"]).lower() for column in known.get("columns") or ()}
    there |= {str(own.get(name)).lower() for name in ("timestamp_column", "change_seq_column")}
    prefix = own.get("before_image_prefix")
    there |= {f"{prefix}{name}".lower() for name in list(there)} if prefix else set()
    return [column for column in table.columns if column.name.lower() not in there]


def _models(source: str, table: Found, name: str, there: set[str]) -> dict[str, tuple[str, str]]:
    """The one-line models of a table that no file of the project holds yet."""
    of = {"chg": f"source({jinja_text(source)}, {jinja_text(table.name)})"}
    of |= {"lat": f"ref('chg_{source}__{name}')", "cur": f"ref('lat_{source}__{name}')"}
    of |= {"rej": f"ref('chg_{source}__{name}')"}
    if table.fields.get("history"):
        of["hst"] = f"ref('chg_{source}__{name}')"
    texts = {}
    for prefix, argument in of.items():
        file = f"{prefix}_{source}__{name}.sql"
        if file not in there:
            text = f"{{{{ dms_lake.{ROOMS[prefix]}({argument}) }}}}\n"
            texts[f"{ROOMS[prefix]}/{source}/{file}"] = ("", text)
    return texts
