"""What of the project `lake run` gives to dbt: no more than a run is about, and nothing less than dbt would choose."""

from __future__ import annotations

from pathlib import Path

import pytest

from lake.run.once import Options, Run
from lake.run.part import below, part_of
from lake.run.project import Project
from lakehouse import Lakehouse, Table

PROPERTIES = """
models:
  - name: names
    columns:
      - name: name
        data_tests:
          - relationships:
              arguments: {to: ref('cur_shop__items'), field: name}
unit_tests:
  - name: names_are_names
    model: names
    given:
      - input: ref('cur_shop__orders')
        rows: [{name: Ada}]
    expect: {rows: [{name: Ada}]}
exposures:
  - {name: board, type: dashboard, owner: {name: us}, depends_on: [ref('names'), ref('cur_shop__items')]}
  - {name: other, type: dashboard, owner: {name: us}, depends_on: [ref('cur_shop__items')]}
"""


@pytest.mark.parametrize("table", ["orders", "items"])
def test_dbt_selects_of_a_part_what_it_selects_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)
    csv = Table({"id": "bigint", "name": "varchar"}, {"envelope": "s3_csv", "key": ["id"]})
    lake = Lakehouse(tmp_path, {"orders": csv, "items": csv})
    lake.add_model("marts/names", "select name from {{ ref('cur_shop__orders') }}")
    (lake.project / "models" / "marts" / "names.yml").write_text(PROPERTIES)
    project = Project.open(lake.project, None)
    start = f"source.dms_lake.shop.{table}"
    touched = below(project.manifest, [start])
    command = ["ls", "--output", "json", "--output-keys", "unique_id"]
    command += ["--select", f"source:shop.{table}+"]
    of_part = set(project.dbt(command, touched=touched).value)
    assert of_part == set(project.dbt(command).value) and of_part

    part = part_of(project.manifest, touched)
    other = "items" if table == "orders" else "orders"
    # An exposure and a test that stand on both bring the other table along, but not what is beside them.
    assert "exposure.dms_lake.board" in part.exposures
    assert f"source.dms_lake.shop.{other}" in part.sources
    assert f"model.dms_lake.rej_shop__{other}" in project.manifest.nodes
    assert f"model.dms_lake.rej_shop__{other}" not in part.nodes
    assert part.flat_graph is project.manifest.flat_graph
    hooks = set(part_of(project.manifest, ()).nodes)
    assert hooks and all(name.startswith("operation.") for name in hooks)


@pytest.mark.long
def test_a_whole_run_has_the_tests_that_stand_on_no_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)
    lake = Lakehouse(
        tmp_path, {"orders": Table({"id": "bigint"}, {"envelope": "s3_csv", "key": ["id"]})}
    )
    settings = lake.project / "dbt_project.yml"
    settings.write_text(settings.read_text().replace("[tests/singular]", "[checks]"))
    (lake.project / "checks").mkdir()
    (lake.project / "checks" / "nothing_is_wrong.sql").write_text("select 1 as wrong where false")
    lake.put("orders/LOAD00000001.csv", "1\n")
    project = Project.open(lake.project, None)
    first = Run(project, Options())()
    assert not first.errors and first.tests == 1
    lake.put("orders/20240102-100000000.csv", "I,2\n")
    later = Run(project, Options())()
    assert (later.built, later.tests) == (4, 0)
