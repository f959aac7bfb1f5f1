"""Redshift's views over what Athena wrote, built by dbt-redshift as it is shipped, on a stand-in (redshift_standin.py)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlfluff
import yaml

from conftest import Render
from lake.dbt_project import invoke
from lake.demo.play import play
from lakehouse import Lakehouse, Outcome, Table
from redshift_standin import DATABASE, EXTERNAL, READ_LIMIT, Redshift, redshift_standin
from redshift_wire import to_postgres

ROOT = Path(__file__).resolve().parents[2]
Row = dict[str, Any]

pytestmark = pytest.mark.long

COLUMNS = {
    "id": "bigint",
    "Order": "varchar",
    "small": "smallint",
    "amount": "decimal(38,10)",
    "ratio": "double",
    "share": "real",
    "is_paid": "boolean",
    "day": "date",
    "at": "timestamp",
    "clock": "time",
    "Größe": "varchar",
}
LOAD = (
    "id,Order,small,amount,ratio,share,is_paid,day,at,clock,Größe\n"
    '1,"a ""quoted"" text, with\na line end",-32768,1234567890123456789012345678.0123456789,0.1,0.25,'
    "true,0001-01-01,2024-02-29 23:59:59.123456,12:30:00.000001,é\n"
    "2,,,,,,,,,,\n"
    "3,gone,1,1.0,1,1,false,2024-01-01,2024-01-01 00:00:00,00:00:00,\n"
)
CHANGES = (
    "Op,id,Order,small,amount,ratio,share,is_paid,day,at,clock,Größe\n"
    "D,3,,,,,,,,,,\n"
    "U,2,{long},7,-0.5,-1e300,1.5,false,9999-12-31,9999-12-31 23:59:59.999999,23:59:59,x\n"
    "?,4,,,,,,,,,,\n"
    "I,5,{longer},,,,,,,,,\n"
)
SERVED = (
    "cur_shop__plain", "cur_shop__last_versions", "lat_shop__plain", "hst_shop__orders", "rej_shop__orders", "per_day",
)  # fmt: skip
# What Redshift builds as tables of its own.
NATIVE = ("date_dimension", "dim_date")
PER_DAY = """
{{ config(materialized='table') }}
select day as "Day", count(*) as orders, map([max(id)], [max("Order")]) as by_id
from {{ ref('cur_shop__plain') }}
where day is not null
group by day
"""
PER_DAY_COLUMNS = """
models:
  - name: per_day
    columns: [{name: Day, data_type: date}, {name: orders, data_type: bigint}]
