"""The marts against what plain Python works out from the same files: a million sales, orders as of their day, documents."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lake.dbt_project import Result, invoke
from mart_lakes import Orders, Sales, write_orders, write_purchases, write_sales

ROOT = Path(__file__).resolve().parents[2]
SALES = 1_000_000
BY_DAY = "cast(sales.orderdate as date) = days.d_prettydate"
TRAP = "sales.orderdate = days.d_prettydate"

pytestmark = pytest.mark.long


class Copy:
    """This project in a folder of its own, so that a model can be broken on purpose, over a lake of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.lake = home / "project", home / "lake"
        self.home.mkdir()
        for name in ("models", "macros", "seeds"):
            shutil.copytree(ROOT / name, self.home / name)
        for name in ("generic", "singular"):
            shutil.copytree(ROOT / "tests" / name, self.home / "tests" / name)
        shutil.copyfile(ROOT / "dbt_project.yml", self.home / "dbt_project.yml")
        self.database = home / "lake.duckdb"
        profile = (ROOT / "profiles.example.yml").read_text()
        (self.home / "profiles.yml").write_text(
            profile.replace("target/dms_lake", str(home / "lake"))
        )

    def build(self, *select: str, command: str = "build") -> Result:
        """`dbt build` of what is selected, which need not succeed."""
        lake = {"lake_root": str(self.lake)}
        result = invoke(
            [command, "--select", *select], self.home, "duckdb", lake, profiles=self.home
        )
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        DuckDBConnectionManager.close_all_connections()
        return result

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query over what was built."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("marts"))


@pytest.fixture(scope="module")
def sold(copy: Copy) -> Iterator[Sales]:
    """A million sales, built."""
    sales = write_sales(copy.lake / "sales" / "sales_event" / "2024/01/15/10", SALES)
    result = copy.build("+sales_by_season", "+sales_by_weekday")
    assert result.success, [node.message for node in result.failed]
    yield sales


def answers(copy: Copy, mart: str) -> dict[str, tuple[int, int, Decimal]]:
    return {name: tuple(rest) for name, *rest in copy.rows(f"select * from {mart}")}


@pytest.mark.parametrize("mart", ["season", "weekday"])
def test_a_million_sales_give_the_sums_worked_out_by_hand(
    copy: Copy, sold: Sales, mart: str
) -> None:
    by_hand = sold.seasons if mart == "season" else sold.weekdays
    assert sum(total.sales for total in by_hand.values()) == SALES
    expected = {name: (t.sales, t.quantity, t.amount) for name, t in by_hand.items()}
    assert answers(copy, f"sales_by_{mart}") == expected
    assert len(expected) == {"season": 5, "weekday": 8}[mart]


def test_the_published_query_gives_the_same_sums(copy: Copy, sold: Sales) -> None:
    """S6 asks for sum(quantity * price) of doubles, joined by day: the same to the cent."""
    query = """
        select d_season, sum("Quantity" * "Price")
        from cur_sales__sales_event join date_dimension on "OrderDate"::date = d_prettydate group by all
    """
    for season, amount in copy.rows(query):
        assert amount == pytest.approx(float(sold.seasons[season].amount), rel=1e-12)


def test_the_trap_of_a_time_joined_with_a_date_is_noticed(copy: Copy, sold: Sales) -> None:
    """S6's trap on purpose: the tests that go with the marts fail, and say which."""
    model = copy.home / "models/marts/fct_sales.sql"
    right = model.read_text()
    assert right.count(BY_DAY) == 1
    model.write_text(right.replace(BY_DAY, TRAP))
    try:
        result = copy.build("fct_sales")
    finally:
        model.write_text(right)
    assert not result.success
    failed = {node.unique_id.split(".")[2]: node.failures for node in result.failed}
    assert (failed["every_sale_has_its_day"] or 0) > SALES * 0.95
    assert copy.build("fct_sales+").success


@pytest.fixture(scope="module")
def ordered(copy: Copy) -> Orders:
    """Orders and what they name, built."""
    orders = write_orders(copy.lake / "shop" / "public")
    result = copy.build("+fct_orders")
    assert result.success, [node.message for node in result.failed]
    return orders


def test_orders_have_product_and_store_as_they_were_on_their_day(
    copy: Copy, ordered: Orders
) -> None:
    expected = ordered.expected()
    query = "select order_id, order_date, product_name, store_city from fct_orders order by 1"
    assert copy.rows(query) == expected
    names = [name for _, _, name, _ in expected]
    # The log is worth the walk: things that never change, change often, and do not live.
    assert len(set(names)) > 40 and None in names and "v0" in names


def test_an_order_finds_what_was_new_or_deleted_on_its_day(copy: Copy, ordered: Orders) -> None:
    """Days that `held_at` at midnight, or at the next one, would get wrong are among them."""
    midnight = """
        select count(*) from fct_orders as o left join hst_shop__product as p
            on o.product_id = p.id and not p._cdc_is_deleted
            and (p._cdc_valid_from is null or p._cdc_valid_from <= o.order_date + interval '{0}' day)
            and (p._cdc_valid_to is null or p._cdc_valid_to > o.order_date + interval '{0}' day)
        where o.product_name is not null and p.id is null
    """
    assert [copy.rows(midnight.format(day))[0][0] > 0 for day in (0, 1)] == [True, True]


def test_purchases_are_documents_of_the_living_rows(copy: Copy) -> None:
    """Every order that has a product left is one document; nulls and awkward names are kept."""
    expected = write_purchases(copy.lake / "purchases" / "purchase_temp")
    result = copy.build("+purchase_items")
    assert result.success, [node.message for node in result.failed]
    found = copy.rows("select customerid, orderid, quantities from purchase_items")
    assert {(customer, order): items for customer, order, items in found} == expected
