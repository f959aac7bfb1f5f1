"""`lake add-tables`: many tables from samples, an export or Glue, and nothing that a person wrote is touched."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from typer.testing import CliRunner, Result

from lake import cli
from lake.errors import LakeError, UsageError
from lake.simulate import Shape, TableSpec, copy_round, generate
from lake.tables.catalogue import glue_table
from lake.tables.guess import guessed_type
from lake.tables.names import jinja_text, model_names, yaml_text
from lake.tables.types import registry_type
from lake_on_moto import moto_environment
from lakehouse import Lakehouse

EXPORT = """table_schema,table_name,column_name,ordinal_position,data_type,numeric_precision,numeric_scale,primary_key
public,Order Line,note,3,character varying,,,no
public,Order Line,order id,1,bigint,64,0,yes
public,Order Line,line,2,integer,32,0,yes
public,visit,at,1,timestamp without time zone,,,no
public,visit,where,2,geometry,,,no
"""
NEW = ("--system", "postgresql", "--root", "s3://b/crm", "--set", "envelope=s3_parquet")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty dbt project with an export beside it, and we stand in it."""
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text("name: tiny\nversion: '1.0'\nprofile: dms_lake\n")
    (folder / "columns.csv").write_text(EXPORT)
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(cli.app, ["add-tables", *arguments], input=given)


def added(*arguments: str) -> dict[str, Any]:
    """What a run that must succeed says as JSON."""
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output + str(result.exception)
    said: dict[str, Any] = json.loads(result.stdout)
    return said


def refused(*arguments: str) -> str:
    """The text of a run that must end in an error."""
    error = run(*arguments).exception
    assert isinstance(error, LakeError), error
    return str(error)


def tree(project: Path) -> dict[str, str]:
    return {
        path.relative_to(project).as_posix(): path.read_bytes().decode()
        for path in sorted((project / "models").rglob("*"))
        if path.is_file()
    }


def registered(project: Path, source: str = "crm") -> dict[str, dict[str, Any]]:
    """The entries of a source by name."""
    path = project / f"models/raw/{source}/_{source}__sources.yml"
    (entry,) = yaml.safe_load(path.read_text())["sources"]
    return {table["name"]: table for table in entry["tables"]}


def types(table: dict[str, Any]) -> dict[str, str]:
    return {column["name"]: column["data_type"] for column in table["columns"]}


@pytest.mark.parametrize(
    ("system", "given", "precision", "scale", "expected"),
    [
        ("mysql", "int(10) unsigned", None, None, "bigint"),
        ("mysql", "bigint unsigned", None, None, "decimal(20,0)"),
        ("mysql", "tinyint(1)", None, None, "smallint"),
        ("mysql", "decimal(12,2)", None, None, "decimal(12,2)"),
        ("mysql", "decimal(65,2)", None, None, "varchar?"),
        ("mysql", "datetime(6)", None, None, "timestamp"),
        ("mysql", "enum('a','b')", None, None, "varchar?"),
        ("postgresql", "numeric", None, None, "varchar?"),
        ("postgresql", "numeric", 10, 3, "decimal(10,3)"),
        ("postgresql", "timestamp with time zone", None, None, "varchar?"),
        ("postgresql", "double precision", 53, None, "double"),
        ("postgresql", "integer[]", None, None, "varchar?"),
        ("sqlserver", "timestamp", None, None, "binary"),
        ("sqlserver", "datetime2", 7, None, "varchar?"),
        ("sqlserver", "datetime2", 3, None, "timestamp"),
        ("sqlserver", "money", 19, 4, "decimal(19,4)"),
        ("oracle", "NUMBER", None, None, "varchar?"),
        ("oracle", "NUMBER", 5, -2, "decimal(7,0)"),
        ("oracle", "NUMBER", 2, 5, "decimal(5,5)"),
        ("oracle", "DATE", None, None, "timestamp"),
        ("oracle", "TIMESTAMP(9)", None, None, "varchar?"),
        ("glue", "array<int>", None, None, "varchar?"),
        ("glue", "float", None, None, "real"),
    ],
)
def test_a_systems_type_becomes_one_that_holds_all_its_values(
    system: str, given: str, precision: int | None, scale: int | None, expected: str
) -> None:
    """A question mark: a text, with a note that says why."""
    kind, note = registry_type(system, given, precision, scale)
    assert (kind, bool(note)) == (expected.rstrip("?"), expected.endswith("?")), note


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["1", "-20", None], "bigint"),
        (["007", "12"], "varchar"),
        (["1234567890123456789"], "varchar"),
        (["1.50", "20.25"], "decimal(38,2)"),
        (["1.5", "20.25"], "varchar"),
        (["1e3"], "varchar"),
        (["true", "false"], "boolean"),
        (["2024-02-29"], "date"),
        (["2024-02-30"], "varchar"),
        (["2024-01-02 03:04:05.123456"], "timestamp"),
        (["2024-01-02 03:04:05.1234567"], "varchar"),
        (["1", ""], "varchar"),
        ([None], "varchar"),
    ],
)
def test_a_guess_from_texts_is_never_too_narrow(value: Sequence[str | None], expected: str) -> None:
    assert guessed_type([*value] * 10)[0] == expected
    few = guessed_type(value)
    assert few[0] == "varchar" and "value(s) seen" in few[1]


