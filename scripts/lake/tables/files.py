"""The registry and the models of a dbt project on disk: found, shown as a diff, written."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

import yaml

from lake.errors import LakeError
from lake.tables.registry_text import LOADER, Registry


def model_folder(project: Path) -> Path:
    """The first of the project's model folders."""
    settings = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8")) or {}
    return project / (settings.get("model-paths") or ["models"])[0]


def registry_of(models: Path, source: str) -> Registry:
    """The file that holds the source, wherever it is; else the one that it belongs in, which must not be there.

    Raises:
        LakeError: the file is no YAML, or the file's place is taken by something else.
    """
    own = models / "raw" / source / f"_{source}__sources.yml"
    paths = [*models.rglob("*.yml"), *models.rglob("*.yaml")]
    for path in sorted(paths, key=lambda path: (path != own, path)):
        text = _read(path)
        if "sources:" not in text or source not in text:
            continue
        registry = Registry(path.relative_to(models).as_posix(), text, source)
        try:
            if registry.entry:
                return registry
        except yaml.YAMLError as error:
            raise LakeError(f"{path} is not YAML: {error}") from None
    if own.exists() and yaml.load(_read(own), LOADER):
        raise LakeError(f"{own} is there and has no source `{source}`; add it, or rename the file")
    return Registry(own.relative_to(models).as_posix(), "", source)


def model_files(models: Path) -> set[str]:
    """The file names of all models."""
    return {path.name for path in models.rglob("*.sql")}


def diff(texts: Mapping[str, tuple[str, str]]) -> str:
    """What would be written, as one unified diff."""
    lines: list[str] = []
    for path, (old, new) in texts.items():
        before = f"a/{path}" if old else "/dev/null"
        parts = difflib.unified_diff(
            old.splitlines(keepends=True), new.splitlines(keepends=True), before, f"b/{path}"
        )
        lines += [part if part.endswith("\n") else part + "\n" for part in parts]
    return "".join(lines)


def write(models: Path, texts: Mapping[str, tuple[str, str]]) -> None:
    """Write the files in their order; each is there whole or not at all."""
    for path, (_, new) in texts.items():
        target = models / path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        with part.open("w", encoding="utf-8", newline="") as file:
            file.write(new)
        part.replace(target)


def _read(path: Path) -> str:
    """A file's text with its own line ends."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()
