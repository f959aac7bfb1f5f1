"""What `lake run` looks at where most tables have nothing new."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lake.run.once import Options, Run
from lake.run.project import Project
from lakehouse import Lakehouse, Table

COLUMNS = {"id": "bigint", "name": "varchar"}
CSV = {"envelope": "s3_csv", "timestamp_column": "ts", "key": ["id"], "header": True}
LOAD = "ts,id,name\n2024-01-01 10:00:00,1,Ada\n2024-01-01 10:00:00,2,Ben\n"
CHANGE = "Op,ts,id,name\nU,2024-01-02 10:00:00,1,Eve\n"
FIRST, SECOND = "2024-01-01 10:00:00", "2024-01-02 10:00:00"


@pytest.mark.long
def test_only_folders_in_which_something_changed_are_listed_by_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quiet table costs no query of its own; what a folder's name does not settle is listed as ever."""
    monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)
    folders = {"items": "items", "orders": "orders", "old": "orders-old", "parts": "items/parts"}
    folders |= {"odd": "orders[1]*?"}
    tables = {name: Table(COLUMNS, CSV | {"folder": folder}) for name, folder in folders.items()}
    lake = Lakehouse(tmp_path, tables, models=("chg",))
    for folder in folders.values():
        lake.put(f"{folder}/LOAD00000001.csv", LOAD, FIRST)
    project = Project.open(lake.project, None)
    assert Run(project, Options())().built

    def listed() -> set[str]:
        with project.closing():
            said = project.operate("_look", {"tables": list(project.tables), "schemas": []})
        return {name.removeprefix("shop.") for name in said.get("begun", ())}

    assert listed() == {"items"}, "the folder of another table lies in it"
    lake.put("orders/.hidden.csv", "", SECOND)
    lake.put("orders/awsdms_status/LOAD00000001.csv", "", SECOND)
    assert listed() == {"items"}
    lake.put("orders/20240102-100000000.csv", CHANGE, SECOND)
    assert listed() == {"items", "orders"}
    assert listed() == {"items"}
    lake.put("orders-old/LOAD00000001.csv", LOAD, SECOND)
    assert listed() == {"items", "old"}
    (lake.lake / "orders/20240102-100000000.csv").unlink()
    assert listed() == {"items", "orders"}
    assert listed() == {"items", "orders"}, "a file is gone, until a person says what to do"
    lake.put("orders-old/LOAD00000001.csv", LOAD, f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}")
    assert listed() == {"items", "orders", "old"}
    assert listed() == {"items", "orders", "old"}, "a load is held, until it is complete"
