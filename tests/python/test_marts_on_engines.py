"""The marts of one lake on DuckDB, Athena and Redshift: what plain Python works out of its files, with a million sales."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from boto3.dynamodb.types import TypeDeserializer
from typer.testing import CliRunner

from lake import cli
from lake.dbt_project import invoke
from lake.demo.on_athena import OnAthena, on_athena
from lake.demo.play import Engine, OnDuckDB, rounds_of
from lake.demo.rounds import files_of
from lake.errors import LakeError
from mart_lakes import Orders, Sales, Sold, write_orders, write_purchases, write_sales
from redshift_standin import redshift_standin

ROOT = Path(__file__).resolve().parents[2]
SALES = 1_000_000
# Without what only names a row: its file is elsewhere on each engine.
COLUMNS = {
    "dim_date": "*",
    "dim_students": "*",
    "students_by_grade": "*",
    "school_snapshot_checks": "*",
    "sales_by_season": "*",
    "sales_by_weekday": "*",
    "fct_orders": "order_id, order_date, product_id, product_name, price, store_id, store_city, quantity",
}
PUBLISHED = """
    select d_season, sum(quantity * price) as amount
    from {sales} join {days} on cast(orderdate as date) = d_prettydate
    group by d_season
"""

pytestmark = [pytest.mark.long, pytest.mark.nightly]
Row = dict[str, Any]


@dataclass(frozen=True)
class Lake:
    """Files, built on DuckDB, and what is known of them without any engine."""

    duckdb: OnDuckDB
    sales: Sales
    orders: Orders
    documents: dict[tuple[str, str], dict[str, int | None]]

    @property
    def files(self) -> Path:
        """Their folder."""
        return self.duckdb.home / "lake"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """The demo's systems; those of the sales, the shop and the purchases are larger than there."""
    duckdb = OnDuckDB(ROOT, tmp_path_factory.mktemp("duckdb"))
    for number in rounds_of(ROOT):
        duckdb.deliver(number)
    files = duckdb.home / "lake"
    for system in ("sales", "shop", "purchases"):
        shutil.rmtree(files / system)
    sales = write_sales(files / "sales" / "sales_event" / "2024/01/15/10", SALES)
    orders = write_orders(files / "shop" / "public")
    documents = write_purchases(files / "purchases" / "purchase_temp")
    duckdb.parse()
    duckdb.build()
    return Lake(duckdb, sales, orders, documents)


@pytest.fixture(scope="module")
def athena(lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnAthena]:
    """The same files, built on Athena; the environment is its own while it stands."""
    with on_athena(ROOT, tmp_path_factory.mktemp("athena") / "home", print) as engine:
        engine.parse()
        engine.bring(lake.files, files_of(lake.files))
        engine.build()
        yield engine


@pytest.fixture(params=["duckdb", "athena"])
def engine(lake: Lake, request: pytest.FixtureRequest) -> Engine:
    """Either of them."""
    found: Engine = request.getfixturevalue("athena") if request.param == "athena" else lake.duckdb
    return found


def answers(rows: list[Row]) -> dict[str, tuple[int, int, Decimal]]:
    return {name: tuple(rest) for name, *rest in (row.values() for row in rows)}


def by_hand(sold: dict[str, Sold]) -> dict[str, tuple[int, int, Decimal]]:
    return {name: (total.sales, total.quantity, total.amount) for name, total in sold.items()}


def test_a_million_sales_give_the_sums_worked_out_by_hand(lake: Lake, engine: Engine) -> None:
    query = engine.query
    seasons, weekdays = by_hand(lake.sales.seasons), by_hand(lake.sales.weekdays)
    assert sum(total.sales for total in lake.sales.seasons.values()) == SALES
    assert answers(query("select * from sales_by_season")) == seasons
    assert answers(query("select * from sales_by_weekday")) == weekdays
    # S6 asks for sums of doubles over the events themselves.
    asked = PUBLISHED.format(sales="cur_sales__sales_event", days="date_dimension")
    expected = {name: float(amount) for name, (*_, amount) in seasons.items() if name != "unknown"}
    found = {row["d_season"]: row["amount"] for row in query(asked)}
    assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("mart", COLUMNS)
def test_a_mart_on_athena_has_the_rows_of_duckdb(lake: Lake, athena: OnAthena, mart: str) -> None:
    text = f"select {COLUMNS[mart]} from {mart}"
    found, expected = athena.query(text), lake.duckdb.query(text)
    assert expected and sorted(map(str, found)) == sorted(map(str, expected))


def test_every_sale_on_athena_has_its_day_and_price(lake: Lake, athena: OnAthena) -> None:
    """By the day, as a million rows are many to fetch."""
    text = """
        select
            d_datekey, count(*) as sales, count(distinct sale_id) as ids, sum(items_sold) as items,
            sum(items_sold * item_price) as amount, min(ordered_at) as first, max(ordered_at) as last
        from fct_sales
        group by d_datekey
        order by d_datekey
    """
    found = athena.query(text)
    assert len(found) > 7000 and list(map(str, found)) == list(map(str, lake.duckdb.query(text)))


