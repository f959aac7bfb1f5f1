"""What `lake run` keeps of the parsed project and gives to dbt: no more than a run is about, nothing less, nothing outdated."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from lake.dbt_project import invoke
from lake.errors import LakeError
from lake.run.kept import reached
from lake.run.once import Options, Run
from lake.run.project import Project
from lakehouse import Lakehouse, Table

CSV = Table({"id": "bigint"}, {"envelope": "s3_csv", "key": ["id"]})
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
    touched = reached(project.kept.index.children, [start])
    command = ["ls", "--output", "json", "--output-keys", "unique_id"]
    command += ["--select", f"source:shop.{table}+"]
    of_part = set(project.dbt(command, touched=touched).value)
    assert of_part == set(project.dbt(command).value) and of_part

    part, whole = project.kept.part(touched), project.manifest
    other = "items" if table == "orders" else "orders"
    # An exposure and a test that stand on both bring the other table along, but not what is beside them.
    assert "exposure.dms_lake.board" in part.exposures
    assert f"source.dms_lake.shop.{other}" in part.sources
    assert f"model.dms_lake.rej_shop__{other}" in whole.nodes
    assert f"model.dms_lake.rej_shop__{other}" not in part.nodes
    assert set(part.flat_graph["nodes"]) == set(whole.nodes)
    hooks = set(project.kept.part(()).nodes)
    assert hooks and all(name.startswith("operation.") for name in hooks)


@pytest.mark.long
def test_a_whole_run_has_the_tests_that_stand_on_no_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)
    lake = Lakehouse(tmp_path, {"orders": CSV})
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


class Parses:
    """How often dbt was let parse."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0

        def counted(args: list[str], *given: Any, **named: Any) -> Any:
            # With a manifest at hand dbt only reads the profile.
            is_parse = "parse" in args and named.get("manifest") is None and len(given) < 5
            self.count += is_parse
            return invoke(args, *given, **named)

        monkeypatch.setattr("lake.run.project.invoke", counted)
        monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)

    def open(self, lake: Lakehouse, **options: Any) -> tuple[Project, int]:
        """The project, and how often dbt parsed for it."""
        before = self.count
        found = Project.open(lake.project, **({"target": None} | options))
        return found, self.count - before


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> Parses:
    return Parses(monkeypatch)


def touched_later(path: Path, text: str) -> None:
    """Other text in a file of the same size and time: what tells them apart is when it was laid there."""
    before = path.stat()
    assert len(text) == before.st_size
    path.write_text(text)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_project_that_did_not_change_is_not_parsed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parses: Parses
) -> None:
    monkeypatch.setenv("SHOP_SCHEMA", "one")
    lake = Lakehouse(tmp_path, {"orders": CSV})
    lake.add_model("marts/first", "{{ config(schema=env_var('SHOP_SCHEMA')) }} select 1 as one")
    _, first = parses.open(lake)
    opened, again = parses.open(lake)
    assert (first, again) == (1, 0)
    assert opened.nodes["model.dms_lake.first"].relation == ("main_one", "first")

    monkeypatch.setenv("SHOP_SCHEMA", "two")
    opened, of_other_environment = parses.open(lake)
    assert opened.nodes["model.dms_lake.first"].relation == ("main_two", "first")
    model = lake.project / "models" / "marts" / "first.sql"
    touched_later(model, model.read_text().replace("1 as one", "2 as one"))
    opened, of_other_text = parses.open(lake)
    assert "2 as one" in opened.kept.node("model.dms_lake.first").raw_code
    profile = lake.project / "profiles.yml"
    profile.write_text(profile.read_text().replace("threads: 2", "threads: 1"))
    _, of_other_profile = parses.open(lake)
    _, of_other_variables = parses.open(lake, vars={"hour": 1})
    _, of_named_target = parses.open(lake, target="duckdb", vars={"hour": 1})
    assert [
        of_other_environment, of_other_text, of_other_profile, of_other_variables, of_named_target
    ] == [1, 1, 1, 1, 1]  # fmt: skip
    assert parses.open(lake, vars={"hour": 1})[1] == 0


def test_what_is_kept_and_broken_is_parsed_again(tmp_path: Path, parses: Parses) -> None:
    lake = Lakehouse(tmp_path, {"orders": CSV})
    parses.open(lake)
    path = lake.project / "target" / "lake_run" / "default.parsed"
    whole = path.read_bytes()
    for broken in (b"", b"no database", whole[: len(whole) // 2], whole[:5000] + whole[9000:]):
        path.write_bytes(broken)
        opened, parsed = parses.open(lake)
        assert parsed == 1
        assert "model.dms_lake.cur_shop__orders" in opened.nodes
    path.unlink()
    path.mkdir()
    with pytest.raises(LakeError, match=r"cannot be kept in .*default\.parsed: .* Make room there"):
        parses.open(lake)
    assert [item.name for item in path.parent.iterdir()] == ["default.parsed"]


def test_no_secret_of_the_profile_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parses: Parses
) -> None:
    for name in ("DBT_ENV_SECRET_TOKEN", "SHOP_TOKEN", "SHOP_KEY"):
        monkeypatch.setenv(name, f"hush-{name.lower()}")
    lake = Lakehouse(tmp_path, {"orders": CSV})
    lake.add_model("marts/first", "select '{{ env_var('SHOP_KEY') | length }}' as one")
    profile = lake.project / "profiles.yml"
    secrets = "secrets: [{type: s3, key_id: \"{{ env_var('SHOP_TOKEN') }}\", secret: \"{{ env_var('DBT_ENV_SECRET_TOKEN') }}\"}]"
    profile.write_text(
        profile.read_text().replace("type: duckdb", f"type: duckdb\n      {secrets}")
    )
    opened, _ = parses.open(lake)
    assert opened.credentials.secrets
    kept = lake.project / "target" / "lake_run" / "default.parsed"
    assert b"hush-" not in kept.read_bytes()


def test_macros_see_every_node_of_what_is_kept(tmp_path: Path, parses: Parses) -> None:
    lake = Lakehouse(tmp_path, {"orders": CSV, "items": CSV})
    macros = lake.project / "own"
    macros.mkdir()
    settings = lake.project / "dbt_project.yml"
    settings.write_text(settings.read_text().replace("[macros,", "[own, macros,"))
    (macros / "count_all.sql").write_text(
        "{% macro count_all() %}{% do log('dms_lake_seen ' ~ tojson(["
        "graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | map(attribute='name') | sort,"
        "graph.sources.values() | map(attribute='name') | sort, graph.exposures | length,"
        "graph.nodes.get('model.none') is none, graph.nodes['model.dms_lake.cur_shop__items'].config.materialized"
        "])) %}{% endmacro %}"
    )
    parses.open(lake)
    opened, parsed = parses.open(lake)
    said = opened.operate("count_all", {})
    models, *rest = json.loads(said["seen"][0])
    assert parsed == 0
    assert {
        f"{room}_shop__{table}"
        for room in ("chg", "lat", "cur", "rej")
        for table in ("orders", "items")
    } <= {*models}
    assert rest == [["items", "orders"], 0, True, "room_view"]
