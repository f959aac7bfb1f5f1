"""The rules of the house (CONTRIBUTING.md), checked on the tree itself."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import Render, Renderer
from render_cases import CASES, NO_ERROR

ROOT = Path(__file__).resolve().parents[2]
TARGETS = ("duckdb", "athena", "redshift")
ROOMS = ("macros", "models", "seeds", "tests", "scripts", "demo", "benchmarks", "docs")
# Words whose default does nothing, and rightly so: they are about cost, never about rows.
HARMLESS_DEFAULTS = {"read_only"}
TEXT = {".sql", ".yml", ".yaml", ".md", ".py", ".sh", ".toml"}

DEFINITION = re.compile(
    r"\{%-?\s*(?P<kind>macro|test|materialization)\s+(?P<name>\w+)\s*"
    r"(?:\((?P<arguments>.*?)\)\s*-?%\}|,)",
    re.DOTALL,
)
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


@dataclass(frozen=True)
class Macro:
    """One `macro`, `test` or `materialization` block."""

    path: Path
    kind: str
    name: str
    arguments: tuple[str, ...]

    @property
    def is_public(self) -> bool:
        """Private ones start with `_`; an engine's word is `<engine>__<word>`, behind its door."""
        return not self.name.startswith("_") and "__" not in self.name

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}: {self.kind} {self.name}"


def files(*rooms: str, suffix: str) -> list[Path]:
    """The files of the rooms, without what tools leave there."""
    found = (path for room in rooms for path in (ROOT / room).rglob(f"*{suffix}"))
    return sorted(path for path in found if not path.relative_to(ROOT).match("demo/lake/**"))


def macros() -> list[Macro]:
    """Every definition below macros/ and tests/generic/."""
    return [macro for path in files("macros", "tests/generic", suffix=".sql") for macro in of(path)]


@cache
def of(path: Path) -> tuple[Macro, ...]:
    """What one file defines."""
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    return tuple(
        Macro(path, match["kind"], match["name"], tuple(argument_names(match["arguments"] or "")))
        for match in DEFINITION.finditer(text)
    )


def argument_names(arguments: str) -> Iterator[str]:
    """The names in `a, b='x, y', c=[1, 2]`."""
    depth, quote, name = 0, "", ""
    for char in arguments + ",":
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth == 0:
            if name.strip():
                yield name.split("=")[0].strip()
            name = ""
            continue
        name += char


def documented() -> dict[str, list[dict[str, Any]]]:
    """The arguments of every macro that a YAML file below macros/ describes."""
    entries = (
        entry
        for path in files("macros", suffix=".yml")
        for entry in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("macros", [])
    )
    return {entry["name"]: entry.get("arguments", []) for entry in entries if described(entry)}


def described(entry: dict[str, Any]) -> bool:
    return bool(str(entry.get("description") or "").strip())


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def none_of(violations: Iterable[object]) -> None:
    """Fail with one violation per line."""
    found = [str(violation) for violation in violations]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("rooms", "suffix", "limit"),
    [
        (("macros", "tests/generic"), ".sql", 80),
        (("models",), ".sql", 40),
        (("scripts", "tests/python", "benchmarks"), ".py", 400),
    ],
)
def test_files_are_short(rooms: tuple[str, ...], suffix: str, limit: int) -> None:
    none_of(
        f"{path.relative_to(ROOT)}: {lines(path)} lines, at most {limit}"
        for path in files(*rooms, suffix=suffix)
        if lines(path) > limit
    )


def test_only_the_dialect_room_dispatches() -> None:
    none_of(
        path.relative_to(ROOT)
        for path in files("macros", "models", "tests/generic", "tests/singular", suffix=".sql")
        if "adapter.dispatch" in COMMENT.sub("", path.read_text(encoding="utf-8"))
        and path.parent != ROOT / "macros" / "dialect"
    )


def test_every_dialect_word_refuses_by_default() -> None:
    """A word that nobody wrote for an engine is an error there, not a guess."""
    none_of(
        f"{path.relative_to(ROOT)}: default__{path.stem} must call _not_implemented"
        for path in files("macros/dialect", suffix=".sql")
        for text in [path.read_text(encoding="utf-8")]
        if not path.stem.startswith("_")
        if f"default__{path.stem}(" not in text
        or ("_not_implemented" not in text and path.stem not in HARMLESS_DEFAULTS)
    )


