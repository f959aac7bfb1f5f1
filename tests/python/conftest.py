"""Fixtures: the text that a macro makes on each engine, and its errors, without a network."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from athena_fixture import athena, athena_local, stop_session_stack
from lake.dbt_project import Result, invoke

if TYPE_CHECKING:
    from lake.demo.play import Play

__all__ = ["athena", "athena_local"]

ROOT = Path(__file__).resolve().parents[2]
# What dbt keeps of a project stays: to look through it for garbage every few thousand objects is an eighth of a build.
gc.set_threshold(100_000, 20, 50)

Render = Callable[..., str]


class Renderer:
    """Compiles text on any target; the project is parsed once per target and session."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = cache(self._parse)

    def compile(self, text: str, target: str) -> Result:
        """Compile `text` as an inline query of the project, without asking any database."""
        manifest = self.manifest(target)
        offline = ["--no-populate-cache", "compile", "--no-introspect", "--inline", text]
        try:
            return self._invoke(offline, target, manifest)
        finally:
            # A query that failed stays in the manifest, and the next would be its namesake.
            for name in [name for name in manifest.nodes if name.startswith("sql_operation.")]:
                del manifest.nodes[name]

    def compile_all(self, target: str) -> Result:
        """Compile every model and test, without asking any database, whatever the target builds by default."""
        offline = ["--no-populate-cache", "compile", "--no-introspect", "--select", "fqn:*"]
        return self._invoke(offline, target, self.manifest(target))

    def _parse(self, target: str) -> Any:
        result = self._invoke(["parse"], target)
        if not result.success:
            pytest.fail(f"the project does not parse on {target}:\n" + "\n".join(result.errors))
        return result.value

    def _invoke(self, args: list[str], target: str, manifest: Any = None) -> Result:
        folder = self.folder / target
        places = ["--no-write-json", "--target-path", str(folder), "--log-path", str(folder)]
        with pytest.MonkeyPatch.context() as patch:
            # A developer's own profile and environment decide nothing here.
            patch.setenv("DBT_PROFILES_DIR", str(self.folder))
            patch.setenv("DMS_LAKE_DUCKDB_PATH", ":memory:")
            patch.setenv("DMS_LAKE_SCHEMA", "lake")
            return invoke([*args, *places], ROOT, target, manifest=manifest)


@pytest.fixture(scope="session")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    """One parsed project per target, made when first asked for, on the shipped profile."""
    folder = tmp_path_factory.mktemp("render")
    shutil.copyfile(ROOT / "profiles.example.yml", folder / "profiles.yml")
    return Renderer(folder)


@pytest.fixture
def render(renderer: Renderer) -> Render:
    """`render(text, target='duckdb')`: the compiled text, without the space around it."""

    def _render(text: str, target: str = "duckdb") -> str:
        result = renderer.compile(text, target)
        assert result.success, "\n".join(result.errors)
        return (result.nodes[0].compiled_code or "").strip()

    return _render


@pytest.fixture
def render_error(renderer: Renderer) -> Render:
    """`render_error(text, target='duckdb')`: what dbt says about text that must not compile."""

    def _render_error(text: str, target: str = "duckdb") -> str:
        result = renderer.compile(text, target)
        assert not result.success, f"this compiled: {result.nodes[0].compiled_code}"
        return "\n".join(result.errors)

    return _render_error


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo is played; tests only read there."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def demo(demo_home: Path) -> Play:
    """The demo, played once for all tests of a worker that look at it."""
    from lake.demo.play import play

    return play(ROOT, demo_home)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave no process behind."""
    stop_session_stack(session.config)


# Each takes minutes: together they would keep a change waiting for an hour.
NIGHTLY = {
    "test_athena_faults", "test_athena_local", "test_athena_local_life", "test_athena_write",
    "test_demo_on_athena", "test_faults", "test_history_on_athena", "test_land_faults",
    "test_land_on_athena", "test_land_simulated", "test_masks_on_athena",
}  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test-nightly` runs."""
    for item in items:
        if item.path.stem in NIGHTLY or "[long-" in item.name:
            item.add_marker(pytest.mark.nightly)
