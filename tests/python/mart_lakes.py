"""Lakes of many sales and orders, and what the marts must make of them, worked out by hand."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

CATEGORIES = ("Toys", "Home, Garden", 'A "B"')
FIRST, LAST = dt.datetime(2015, 1, 1), dt.datetime(2034, 12, 31, 23, 59, 59)
SEASONS = {
    **dict.fromkeys((12, 1, 2), "Winter"),
    **dict.fromkeys((3, 4, 5), "Spring"),
    **dict.fromkeys((6, 7, 8), "Summer"),
    **dict.fromkeys((9, 10, 11), "Autumn"),
}
DAYS = {1: "Monday", 2: "Tuesday", 3: "Wednesday", 4: "Thursday", 5: "Friday", 6: "Saturday", 7: "Sunday"}  # fmt: skip


@dataclass
class Sold:
    """What was sold under one name: sales, items, and the exact sum of quantity times price."""

    sales: int = 0
    quantity: int = 0
    amount: Decimal = Decimal(0)

    def add(self, quantity: int, price: str) -> None:
        """Count one more sale."""
        self.sales += 1
        self.quantity += quantity
        self.amount += quantity * Decimal(price)


@dataclass
class Sales:
    """The two answers."""

    seasons: dict[str, Sold] = field(default_factory=lambda: defaultdict(Sold))
    weekdays: dict[str, Sold] = field(default_factory=lambda: defaultdict(Sold))


def write_sales(folder: Path, number: int, seed: int = 1, files: int = 10) -> Sales:
    """Write `number` sales as Firehose leaves them, and add them up on the way, without any engine.

    Most have a time of day; some are of midnight or of its last moment, without a time, with one that is none, or of a day that
    the calendar does not reach.
    """
    draw, sales = random.Random(seed), Sales()
    seconds = int((LAST - FIRST).total_seconds())
    folder.mkdir(parents=True)
    for part in range(files):
        with (folder / f"sales-1-2024-01-15-{part:02}-00-00-a1").open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            for _ in range(part, number, files):
                moment = FIRST + dt.timedelta(seconds=draw.randrange(seconds))
                kind = draw.random()
                if kind < 0.01:
                    moment = moment.replace(hour=0, minute=0, second=0)
                elif kind < 0.02:
                    moment = moment.replace(hour=23, minute=59, second=59, microsecond=999999)
                text, month, weekday = str(moment), SEASONS[moment.month], DAYS[moment.isoweekday()]
                if kind > 0.999:
                    text = draw.choice(["NULL", "soon", "2014-12-31 23:59:59", "2035-01-01"])
                    month = weekday = "unknown"
                quantity, price = draw.randint(1, 9), f"{draw.randrange(1, 100_000) / 100:.2f}"
                item = draw.randrange(500), draw.choice(CATEGORIES)
                writer.writerow((*item, price, quantity, text, "NY", "Express", "Mail"))
                sales.seasons[month].add(quantity, price)
                sales.weekdays[weekday].add(quantity, price)
    return sales


def sold_in(folder: Path) -> Sales:
    """The two answers of sales that others wrote, below a folder: their files' lines, added up."""
    sales = Sales()
    for path in folder.rglob("sales-*"):
        with path.open(newline="") as file:
            for _, _, price, quantity, text, *_ in csv.reader(file):
                moment = dt.datetime.fromisoformat(text)
                sales.seasons[SEASONS[moment.month]].add(int(quantity), price)
                sales.weekdays[DAYS[moment.isoweekday()]].add(int(quantity), price)
    return sales


@dataclass(frozen=True)
class Change:
    """One line of a file of a keyed table: when (None: loaded), what, and the value; None for a deletion."""

    moment: dt.datetime | None
    key: int
    value: str | None


