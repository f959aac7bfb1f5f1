"""File names of models, and quoted names in YAML and Jinja, from names that a source system made up."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?: [A-Za-z0-9_]+)*")
# Words that YAML does not read as texts.
NO_TEXT = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def safe_name(name: str) -> str:
    """Lower-case letters, digits and underscores; a digest where nothing of the name is left."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_") or f"t_{_digest(name)}"


def model_names(existing: Iterable[str], new: Iterable[str]) -> dict[str, str]:
    """The part of a model's name that stands for its table, for every table of a source.

    Two tables that come to the same name are told apart by a digest of the later one's own name. Those
    registered before keep theirs; of the new ones, those whose name needs no change come first.
    """
    later = sorted(new, key=lambda name: (safe_name(name) != name, name))
    taken: dict[str, str] = {}
    names: dict[str, str] = {}
    for name in (*existing, *later):
        safe = safe_name(name)
        if safe in taken:
            safe = f"{safe}_{_digest(name)}"
        taken[safe] = names[name] = safe
    return names


def yaml_text(value: object) -> str:
    """A name, a flag or a list of names as YAML on one line."""
    if isinstance(value, bool) or not isinstance(value, str | list | tuple):
        return json.dumps(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(yaml_text, value)) + "]"
    if PLAIN.fullmatch(value) and value.lower() not in NO_TEXT:
        return value
    return json.dumps(value, ensure_ascii=False)


def jinja_text(value: str) -> str:
    """A name as a text in Jinja."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:6]
