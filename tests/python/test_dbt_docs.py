"""`dbt docs generate` over the demo: a site in which nothing that people can see is left without words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from conftest import Renderer
from lake.demo.play import Play, run_dbt

ROOT = Path(__file__).resolve().parents[2]
Node = Mapping[str, Any]

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def site(demo: Play, demo_home: Path) -> Path:
    """The folder of the site."""
    assert demo.tables
    # The one model that neither the demo nor its page has built.
    run_dbt(["run", "--select", "aud_costs"], ROOT, demo_home)
    run_dbt(["docs", "generate"], ROOT, demo_home)
    return demo_home / "dbt"


def test_every_model_seed_and_column_of_the_site_is_described(site: Path) -> None:
    manifest, catalog = (
        json.loads((site / f"{name}.json").read_text()) for name in ("manifest", "catalog")
    )
    assert (site / "index.html").stat().st_size > 100_000
    nodes = {
        name: node
        for name, node in manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed")
    }
    assert set(catalog["nodes"]) == set(nodes) and len(nodes) > 70
    none_of(undescribed(nodes.values()))
    none_of(
        f"{name}.{column}"
        for name, node in nodes.items()
        for column in catalog["nodes"][name]["columns"]
        if not told(node["columns"].get(column, {}))
    )
    none_of(name for name, exposure in manifest["exposures"].items() if not told(exposure))
    none_of(name for name, source in manifest["sources"].items() if not told(source))


def test_every_public_macro_and_argument_of_the_site_is_described(site: Path) -> None:
    macros = [
        macro
        for macro in json.loads((site / "manifest.json").read_text())["macros"].values()
        if macro["package_name"] == "dms_lake"
        and not macro["name"].startswith(("_", "materialization_"))
        and "__" not in macro["name"]
    ]
    assert len(macros) > 40
    none_of(macro["name"] for macro in macros if not told(macro))
    none_of(
        f"{macro['name']}({argument['name']})"
        for macro in macros
        for argument in macro["arguments"]
        if not told(argument)
    )


def test_what_redshift_alone_builds_is_described(renderer: Renderer) -> None:
    nodes = [
        node.to_dict()
        for node in renderer.manifest("redshift").nodes.values()
        if node.name.startswith("rs_")
    ]
    assert nodes
    none_of(undescribed(nodes))


def undescribed(nodes: Iterable[Node]) -> Iterator[str]:
    """Nodes and declared columns without words."""
    for node in nodes:
        if not told(node):
            yield node["name"]
        yield from (
            f"{node['name']}.{name}" for name, column in node["columns"].items() if not told(column)
        )


def told(thing: Node) -> bool:
    """Whether something has a description."""
    return bool(str(thing.get("description") or "").strip())


def none_of(found: Iterable[str]) -> None:
    """Fail with a line for each."""
    names = sorted(found)
    assert not names, "\n" + "\n".join(names)