def test_orders_have_product_and_store_as_they_were_on_their_day(
    lake: Lake, engine: Engine
) -> None:
    text = "select order_id, order_date, product_name, store_city from fct_orders order by 1"
    found = engine.query(text)
    assert [tuple(row.values()) for row in found] == lake.orders.expected()


def run(*arguments: str) -> str:
    """A command of `lake` on Athena, as an operator types it."""
    result = CliRunner().invoke(
        cli.app, [*arguments, "--project-dir", str(ROOT), "--target", "athena"]
    )
    if isinstance(result.exception, LakeError):
        raise result.exception
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def items_below(folder: Path) -> list[Row]:
    """The items of an export, as Python values."""
    read = TypeDeserializer().deserialize
    lines: list[Row] = []
    for path in sorted(folder.glob("*/data/*")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            lines += [json.loads(line)["Item"] for line in file]
    return [{name: read(value) for name, value in item.items()} for item in lines]


def test_purchases_are_exported_from_athena_as_documents(
    lake: Lake, athena: OnAthena, tmp_path: Path
) -> None:
    key = ["--key", "customerid", "--key", "orderid"]
    run("export-items", "purchase_items", str(tmp_path), *key)
    items = items_below(tmp_path)
    assert {(item["customerid"], item["orderid"]): item["quantities"] for item in items} == (
        lake.documents
    )
    assert len(items) == len(lake.documents) > 400


def test_stored_rows_are_exported_from_athena_and_views_are_refused(
    lake: Lake, athena: OnAthena, tmp_path: Path
) -> None:
    run("export-items", "lat_sales__sales_event", str(tmp_path), "--key", "_cdc_row_id")
    items = items_below(tmp_path)
    assert len(items) == SALES
    assert sum(item.get("quantity", 0) for item in items) == sum(
        total.quantity for total in lake.sales.seasons.values()
    )
    with pytest.raises(LakeError, match="fct_sales is a view on Athena, and only stored rows"):
        run("export-items", "fct_sales", str(tmp_path), "--key", "sale_id")


def facts(page: str) -> dict[str, list[str]]:
    """What a page of `lake report` says of each table, without hours."""
    body = page[page.index('<table id="tables">') :]
    rows = re.findall(r"<tr>\s*(<td>.*?)</tr>", body[: body.index("</table>")], re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    return {name: [*rest[:2], *rest[4:]] for name, *rest in cells}


def test_the_page_on_athena_says_what_the_page_on_duckdb_says(
    lake: Lake, athena: OnAthena, tmp_path: Path
) -> None:
    output = tmp_path / "report.html"
    said = run("report", "--output", str(output))
    page, expected = output.read_text(), (lake.duckdb.home / "report.html")
    lake.duckdb.page()
    assert f"{len(facts(page))} table(s)" in said
    assert facts(page) == facts(expected.read_text())
    for mart in ("season", "weekday"):
        assert f"<figcaption>Sales by {mart}</figcaption>" in page
    for name, (*_, amount) in by_hand(lake.sales.weekdays).items():
        assert f"{name}; amount: {repr(float(amount)).removesuffix('.0')}" in page
    assert "rows do not add up" not in page


def test_redshift_serves_the_sums_of_a_million_sales(lake: Lake, tmp_path: Path) -> None:
    """The marts as views over what is stored, and the published query over the events and Redshift's own calendar."""
    stored = ["lat_sales__sales_event", "sales_by_season", "sales_by_weekday"]
    served = ["rs_cur_sales__sales_event", "rs_sales_by_season", "rs_sales_by_weekday"]
    with redshift_standin() as redshift:
        redshift.run("create schema dms_lake_external")
        redshift.take(lake.duckdb.home / "demo.duckdb", stored)
        profile = {"target": "redshift", "outputs": {"redshift": redshift.profile("sales")}}
        (tmp_path / "profiles.yml").write_text(yaml.safe_dump({"dms_lake": profile}))
        places = ["--target-path", str(tmp_path / "dbt"), "--log-path", str(tmp_path / "dbt")]
        # A test asks for the sales and their days, and only Athena has the sales.
        select = ["--select", *served, "+dim_date", "--indirect-selection", "cautious"]
        result = invoke(["build", *select, *places], ROOT, "redshift", profiles=tmp_path)
        assert result.success, result.errors
        for mart, sold in (("season", lake.sales.seasons), ("weekday", lake.sales.weekdays)):
            assert answers(redshift.sql(f"select * from sales.rs_sales_by_{mart}")) == by_hand(sold)
        asked = PUBLISHED.format(sales="sales.rs_cur_sales__sales_event", days="sales.dim_date")
        found = {row["d_season"]: row["amount"] for row in redshift.sql(asked)}
    expected = {
        name: float(total.amount) for name, total in lake.sales.seasons.items() if name != "unknown"
    }
    assert found == pytest.approx(expected, rel=1e-9)