def write_changes(folder: Path, columns: str, seed: int, days: int = 12) -> list[Change]:
    """Write a load and many small files of changes, several an hour or none a day; some stand at midnight exactly.

    Args:
        folder: The table's folder.
        columns: The header line: the key, then one or two more columns.
        seed: The same seed gives the same files.
        days: Days of January 2024 that changes are spread over.
    """
    draw, spare = random.Random(seed), "," * (columns.count(",") - 1)
    folder.mkdir(parents=True)
    living = set(range(1, 9))
    (folder / "LOAD00000001.csv").write_text(
        f"{columns}\n" + "".join(f"{key},v0{spare}\n" for key in sorted(living))
    )
    changes = [Change(None, key, "v0") for key in sorted(living)]
    first = dt.datetime(2024, 1, 1)
    moments = {first + dt.timedelta(minutes=draw.randrange(days * 1440)) for _ in range(60)}
    moments |= {first + dt.timedelta(minutes=draw.randrange(1440)) for _ in range(30)}
    moments |= {first + dt.timedelta(days=day) for day in range(1, days, 3)}
    for number, moment in enumerate(sorted(moments), start=1):
        lines = []
        for place in range(draw.randint(1, 4)):
            key = draw.randint(1, 12)
            value = f"v{number}.{place}" if key not in living or draw.random() < 0.6 else None
            operation = "D" if value is None else "U" if key in living else "I"
            living = living - {key} if value is None else living | {key}
            lines.append(f"{operation},{key},{value or ''}{spare}\n")
            changes.append(Change(moment, key, value))
        name = moment.strftime("%Y%m%d-%H%M%S000.csv")
        (folder / name).write_text(f"Op,{columns}\n" + "".join(lines))
    return changes


def on_day(changes: Iterable[Change], key: int, day: dt.date) -> str | None:
    """The last value that the key had on a day, by walking through all of its changes; None where it did not live."""
    midnight = dt.datetime.combine(day, dt.time())
    lasting: dict[dt.datetime | None, str | None] = {}
    for change in changes:
        if change.key == key:
            # Of several changes at one moment only the last one lasts.
            lasting[change.moment] = change.value
    found: str | None = None
    for moment, value in lasting.items():
        if (
            moment is None
            or moment <= midnight
            or (moment < midnight + dt.timedelta(days=1) and value is not None)
        ):
            found = value
    return found


@dataclass(frozen=True)
class Orders:
    """Products and stores that come, change and go, and orders of every product on every day."""

    products: list[Change]
    stores: list[Change]
    orders: list[tuple[int, int, int, dt.date]]

    def expected(self) -> list[tuple[int, dt.date, str | None, str | None]]:
        """Each order by its number: its day, and the product's name and the store's city on it."""
        return [
            (order, day, on_day(self.products, product, day), on_day(self.stores, store, day))
            for order, product, store, day in self.orders
        ]


def write_orders(shop: Path) -> Orders:
    """Write the three tables of the shop."""
    products = write_changes(shop / "product", "id,name,price", seed=3)
    stores = write_changes(shop / "store", "id,city", seed=4)
    orders: list[tuple[int, int, int, dt.date]] = []
    draw = random.Random(5)
    for day in [dt.date(2023, 12, 31) + dt.timedelta(days=n) for n in range(15)]:
        orders += [(len(orders) + n, n, draw.randint(1, 13), day) for n in range(1, 14)]
    (shop / "productorder").mkdir(parents=True)
    with (shop / "productorder" / "LOAD00000001.csv").open("w") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("id", "product_id", "store_id", "quantity", "order_date"))
        writer.writerows((order, product, store, 1, day) for order, product, store, day in orders)
    return Orders(products, stores, orders)


def write_purchases(folder: Path) -> dict[tuple[str, str], dict[str, int | None]]:
    """Write a dump of purchases with nulls and awkward names; what comes back are its documents by customer and order."""
    draw = random.Random(6)
    folder.mkdir(parents=True)
    rows: dict[tuple[str, str, str], int | None] = {}
    for _ in range(3000):
        key = (f"o{draw.randrange(200)}", f"c{draw.randrange(3)}", draw.choice(['p"1', "p\\2", "ü", "p3"]))  # fmt: skip
        rows[key] = draw.choice([None, *range(1, 50)])
    documents: dict[tuple[str, str], dict[str, int | None]] = {}
    with (folder / "purchase_temp.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for (order, customer, product), quantity in rows.items():
            writer.writerow((order, "NULL" if quantity is None else quantity, customer, product))
            documents.setdefault((customer, order), {})[product] = quantity
    return documents