"""


@pytest.fixture(scope="module")
def redshift() -> Iterator[Redshift]:
    with redshift_standin() as standin:
        yield standin


def same(row: Row) -> Row:
    """A row as any engine gives it: names in lower case, a time of day as text."""
    return {
        name.lower(): str(value)
        if isinstance(value, dt.time)
        else bytes(value)
        if isinstance(value, bytearray)
        else value
        for name, value in row.items()
    }


def by_text(rows: list[Row]) -> list[Row]:
    return sorted(map(same, rows), key=lambda row: str(list(row.values())))


class Orders(Lakehouse):
    """A lake of every type, and its models for Redshift."""

    def __init__(self, home: Path) -> None:
        fields = {"envelope": "s3_csv", "header": True, "key": ["id"], "history": True}
        tables = {
            "orders": Table(COLUMNS, fields),
            "plain": Table(COLUMNS, {**fields, "history": False}),
        }
        super().__init__(home, tables, models=("chg", "lat", "cur", "rej", "hst"))
        self.add_model(
            "current/cur_shop__last_versions", "{{ dms_lake.current(ref('hst_shop__orders')) }}"
        )
        self.add_model("marts/per_day", PER_DAY)
        (self.project / "models" / "marts" / "_models.yml").write_text(PER_DAY_COLUMNS)
        for name in SERVED:
            self.serve(name)

    def serve(self, name: str) -> None:
        self.add_model(f"redshift/rs_{name}", f"{{{{ dms_lake.served(ref('{name}')) }}}}")

    def redshift(self, standin: Redshift, *arguments: str) -> Outcome:
        """Run dbt on the stand-in."""
        profile = yaml.safe_load((self.project / "profiles.yml").read_text())
        profile["dms_lake"]["outputs"]["redshift"] = standin.profile("serving")
        (self.project / "profiles.yml").write_text(yaml.safe_dump(profile))
        return self.dbt(*arguments, "--target", "redshift")


@pytest.fixture(scope="module")
def orders(redshift: Redshift, tmp_path_factory: pytest.TempPathFactory) -> Orders:
    lake = Orders(tmp_path_factory.mktemp("orders"))
    for table in ("orders", "plain"):
        lake.put(f"{table}/LOAD00000001.csv", LOAD, "2024-03-01 10:00:00")
        lake.put(
            f"{table}/20240302-100000000.csv",
            # The one is too long by its bytes alone, the other has as many as Redshift leaves of it.
            CHANGES.replace("{long}", "é" * 10000).replace("{longer}", "x" * 20000),
            "2024-03-02 10:00:00",
        )
    # Without history in `plain`: its own registry entry says so.
    lake.build("--exclude", "hst_shop__plain")
    redshift.run(f"create schema {EXTERNAL}")
    redshift.take(
        lake.database,
        ["hst_shop__orders__log", "lat_shop__plain", "rej_shop__orders", "per_day"],
    )
    outcome = lake.redshift(redshift, "build", "--select", "path:models/redshift")
    assert outcome.success, outcome.text
    return lake


@pytest.mark.parametrize("name", SERVED)
def test_a_view_on_redshift_returns_what_duckdb_returns(
    orders: Orders, redshift: Redshift, name: str
) -> None:
    # A column that the model does not declare is not served.
    columns = '"Day", orders' if name == "per_day" else "*"
    expected = by_text(orders.sql(f'select {columns} from "{name}"'))
    assert expected
    assert by_text(redshift.sql(f"select * from serving.rs_{name}")) == [
        {key: cut(value) for key, value in row.items()} for row in expected
    ]


def cut(value: Any) -> Any:
    """A text as Redshift reads it."""
    return value[:READ_LIMIT] if isinstance(value, str) else value


def test_views_are_late_binding_and_read_only_what_athena_stored(
    orders: Orders, redshift: Redshift
) -> None:
    views = [text for text in redshift.wire.statements if "create view" in text]
    assert len(views) == len(SERVED)
    for text in views:
        assert "with no schema binding" in text
        (source,) = re.findall(r'from ("\S+)', text)
        assert source.startswith(f'"{DATABASE}"."{EXTERNAL}".'), source
        assert not re.search(r'"(raw_|chg_|cur_)', source)
        sqlfluff.parse(text, dialect="redshift")


def test_a_text_that_redshift_cuts_off_is_told_on_both_sides(
    orders: Orders, redshift: Redshift
) -> None:
    arguments = "data_tests: [fits_redshift]"
    models = "".join(
        f"  - {{name: {name}, {arguments}}}\n" for name in ("cur_shop__plain", "rs_cur_shop__plain")
    )
    (orders.project / "models" / "_fits.yml").write_text("models:\n" + models)
    told = orders.dbt("test", "--select", "cur_shop__plain")
    assert "Got 2 results" in told.text, told.text
    told = orders.redshift(redshift, "test", "--select", "rs_cur_shop__plain")
    assert "Got 2 results" in told.text, told.text


def test_what_athena_must_build_is_not_built_on_redshift(
    orders: Orders, redshift: Redshift
) -> None:
    outcome = orders.redshift(redshift, "run", "--select", "cur_shop__plain")
    assert not outcome.success
    assert (
        "dms_lake.model `cur_shop__plain`: the target `redshift` is of type redshift, which reads what Athena wrote"
        in outcome.text
    )


@pytest.mark.parametrize(
    ("model", "columns", "says"),
    [
        ("{{ config(materialized='view') }} select 1 as a", "[]",
         "`odd` is materialized as view, and Redshift cannot read a view of Athena's."),
        ("{{ config(materialized='table') }} select 1 as a", "[]", "`odd` declares no columns."),
        ("{{ config(materialized='table') }} select 1 as a", "[{name: a, data_type: tinyint}]",
         "column `a` of `odd` is a tinyint, which Redshift cannot read"),
        ("{{ config(materialized='table') }} select 1 as a", "[{name: a, data_type: 'decimal(38,38)'}]",
         "column `a` of `odd` is a decimal(38,38); Redshift has at most 38 digits, 37 of them behind"),
    ],
)  # fmt: skip
def test_what_redshift_cannot_read_is_refused(
    orders: Orders, redshift: Redshift, model: str, columns: str, says: str
) -> None:
    orders.add_model("marts/odd", model)
    orders.serve("odd")
    yml = orders.project / "models" / "marts" / "_odd.yml"
    yml.write_text(f"models: [{{name: odd, columns: {columns}}}]")
    try:
        outcome = orders.redshift(redshift, "compile", "--select", "rs_odd")
    finally:
        for path in (yml, *orders.project.rglob("*odd.sql")):
            path.unlink(missing_ok=True)
    assert not outcome.success
    assert f"dms_lake.served: {says}" in outcome.text


def test_the_external_schema_is_printed_run_and_granted(orders: Orders, redshift: Redshift) -> None:
    redshift.run('create role analysts; create group "BI"; create user jo;')
    arguments = {
        "database": "dms_lake",
        "iam_role": "arn:aws:iam::123456789012:role/redshift-lake",
        "region": "eu-west-1",
        "catalog_id": "210987654321",
        "readers": ["role:analysts", "group:BI", "user:jo"],
    }
    command = ("run-operation", "dms_lake.external_schema", "--args")
    before = len(redshift.wire.statements)
    dry = orders.redshift(redshift, *command, yaml.safe_dump({**arguments, "is_dry": True}))
    assert dry.success, dry.text
    assert not [text for text in redshift.wire.statements[before:] if "external schema" in text]
    ddl = (
        "create external schema if not exists \"dms_lake_external\" from data catalog database 'dms_lake'"
        " region 'eu-west-1' iam_role 'arn:aws:iam::123456789012:role/redshift-lake' catalog_id '210987654321'"
    )
    assert ddl + ";" in dry.text
    ran = orders.redshift(redshift, *command, yaml.safe_dump(arguments))
    assert ran.success, ran.text
    sent = [re.sub(r"^/\*.*?\*/\s*", "", text) for text in redshift.wire.statements[before:]]
    assert ddl in sent
    for statement in re.findall(r"dms_lake: (.*);", ran.text):
        assert statement in sent
        # Its grammar lacks these two, which AWS documents.
        known = re.sub(r" catalog_id '\d+'|(?<=on tables to )role ", "", statement)
        sqlfluff.parse(known, dialect="redshift")
    may = "select has_table_privilege('{}', 'serving.rs_cur_shop__plain', 'select') as may"
    for who in ("analysts", "BI", "jo"):
        assert redshift.sql(may.format(who)) == [{"may": True}]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"database": "x'; drop"}, "`database` is `x'; drop`; it must be the name of the Glue database"),
        ({"database": "d", "iam_role": "redshift"}, "`iam_role` is `redshift`; it must be `default`"),
        ({"database": "d", "region": "Ireland"}, "`region` is `Ireland`; it must be the region"),
        ({"database": "d", "catalog_id": "12"}, "`catalog_id` is `12`; it must be the account"),
        ({"database": "d", "readers": "role:a"}, "`readers` is `role:a`; it must be a list"),
        ({"database": "d", "readers": ["jo"]}, "a reader is `jo`; it must be role:NAME, group:NAME or user:NAME"),
    ],
)  # fmt: skip
def test_a_wrong_argument_of_the_external_schema_is_refused(
    render_error: Render, arguments: Row, says: str
) -> None:
    text = f"{{% do dms_lake.external_schema(**{arguments!r}) %}}"
    assert f"dms_lake.external_schema: {says}" in render_error(text, "redshift")


def test_the_demo_on_redshift_is_the_demo_on_duckdb(redshift: Redshift, tmp_path: Path) -> None:
    """`dbt build --target redshift` of the shipped project, without a selection, over the demo's lake."""
    lake = tmp_path / "demo.duckdb"
    play(ROOT, tmp_path, lambda step: None)
    with duckdb.connect(str(lake), read_only=True) as connection:
        stored = connection.sql(
            "select table_name from duckdb_tables() where not starts_with(table_name, 'dms_lake_')"
        ).fetchall()
    redshift.run("drop schema if exists demo_external cascade; create schema demo_external")
    redshift.take(lake, [name for (name,) in stored], "demo_external")
    profile = {"target": "redshift", "outputs": {"redshift": redshift.profile("demo")}}
    (tmp_path / "profiles.yml").write_text(yaml.safe_dump({"dms_lake": profile}))
    before = len(redshift.wire.statements)
    places = ["--target-path", str(tmp_path / "dbt"), "--log-path", str(tmp_path / "dbt")]
    variables = {"dms_lake_external_schema": "demo_external"}
    built = invoke(["build", *places], ROOT, "redshift", variables, profiles=tmp_path)
    assert built.success, built.errors
    assert not built.warnings
    served = [path.stem for path in (ROOT / "models" / "redshift").glob("*.sql")]
    own = set(redshift.wire.statements[before:])
    made = {
        name for text in own for name in re.findall(r'create\s+(?:view|table)\s+"?\S+"(\w+)"', text)
    }
    assert {name.removesuffix("__dbt_tmp") for name in made} == {*served, *NATIVE}
    dimension = [text for text in own if re.search(r'create\s+table\s+\S+"dim_date', text)]
    assert [re.findall(r"diststyle all|sortkey\([^)]*\)", text) for text in dimension] == [
        ["diststyle all", "sortkey(d_datekey)"]
    ]
    for name in (*served, "rs_dim_date"):
        with duckdb.connect(str(lake), read_only=True) as connection:
            rows = connection.sql(f'select * from "{name.removeprefix("rs_")}"')
            expected = [dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()]
        assert expected
        there = "dim_date" if name == "rs_dim_date" else name
        assert by_text(redshift.sql(f"select * from demo.{there}")) == by_text(expected), name


def test_a_statement_is_translated_and_its_literals_are_not() -> None:
    sent = "create table t (a super) diststyle all compound sortkey(a, b)"
    assert to_postgres(sent).split() == ["create", "table", "t", "(a", "jsonb)"]
    assert (
        to_postgres("select 'diststyle all', 'it''s super'")
        == "select 'diststyle all', 'it''s super'"
    )