def test_odd_names_become_safe_and_stay_apart() -> None:
    first = model_names([], ["Order Line", "order_line", "größe", "订单"])
    assert first["order_line"] == "order_line"
    assert first["Order Line"].startswith("order_line_") and first["größe"] == "groe"
    assert first["订单"].startswith("t_")
    assert model_names(first, ["order-line"]) | first == model_names(first, ["order-line"])
    for name in ("yes", "a: b", 'say "x"', "1", "null", "plain name", "it's"):
        assert yaml.safe_load(yaml_text(name)) == name
    assert jinja_text("it's") == r"'it\'s'"


def test_an_export_becomes_entries_and_models_and_a_second_run_changes_nothing(
    project: Path,
) -> None:
    said = added("crm", "--columns", "columns.csv", *NEW, "--history")
    assert said["added"] == ["visit", "Order Line"] and not said["left_out"]
    assert "geometry" in said["notes"]["visit"][0]
    tables = registered(project)
    assert types(tables["Order Line"]) == {
        "order id": "bigint",
        "line": "integer",
        "note": "varchar",
    }
    facts = {name: table["config"]["meta"]["dms_lake"] for name, table in tables.items()}
    assert facts == {
        "Order Line": {"key": ["order id", "line"], "history": True},
        "visit": {"key": []},
    }
    before = tree(project)
    assert before["models/changes/crm/chg_crm__order_line.sql"] == (
        "{{ dms_lake.changes(source('crm', 'Order Line')) }}\n"
    )
    assert "models/history/crm/hst_crm__order_line.sql" in before
    assert "models/history/crm/hst_crm__visit.sql" not in before
    again = added("crm", "--columns", "columns.csv", *NEW, "--history")
    assert not again["files"] and tree(project) == before


def test_what_a_person_wrote_stays_to_the_byte(project: Path) -> None:
    path = project / "models/raw/crm/_crm__sources.yml"
    path.parent.mkdir(parents=True)
    hand = (
        "# Ours.\r\nsources:\r\n- name:   crm   # the shop\r\n"
        "  config: {meta: {dms_lake: {envelope: s3_parquet, root: \"{{ var('r') }}\"}}}\r\n"
        "  tables:\r\n  - name: visit\r\n    description: |\r\n      By hand.\r\n"
        "    config: {meta: {dms_lake: {key: [at]}}}\r\n    columns:\r\n"
        "    - {name: at, data_type: varchar}  # text, for a reason\r\n"
        "  # behind the tables\r\n- name: other\r\n"
    )
    path.write_bytes(hand.encode())
    chg = project / "models/elsewhere/chg_crm__order_line.sql"
    chg.parent.mkdir()
    chg.write_text("select 1 as mine")
    said = added("crm", "--columns", "columns.csv", "--system", "postgresql")
    assert (said["added"], said["kept"]) == (["Order Line"], ["visit"])
    assert said["new_columns"] == {"visit": ["where"]}
    after = path.read_bytes().decode()
    lines = iter(after.split("\r\n"))
    assert all(line in lines for line in hand.split("\r\n")), "a line of the file was changed"
    assert "where" not in after and "behind the tables" in after
    assert not (project / "models/changes/crm/chg_crm__order_line.sql").exists()
    added("crm", "--columns", "columns.csv", "--system", "postgresql", "--update-columns")
    both = path.read_bytes().decode()
    assert types(yaml.safe_load(both)["sources"][0]["tables"][0]) == {
        "at": "varchar",
        "where": "varchar",
    }
    lines = iter(both.split("\r\n"))
    assert all(line in lines for line in after.split("\r\n"))


