"""The envelope of docs/add-an-envelope.md, added to a copy of this project from the page, and its test module run there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import lakehouse
from doc_commands import ROOT, blocks

PAGE = ROOT / "docs" / "add-an-envelope.md"
FIELDS = "macros/_internal/_registry_fields.sql"

pytestmark = pytest.mark.long


def test_the_envelope_of_the_page_is_built_by_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = list(blocks(PAGE))
    macro = next(text for language, text in shown if language == "sql")
    names = next(text for language, text in shown if language == "text")
    module = next(text for language, text in shown if language == "python")
    copy = tmp_path / "dms_lake"
    for folder in ("macros", "tests/generic", "tests/singular", "models/audit", "models/docs"):
        shutil.copytree(ROOT / folder, copy / folder)
    for name in ("dbt_project.yml", ".dbtignore"):
        shutil.copyfile(ROOT / name, copy / name)
    first, _, rest = macro.partition("\n")
    (copy / first.removeprefix("-- ")).write_text(rest)
    before = (copy / FIELDS).read_text()
    (old,) = [line for line in before.splitlines() if line.strip().startswith("'s3_csv'")]
    assert names.strip().startswith(old.strip())
    (copy / FIELDS).write_text(before.replace(old, names.rstrip("\n")))
    monkeypatch.setattr(lakehouse, "REPOSITORY", copy)
    found: dict[str, object] = {}
    exec(compile(module, str(PAGE), "exec"), found)
    tests = [function for name, function in found.items() if name.startswith("test_")]
    assert tests
    for test in tests:
        test(tmp_path / "lake")  # type: ignore[operator]
