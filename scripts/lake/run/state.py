"""What was built of which code: a small file beside dbt's own, by which a run sees changed code and unfinished work."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

UNFINISHED = "unfinished"
Marks = dict[str, str]


def marks_of(manifest: Any, variables: Mapping[str, Any], nodes: Iterable[str]) -> Marks:
    """For each node a digest of all that decides its SQL: its text and settings, its source's entry, macros, variables."""
    macros = hashlib.sha256()
    for name, macro in sorted(manifest.macros.items()):
        if not macro.package_name.startswith("dbt"):
            macros.update(f"{name}\n{macro.macro_sql}".encode())
    shared = macros.hexdigest() + json.dumps(variables, sort_keys=True, default=str)
    entries = {
        unique_id: json.dumps([source.source_meta, source.meta, columns_of(source)], default=str)
        for unique_id, source in manifest.sources.items()
    }
    found = {}
    for unique_id in nodes:
        node = manifest.nodes[unique_id]
        settings = json.dumps(node.unrendered_config, sort_keys=True, default=str)
        parts = [shared, node.checksum.checksum, settings]
        parts += [entries[parent] for parent in node.depends_on_nodes if parent in entries]
        found[unique_id] = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return found


def columns_of(source: Any) -> list[Any]:
    """Name, type and settings of each column of a source table."""
    return [[name, column.data_type, column.meta] for name, column in source.columns.items()]


def read(path: Path) -> dict[str, Any] | None:
    """What the last run left by node; None where there is nothing that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def write(path: Path, marks: Mapping[str, Any]) -> None:
    """Replace what is kept by node, whole or not at all."""
    with replacing(path) as draft:
        draft.write_text(json.dumps(marks, indent=0, sort_keys=True), encoding="utf-8")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A draft that takes the place of a file when it is written to the end, and goes where it is not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.unlink(missing_ok=True)
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def stale(before: Mapping[str, str] | None, now: Mapping[str, str]) -> dict[str, str]:
    """The nodes whose code is not that of their last good build, and why; none where nothing is known."""
    if before is None:
        return {}
    return {
        unique_id: "not finished last time" if before.get(unique_id) == UNFINISHED else "changed"
        for unique_id, mark in now.items()
        if before.get(unique_id) != mark
    }


def project_stamp(folder: Path, profiles: Iterable[Path] = ()) -> str:
    """A digest of names, sizes and times of the project's files: another one means that dbt must parse again.

    Beside the time of the content, which copies and images may bring along, the time when the file was laid there.
    """
    digest = hashlib.sha256()
    ours = (".sql", ".yml", ".yaml", ".md", ".csv", ".py")
    for top, folders, names in os.walk(folder, followlinks=True):
        folders[:] = sorted(
            name
            for name in folders
            if name not in ("target", "logs", ".venv", "node_modules") and not name.startswith(".")
        )
        for name in sorted(names):
            if name.endswith(ours):
                _add(digest, Path(top, name))
    for path in profiles:
        _add(digest, path)
    return digest.hexdigest()


def _add(digest: Any, path: Path) -> None:
    try:
        found = path.stat()
    except OSError:
        return
    digest.update(f"{path}|{found.st_size}|{found.st_mtime_ns}|{found.st_ctime_ns}\n".encode())
