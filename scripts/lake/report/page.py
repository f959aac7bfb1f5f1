"""The page: one HTML file with its style, its script and its charts inside; nothing is fetched when it is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
INK, BAR = "#33404d", "#3b6ea5"


def page(facts: Mapping[str, Any]) -> str:
    """The page's text; every value is escaped by Jinja, charts are drawn by Vega, which escapes its own."""
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True)
    return environment.get_template("page.html").render(facts)


def bars(
    rows: Sequence[Mapping[str, Any]], x: str, y: str, order: Sequence[str] | None = None
) -> str:
    """A bar chart as SVG, in the order given or as the rows come."""
    import vl_convert

    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 420,
        "height": 200,
        "background": "transparent",
        "data": {"values": list(rows)},
        "mark": {"type": "bar", "color": BAR, "tooltip": True},
        "encoding": {
            "x": {
                "field": x,
                "type": "nominal",
                "sort": list(order) if order else None,
                "title": None,
                "axis": {"labelAngle": 0},
            },
            "y": {"field": y, "type": "quantitative", "title": y.replace("_", " ")},
        },
        "config": {
            "font": "sans-serif",
            "view": {"stroke": None},
            "axis": {"labelColor": INK, "titleColor": INK, "gridColor": "#e4e8ec"},
        },
    }
    return str(vl_convert.vegalite_to_svg(spec))