def test_a_file_holds_what_its_name_says() -> None:
    """One public definition per file, of the file's name; private ones beside their only caller."""
    none_of(
        f"{path.relative_to(ROOT)}: defines {', '.join(sorted(names)) or 'nothing'}"
        for path in files("macros", "tests/generic", suffix=".sql")
        for names in [{macro.name for macro in of(path)}]
        for public in [{macro.name for macro in of(path) if macro.is_public}]
        if not any(name == path.stem or name.startswith(f"{path.stem}_") for name in names)
        or public - {path.stem}
    )


def test_macro_names_are_defined_once() -> None:
    seen: dict[str, Macro] = {}
    none_of(
        f"{macro} is also in {seen[macro.name].path.relative_to(ROOT)}"
        for macro in macros()
        if macro.kind != "materialization"
        if seen.setdefault(macro.name, macro) is not macro
    )


def test_every_public_macro_is_documented_with_typed_arguments() -> None:
    entries = documented()
    none_of(
        f"{macro}: {problem}"
        for macro in macros()
        if macro.kind == "macro" and macro.is_public
        if (problem := documentation_problem(macro, entries))
    )


def documentation_problem(macro: Macro, entries: dict[str, list[dict[str, Any]]]) -> str:
    """What its YAML entry lacks; empty when nothing."""
    if macro.name not in entries:
        return "no YAML entry with a description below macros/"
    arguments = entries[macro.name]
    names = tuple(argument["name"] for argument in arguments)
    if names != macro.arguments:
        return f"takes {list(macro.arguments)}, its YAML entry says {list(names)}"
    poor = [entry["name"] for entry in arguments if not (entry.get("type") and described(entry))]
    return f"type or description missing for {poor}" if poor else ""


def test_every_public_macro_has_a_render_test_and_an_error_test() -> None:
    """A new macro needs a line in render_cases.py; test_render.py runs it on every engine."""
    public = {macro.name for macro in macros() if macro.is_public and macro.kind == "macro"}
    assert public == set(CASES)
    assert {name for name, case in CASES.items() if not case.wrong} == NO_ERROR


def test_no_documentation_of_what_does_not_exist() -> None:
    names = {macro.name for macro in macros()}
    none_of(name for name in documented() if name not in names)


def test_nothing_is_left_to_do() -> None:
    marker = re.compile(r"\b(TO" + "DO|FIX" + r"ME|XX" + r"X)\b")
    none_of(
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for suffix in sorted(TEXT)
        for path in files(*ROOMS, suffix=suffix)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if marker.search(line)
    )


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ("", []),
        ("relation", ["relation"]),
        ("a, b='x, y', c=[1, 2], d={'k': 'v'}", ["a", "b", "c", "d"]),
        ("\n    a,\n    b=none\n", ["a", "b"]),
    ],
)
def test_argument_names_are_read_from_a_signature(arguments: str, names: list[str]) -> None:
    assert list(argument_names(arguments)) == names


@pytest.mark.parametrize("target", TARGETS)
def test_text_renders_on_every_target(render: Render, target: str) -> None:
    assert render("select '{{ target.type }}' as a", target) == f"select '{target}' as a"


def test_an_error_of_ours_can_be_read(render: Render, render_error: Render) -> None:
    error = "{% do dms_lake._fail('latest', '`key` must be a list, got: 1') %}"
    assert "dms_lake.latest: `key` must be a list, got: 1" in render_error(error)
    # What failed leaves nothing behind.
    assert render("select 1 as a") == "select 1 as a"


@pytest.mark.long
@pytest.mark.parametrize("target", TARGETS)
def test_every_model_compiles_offline(renderer: Renderer, target: str) -> None:
    result = renderer.compile_all(target)
    assert result.success, "\n".join(result.errors)
    none_of(
        f"{node.unique_id} is empty"
        for node in result.nodes
        if node.unique_id.startswith("model.") and not (node.compiled_code or "").strip()
    )
