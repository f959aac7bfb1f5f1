"""Rows that a change of the key left behind, found by the alternate key that the registry names."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakehouse import Lakehouse, Table

pytestmark = pytest.mark.long

COLUMNS = {"id": "bigint", "email": "varchar"}
FIELDS = {"envelope": "s3_csv", "key": ["id"], "timestamp_column": "ts"}
NAMED = FIELDS | {"alternate_key": ["email"]}
LOADED = "2024-01-01 00:00:00"


def test_orphans_are_found_where_no_before_image_says_which_key_changed(tmp_path: Path) -> None:
    tables = {
        "blind": Table(COLUMNS, NAMED),
        "seeing": Table(COLUMNS, NAMED | {"before_image_prefix": "BI_"}),
        "unnamed": Table(COLUMNS, FIELDS),
    }
    lake = Lakehouse(tmp_path, tables)
    for name in tables:
        end = ",NULL" if name == "seeing" else ""
        rows = [f"{LOADED},{row}{end}" for row in ("1,a@x", "2,b@x", "3,NULL", "4,NULL")]
        lake.put(f"{name}/LOAD00000001.csv", "\n".join(rows) + "\n", LOADED)
        moved = f"U,2024-01-02 00:00:00,9,a@x{',1' if end else ''}\n"
        lake.put(f"{name}/20240102-000000000.csv", moved, "2024-01-02 00:00:00")
    tested = "".join(
        f"  - name: cur_shop__{name}\n    data_tests: [no_orphans]\n" for name in tables
    )
    (lake.project / "models" / "current" / "_orphans.yml").write_text(f"models:\n{tested}")

    outcome = lake.dbt("build")

    said = [text for text in outcome.messages if "orphans_cur_shop" in text]
    assert any("Got 1 result" in text for text in outcome.messages), outcome.text
    assert not any("seeing" in text and "FAIL" in text for text in said), said
    assert "`shop.unnamed` names no `alternate_key`" in outcome.text
    assert [row["id"] for row in lake.current("blind", "id")] == [1, 2, 3, 4, 9]
    assert [row["id"] for row in lake.current("seeing", "id")] == [2, 3, 4, 9]
