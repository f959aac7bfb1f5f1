"""What every public macro makes on each engine, offline: text that the engine's grammar takes, with the words that count."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import duckdb
import pytest
import sqlfluff

from conftest import Render, Renderer
from render_cases import CASES

TARGETS = ("duckdb", "athena", "redshift")


def grammar_error(sql: str, target: str) -> str:
    """What the engine's grammar says against a statement; empty when nothing."""
    if target == "duckdb":
        try:
            duckdb.extract_statements(sql)
        except duckdb.ParserException as error:
            return str(error)
        return ""
    try:
        sqlfluff.parse(sql, dialect=target)
    except sqlfluff.api.APIParsingError as error:
        return str(error)
    return ""


Rendered = Callable[[str], dict[str, str]]


@pytest.fixture(scope="module")
def rendered(renderer: Renderer) -> Rendered:
    """`rendered(target)`: the text of every case that compiles there, by name.

    One compilation for all: dbt links the whole project in each.
    """

    def _rendered(target: str) -> dict[str, str]:
        names = [name for name, case in CASES.items() if case.on.get(target, "") is not None]
        # What a case sets ends with its loop.
        texts = [
            f"--case {name}\n{{% for _ in [1] %}}{CASES[name].sql}{{% endfor %}}" for name in names
        ]
        result = renderer.compile("\n".join(texts), target)
        if not result.success:
            return {}
        parts = (result.nodes[0].compiled_code or "").split("--case ")[1:]
        return {name: text.strip() for name, _, text in (part.partition("\n") for part in parts)}

    return cache(_rendered)


@pytest.mark.long
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", CASES)
def test_a_macro_makes_what_the_engine_can_read(
    rendered: Rendered, render: Render, render_error: Render, name: str, target: str
) -> None:
    case = CASES[name]
    if target in case.on and case.on[target] is None:
        assert f"dms_lake.{name}: not written for the adapter `{target}`;" in render_error(
            case.sql, target
        )
        return
    # Where one case does not compile none is there, and each says for itself which one it is.
    text = rendered(target).get(name)
    sql = re.sub(r"\s+", " ", render(case.sql, target) if text is None else text)
    for part in (*case.words, case.on.get(target) or ""):
        assert part in sql
    assert not grammar_error(sql, target), sql


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.wrong])
def test_a_macro_says_what_is_wrong(render_error: Render, name: str) -> None:
    assert CASES[name].says in render_error(CASES[name].wrong)