def test_a_table_without_a_known_key_is_left_out_until_it_is_told(project: Path) -> None:
    rows = [line.rsplit(",", 1)[0] for line in EXPORT.splitlines()]
    (project / "columns.csv").write_text("\n".join(rows))
    arguments = ("crm", "--columns", "columns.csv", *NEW)
    said = refused(*arguments, "--key", "Order Line=order id,line")
    assert "1 table(s) were left out" in said and "visit: its key is not known" in said
    assert list(registered(project)) == ["Order Line"]
    assert "which is no column" in refused(*arguments, "--key", "visit=nothing")
    assert "no table is called vist" in refused(*arguments, "--key", "vist=at")
    (project / "keys.yml").write_text("visit: [at, 1]")
    assert "must be a list of columns" in refused(*arguments, "--keys", "keys.yml")
    result = run(*arguments, "--ask", given="-\n")
    assert result.exit_code == 0, result.output
    assert registered(project)["visit"]["config"]["meta"]["dms_lake"]["key"] == []


def test_a_dry_run_shows_a_diff_and_writes_nothing(project: Path) -> None:
    result = run("crm", "--columns", "columns.csv", *NEW, "--dry-run")
    assert result.exit_code == 0 and not tree(project)
    assert "+      - name: Order Line" in result.stdout
    assert "+++ b/latest/crm/lat_crm__visit.sql" in result.stdout


def test_wrong_usage_says_what_came_and_what_to_do(project: Path) -> None:
    export = ("crm", "--columns", "columns.csv")
    assert "name one of --samples" in refused("crm")
    assert "--system is 'db2'" in refused(*export, "--system", "db2")
    assert "say its `envelope` with" in refused(*export, "--system", "mysql")
    assert "SOURCE is 'C R M'" in refused("C R M", "--samples", ".")
    assert "no folder nowhere" in refused("crm", "--samples", "nowhere")
    assert "has no schema 'x'" in refused(*export, *NEW, "--schema", "x")
    (project / "columns.csv").write_text(EXPORT + "other,t,c,1,text,,,no\n")
    assert "several schemas; name one of them with --schema: other, public" in refused(
        *export, *NEW
    )
    (project / "columns.csv").write_text("table_name,column_name\n")
    assert "lacks the column(s) owner, column_id, data_type" in refused(*export, *NEW)
    assert isinstance(run("crm").exception, UsageError) and UsageError.exit_code == 2
    assert "`header` must be true or false" in refused(*export, *NEW, "--set", "header=maybe")
    (project / "k.yml").write_text("- id\n- at\n")
    for option in ("--keys", "--names"):
        assert f"{option}: k.yml is ['id', 'at']; it must be lists of columns by table" in refused(
            *export, *NEW, option, "k.yml"
        )
    assert tree(project) == {}


def test_a_list_on_one_line_is_refused_and_left(project: Path) -> None:
    path = project / "models/raw/crm/_crm__sources.yml"
    path.parent.mkdir(parents=True)
    path.write_text("sources:\n  - name: crm\n    tables: []\n")
    said = refused("crm", "--columns", "columns.csv", "--system", "postgresql")
    assert "line 3: `tables` is not a list with one item a line" in said
    assert list(tree(project)) == ["models/raw/crm/_crm__sources.yml"]


