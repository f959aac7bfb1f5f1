"""What the demo ends with: the two sales answers of the marts on screen and on the page, against sums made by hand."""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path

import pytest
from rich.console import Console

from doc_commands import ON_THE_DEMO
from lake.demo.play import Play, run_dbt
from lake.demo.screen import show
from mart_lakes import sold_in

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.long


def shown_of(played: Play) -> str:
    """The whole screen."""
    text = io.StringIO()
    show(played, Console(file=text, width=100, highlight=False))
    return text.getvalue()


def test_the_two_sales_questions_are_answered_as_worked_out_by_hand(demo: Play) -> None:
    """From the delivered files alone, without an engine; on screen they come last before what to do next."""
    sold = sold_in(ROOT / "demo" / "rounds")
    by_hand = {"sales_by_season": sold.seasons, "sales_by_weekday": sold.weekdays}
    assert [answer.mart for answer in demo.answers] == list(by_hand)
    for answer in demo.answers:
        found = {name: tuple(rest) for name, *rest in (row.values() for row in answer.rows)}
        expected = by_hand[answer.mart]
        assert found == {name: (s.sales, s.quantity, s.amount) for name, s in expected.items()}
    assert [row["d_season"] for row in demo.answers[0].rows] == ["Winter", "Spring", "Summer"]
    assert sum(total.sales for total in sold.seasons.values()) == 6
    text = shown_of(demo)
    ending = text[text.index("Sales by season") : text.index(" builds in ")]
    for answer in demo.answers:
        for row in answer.rows:
            assert " ".join(map(str, row.values())) in " ".join(ending.split())
    assert max(len(line.rstrip()) for line in ending.splitlines()) <= 100


def test_the_answers_are_charts_of_the_page(demo_home: Path, demo: Play) -> None:
    page = Path(demo.page).read_text()
    assert Path(demo.page) == demo_home / "report.html"
    for answer in demo.answers:
        assert f"<figcaption>{answer.title}</figcaption>" in page
        for row in answer.rows:
            name, *_, amount = row.values()
            assert re.search(f"{name}; amount: {float(amount):g}\\b", page), row
    assert "14</b>tables" in page
    # Of the demo's own build, not of another in the project's folder.
    assert "Slowest models of the last runs" in page and re.search("<td>lat_[a-z]+__", page)


@pytest.mark.parametrize("command", sorted(ON_THE_DEMO))
def test_a_command_of_the_docs_over_our_own_models_runs(
    demo: Play, demo_home: Path, command: str
) -> None:
    assert demo.tables
    program, *arguments = shlex.split(command)
    assert program == "dbt"
    assert run_dbt(arguments, ROOT, demo_home).nodes