def test_parquet_gives_exact_types_and_a_broken_file_is_named(
    project: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "lake" / "public" / "item"
    folder.mkdir(parents=True)
    schema = pa.schema(
        [
            ("Op", pa.string()),
            ("ts", pa.timestamp("us")),
            ("id", pa.int32()),
            ("p", pa.decimal128(9, 2)),
            ("s", pa.int16()),
            ("raw", pa.binary()),
            ("odd", pa.list_(pa.int32())),
        ]
    )
    pq.write_table(schema.empty_table(), folder / "LOAD00000001.parquet")
    arguments = ("crm", "--samples", str(tmp_path / "lake"), "--set", "timestamp_column=ts")
    said = added(*arguments, "--key", "item=id")
    assert types(registered(project)["item"]) == {
        "id": "integer",
        "p": "decimal(9,2)",
        "s": "smallint",
        "raw": "binary",
        "odd": "varchar",
    }
    assert said["notes"]["item"] == [
        "odd: the Parquet type list<element: int32> is not known: kept as text"
    ]
    (folder / "LOAD00000002.parquet").write_bytes(b"PAR1 cut off")
    assert "LOAD00000002.parquet is not a Parquet file" in refused(*arguments)


def test_a_glue_table_brings_its_place_and_its_files() -> None:
    storage = {
        "Location": "s3://b/crm/public/Visit/",
        "Columns": [{"Name": "op", "Type": "string"}, {"Name": "id", "Type": "bigint"}],
    }
    found = glue_table(
        {"Name": "visit", "StorageDescriptor": storage, "Parameters": {"classification": "csv"}}, {}
    )
    assert [(c.name, c.data_type) for c in found.columns] == [("id", "bigint")]
    assert found.fields == {"root": "s3://b/crm/public", "folder": "Visit", "envelope": "s3_csv"}
    assert not glue_table({"Name": "v", "TableType": "VIRTUAL_VIEW"}, {}).columns


@pytest.mark.long
def test_tables_are_added_from_s3_and_from_glue(project: Path) -> None:
    with moto_environment():
        from lake.tables.places import client

        s3, glue = client("s3"), client("glue")
        region = {"LocationConstraint": s3.meta.region_name}
        s3.create_bucket(Bucket="samples", CreateBucketConfiguration=region)
        rows = "".join(f"{n},name {n}\n" for n in range(20))
        s3.put_object(Bucket="samples", Key="crm/public/t/LOAD00000001.csv", Body=rows.encode())
        change = b"U,1,other\n"
        s3.put_object(Bucket="samples", Key="crm/public/t/20240102-030405123.csv", Body=change)
        said = added("crm", "--samples", "s3://samples/crm", "--key", "t=column_1")
        assert "columns are column_1" in said["notes"]["t"][0]
        assert types(registered(project)["t"]) == {"column_1": "bigint", "column_2": "varchar"}
        glue.create_database(DatabaseInput={"Name": "found"})
        for name in ("a", "b"):
            storage = {
                "Location": f"s3://samples/crm/public/{name}",
                "Columns": [{"Name": "id", "Type": "int"}],
            }
            glue.create_table(
                DatabaseName="found", TableInput={"Name": name, "StorageDescriptor": storage}
            )
        more = ("--set", "envelope=s3_parquet", "--key", "a=id", "--key", "b=")
        assert added("erp", "--glue", "found", *more)["added"] == ["a", "b"]
        assert types(registered(project, "erp")["a"]) == {"id": "integer"}


@pytest.mark.long
@pytest.mark.parametrize("envelope", ["s3_csv", "s3_parquet"])
def test_what_was_added_from_samples_builds_to_the_truth(
    tmp_path: Path, envelope: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys are told; everything else the files say, and the rows are those of the source."""
    shape = Shape(envelope=envelope, header=False, timestamp_column="dms_ts")
    specs = [TableSpec(name, 200, 100, shape=shape) for name in ("orders", "Order Line")]
    lake = generate(tmp_path / "sim", specs, rounds=2, seed=7)
    shop = Lakehouse(tmp_path / "home", {})
    for number in range(3):
        copy_round(tmp_path / "sim", number, shop.lake)
    (shop.project / "models/raw/_shop__sources.yml").unlink()
    monkeypatch.chdir(shop.project)
    keys = tmp_path / "keys.yml"
    keys.write_text(yaml.safe_dump({spec.name: spec.key for spec in specs}))
    names = tmp_path / "names.yml"
    names.write_text(yaml.safe_dump({s.name: [c.name for c in s.declared] for s in specs}))
    facts = {
        "timestamp_column": "dms_ts",
        "change_seq_column": shape.change_seq_column,
        "before_image_prefix": shape.before_image_prefix,
    }
    told = [f"--set={name}={value}" for name, value in facts.items() if value]
    folder = next(shop.lake.rglob("orders")).parent
    arguments = ["shop", f"--samples={folder}", f"--keys={keys}", f"--names={names}", *told]
    assert set(added(*arguments)["added"]) == {"orders", "Order Line"}
    assert not added(*arguments)["files"]
    shop.build()
    for spec, model in zip(specs, ("orders", "order_line"), strict=True):
        truth = lake.tables[spec.name].truth[-1]
        columns = {row["column_name"] for row in shop.sql(f"describe from '{truth}'")}
        texts = ", ".join(
            f'cast("{c.name}" as {c.data_type}) as "{c.name}"'
            for c in spec.declared
            if c.name in columns
        )
        assert shop.sql(
            f"""
                select count(*) as n from (
                    (select {texts} from cur_shop__{model} except all select {texts} from '{truth}')
                    union all
                    (select {texts} from '{truth}' except all select {texts} from cur_shop__{model})
                ) as different
                """
        ) == [{"n": 0}]
        assert shop.sql(f"select count(*) as n from rej_shop__{model}") == [{"n": 0}]
        living = shop.sql(f"select count(*) as n from cur_shop__{model} where _cdc_issues is null")
        assert living == shop.sql(f"select count(*) as n from '{truth}'") != [{"n": 0}]
