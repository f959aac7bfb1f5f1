"""`lake export-items`: lines as boto3 would serialize them, files of a bounded size, imports that can be run again."""

from __future__ import annotations

import base64
import gzip
import json
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
import duckdb
import pyarrow as pa
import pyiceberg.io.pyarrow
import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from pyiceberg.catalog.glue import GlueCatalog
from typer.testing import CliRunner

from lake import cli
from lake.errors import LakeError, UsageError
from lake.items.dynamodb import Import
from lake.items.export import Export, Place, export
from lake.items.json_text import item_line
from lake.items.source import ROWS, Source, iceberg_rows
from lake_on_moto import ENVIRONMENT, moto_server

Item = dict[str, Any]
BUCKET = "exports"


def source(select: str, connection: duckdb.DuckDBPyConnection | None = None) -> Source:
    """The rows of a query as an export reads them."""
    lake = connection or duckdb.connect()
    lake.execute("set TimeZone = 'UTC'")
    lake.execute(f"create or replace table {ROWS} as {select}")
    found = lake.sql(f"select * from {ROWS} limit 0")
    return Source(dict(zip(found.columns, found.types, strict=True)), lake.sql)


def items_of(select: str, *spread: str) -> list[Item]:
    """The items that a query's rows become, as the JSON has them."""
    rows = source(select)
    lines = rows.query(f"select {item_line(rows.columns, spread)} from {ROWS}").fetchall()
    assert all(line.endswith("\n") and line.count("\n") == 1 for (line,) in lines)
    return [json.loads(line)["Item"] for (line,) in lines]


def serialized(value: Any) -> Any:
    """What boto3 makes of a value, bytes in base64 as JSON carries them."""

    def plain(found: Any) -> Any:
        if isinstance(found, dict):
            return {
                key: base64.b64encode(inner).decode()
                if key == "B" and isinstance(inner, bytes)
                else plain(inner)
                for key, inner in found.items()
            }
        return [plain(inner) for inner in found] if isinstance(found, list) else found

    return plain(TypeSerializer().serialize(value))


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("'plain'", "plain"),
        ("'quotes \" and \\ and é🙂' || chr(10) || chr(9) || chr(1)", "quotes \" and \\ and é🙂\n\t\x01"),
        ("''", ""),
        ("42::smallint", 42),
        ("(-9223372036854775808)::bigint", -9223372036854775808),
        ("12345678901234567890123456789012345678::hugeint", 12345678901234567890123456789012345678),
        ("1234567.8900::decimal(38,4)", Decimal("1234567.8900")),
        ("true", True),
        ("'\\x00\\xFFa'::blob", b"\x00\xffa"),
        ("date '2024-02-29'", "2024-02-29"),
        ("time '23:59:59.000001'", "23:59:59.000001"),
        ("timestamp '2024-02-29 23:59:59.5'", "2024-02-29T23:59:59.500000Z"),
        ("timestamptz '2024-03-01 01:00:00+02'", "2024-02-29T23:00:00.000000Z"),
        ("[1, null, 3]", [1, None, 3]),
        ("[]::varchar[]", []),
        ("map(['a', 'b\"'], [1, null])", {"a": 1, 'b"': None}),
        ("map {}::map(varchar, integer)", {}),
        ("{'x': [{'y z': 'v'}], 'n': null::integer}", {"x": [{"y z": "v"}], "n": None}),
        ("map(['k'], [[map([1], ['deep'])]])", {"k": [{"1": "deep"}]}),
    ],
)  # fmt: skip
def test_a_value_is_written_as_boto3_serializes_it(sql: str, value: Any) -> None:
    assert items_of(f"select {sql} as a") == [{"a": serialized(value)}]


@pytest.mark.parametrize("number", ["0.1", "-1e300", "1e-300", "123456789.125", "0"])
def test_a_double_keeps_its_shortest_digits(number: str) -> None:
    if abs(float(number)) in (1e300, 1e-300):
        with pytest.raises(duckdb.InvalidInputException, match="column a: DynamoDB has no number"):
            items_of(f"select {number}::double as a")
        return
    ((item),) = items_of(f"select {number}::double as a")
    assert TypeDeserializer().deserialize(item["a"]) == Decimal(str(float(number)))


@pytest.mark.parametrize("number", ["nan", "inf"])
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(duckdb.InvalidInputException, match="column a: DynamoDB has no number"):
        items_of(f"select '{number}'::double as a")


def test_a_null_is_an_attribute_that_is_not_there() -> None:
    assert items_of("select 1 as id, null::varchar as a, 'x' as b") == [
        {"id": {"N": "1"}, "b": {"S": "x"}}
    ]


def test_entries_of_a_spread_map_are_attributes_of_the_item() -> None:
    rows = "select 'o1' as orderid, map(['p1', 'p\"2', 'gone'], [100, 2, null]) as quantities union all select 'o2', map {}"
    assert items_of(rows, "quantities") == [
        {"orderid": {"S": "o1"}, "p1": {"N": "100"}, 'p"2': {"N": "2"}},
        {"orderid": {"S": "o2"}},
    ]


def lines_below(folder: Path) -> Iterator[Item]:
    for path in sorted(folder.glob("*")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield from (json.loads(line)["Item"] for line in file)


def test_files_are_split_by_size_and_hold_every_row_once(tmp_path: Path) -> None:
    rows = source("select i as id, repeat('é' || i, 20) as text from range(100000) as r(i)")
    done = export(rows, "many", ["id"], [], Place(str(tmp_path)), 2_000_000)
    files = sorted(Path(done.place).iterdir())
    assert len(files) == done.files > 5
    with gzip.open(files[0]) as file:
        assert 2_000_000 <= len(file.read()) <= 4_000_000
    assert [path.name for path in files] == [f"part-{n:05d}.json.gz" for n in range(len(files))]
    assert sum(path.stat().st_size for path in files) == done.file_bytes
    ids = sorted(int(item["id"]["N"]) for item in lines_below(Path(done.place)))
    assert ids == list(range(100000))
    assert done.items == 100000
    manifest = json.loads((Path(done.place).parent / "manifest.json").read_text())
    assert Export(**manifest) == done


@pytest.mark.parametrize(
    ("select", "key", "spread", "says"),
    [
        ("select 1 as id, 2 as id2, 3 as id3", ["id", "id2", "id3"], [], "3 columns were given"),
        ("select 1 as id", ["nr"], [], "the model has no column nr; it has: id"),
        ("select true as id", ["id"], [], "--key id: a key is a text, a number or bytes, not BOOLEAN"),
        ("select 1 as id, 'a' as b", ["id"], ["b"], "--spread b: the column is of type VARCHAR"),
        ("select 1 as id, '101'::bit as b", ["id"], [], "column b is of type BIT, which DynamoDB has no type for"),
    ],
)  # fmt: skip
def test_columns_that_do_not_fit_are_wrong_usage(
    tmp_path: Path, select: str, key: list[str], spread: list[str], says: str
) -> None:
    with pytest.raises(UsageError) as raised:
        export(source(select), "m", key, spread, Place(str(tmp_path)), 1000)
    assert says in str(raised.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("select", "spread", "says"),
    [
        ("select * from (values ('a'), (null), ('')) as t(id)", [], "2 row(s) have no id"),
        ("select * from (values ('a'), ('a')) as t(id)", [], "the key (id) stands in more than one row, e.g. ('a',)"),
        ("select 'a' as id, map(['id'], [1]) as m", ["m"], "1 row(s) have an entry in m that is named like a column"),
        ("select 'a' as id, repeat('x', 900000) as t", [], "an item is 900,"),
        ("select 'a' as id, 'inf'::double as d", [], "column d: DynamoDB has no number inf"),
    ],
)  # fmt: skip
def test_rows_that_would_be_lost_stop_the_export(
    tmp_path: Path, select: str, spread: list[str], says: str
) -> None:
    with pytest.raises(LakeError) as raised:
        export(source(select), "m", ["id"], spread, Place(str(tmp_path)), 1000)
    assert says in str(raised.value)
    assert not list(tmp_path.rglob("manifest.json"))


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"file/.* cannot be made"):
        export(source("select 1 as id"), "m", ["id"], [], Place(str(tmp_path / "file")), 1000)


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, moto_server() as url:
        for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": url}.items():
            patch.setenv(name, value)
        patch.delenv("AWS_PROFILE", raising=False)
        boto3.client("s3").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        yield url


def test_an_iceberg_table_is_read_one_file_after_the_other(
    aws: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However large it is: its own reader would open all files, and keep what waits."""
    catalog = GlueCatalog("glue", **{"s3.endpoint": aws, "s3.region": "eu-west-1"})
    catalog.create_namespace("items")
    rows = [pa.table({"id": [n, n + 10], "name": ["a", None]}) for n in range(3)]
    table = catalog.create_table("items.many", rows[0].schema, f"s3://{BUCKET}/many")
    for part in rows:
        table.append(part)
    opened: list[str] = []
    read = pyiceberg.io.pyarrow._task_to_record_batches

    def noted(io: Any, task: Any, *rest: Any) -> Iterator[Any]:
        opened.append(task.file.file_path)
        yield from read(io, task, *rest)

    monkeypatch.setattr(pyiceberg.io.pyarrow, "_task_to_record_batches", noted)
    batches = iceberg_rows(table)
    found = batches.read_next_batch().to_pylist()
    # What was opened at once would be by now.
    time.sleep(0.2)
    assert len(opened) == 1
    found += [row for batch in batches for row in batch.to_pylist()]
    assert len(set(opened)) == len(opened) == 3
    assert sorted(found, key=str) == sorted((r for part in rows for r in part.to_pylist()), key=str)


PURCHASES = """
    select 'c' || i // 3 as customerid, 'o' || i as orderid, map(['p1', 'p' || i + 2], [i, i * 2]) as quantities
    from range(300) as r(i)
"""


def held(table: str) -> dict[tuple[str, str], Item]:
    """The items of a table by their key, as Python values."""
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    read = TypeDeserializer().deserialize
    items = [{k: read(v) for k, v in item.items()} for page in pages for item in page["Items"]]
    return {(item["customerid"], item["orderid"]): item for item in items}


def wanted() -> dict[tuple[str, str], Item]:
    return {
        (f"c{i // 3}", f"o{i}"): {
            "customerid": f"c{i // 3}",
            "orderid": f"o{i}",
            "p1": i,
            f"p{i + 2}": i * 2,
        }
        for i in range(300)
    }


def exported(root: str) -> Export:
    place = Place(root, lambda: boto3.client("s3"))
    key = ["customerid", "orderid"]
    return export(source(PURCHASES), "purchase_items", key, ["quantities"], place, 5_000)


def test_an_import_that_fails_half_way_is_run_again_and_ends_with_the_right_items(aws: str) -> None:
    root = f"s3://{BUCKET}/half"
    importing = Import(boto3.client("dynamodb"), boto3.client("s3"), root, "half", 0.05)
    first = exported(root)
    assert first.files > 2
    # The second file is cut off on its way: what the first one held is in the table already.
    bucket, prefix = BUCKET, first.place.removeprefix(f"s3://{BUCKET}/")
    s3 = boto3.client("s3")
    whole = s3.get_object(Bucket=bucket, Key=f"{prefix}/part-00001.json.gz")["Body"].read()
    s3.put_object(Bucket=bucket, Key=f"{prefix}/part-00001.json.gz", Body=whole[:50])
    assert importing.make_way(False) == ""
    with pytest.raises(
        LakeError, match=r"ended as FAILED with \d+ of 300 items .*run the same command again"
    ):
        importing.wait(importing.start(first), first.items)
    assert 0 < len(held("half")) < 300
    assert "was left by an import that failed" in importing.make_way(False)
    again = exported(root)
    assert importing.wait(importing.start(again), again.items) == 300
    assert held("half") == wanted()
    with pytest.raises(LakeError, match=r"holds the items of s3://.*--replace"):
        importing.make_way(False)
    importing.make_way(True, is_dry=True)
    assert len(held("half")) == 300
    assert "was replaced" in importing.make_way(True)


def test_an_import_that_brought_too_few_or_was_never_answered_is_made_anew(
    aws: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DynamoDB said that it had ended well; then the command died while it asked for the import."""
    root, dynamodb = f"s3://{BUCKET}/few", boto3.client("dynamodb")
    importing = Import(dynamodb, boto3.client("s3"), root, "few", 0.05)
    done, ask = exported(root), dynamodb.import_table
    with pytest.raises(LakeError, match="ended as COMPLETED with 300 of 301 items"):
        importing.wait(importing.start(done), done.items + 1)
    assert "was left by an import that failed" in importing.make_way(False)

    def dies(**arguments: Any) -> None:
        ask(**arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(dynamodb, "import_table", dies)
    with pytest.raises(KeyboardInterrupt):
        importing.start(done)
    monkeypatch.setattr(dynamodb, "import_table", ask)
    assert "was left by an import that failed" in importing.make_way(False)
    assert importing.wait(importing.start(done), done.items) == 300
    assert held("few") == wanted()


def test_a_table_that_no_import_made_is_never_touched(aws: str) -> None:
    dynamodb = boto3.client("dynamodb")
    dynamodb.create_table(
        TableName="theirs",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    importing = Import(dynamodb, boto3.client("s3"), f"s3://{BUCKET}/theirs", "theirs", 0.05)
    with pytest.raises(LakeError, match="exists, and no import of `lake export-items` made it"):
        importing.make_way(True)
    assert dynamodb.describe_table(TableName="theirs")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dbt project with one model, which is built."""
    home = tmp_path_factory.mktemp("items")
    (home / "models").mkdir()
    (home / "dbt_project.yml").write_text("{name: tiny, version: '1.0', profile: tiny}\n")
    (home / "profiles.yml").write_text(
        "tiny: {target: duckdb, outputs: {duckdb: {type: duckdb, path: tiny.duckdb}}}\n"
    )
    (home / "models" / "purchase_items.sql").write_text(PURCHASES)
    (home / "models" / "not_built.sql").write_text("select {{ var('number') }} as id")
    with duckdb.connect(str(home / "tiny.duckdb")) as connection:
        connection.execute(f"create table purchase_items as {PURCHASES}")
    return home


def run(project: Path, *arguments: str) -> Any:
    options = ["--project-dir", str(project), "--vars", "number: 1"]
    return CliRunner().invoke(cli.app, ["export-items", *arguments, *options])


@pytest.mark.long
def test_the_command_exports_and_imports(aws: str, project: Path) -> None:
    key = ["--key", "customerid", "--key", "orderid", "--spread", "quantities"]
    result = run(
        project, "purchase_items", f"s3://{BUCKET}/cli", *key, "--import-to", "cli", "--json"
    )
    assert result.exit_code == 0, result.output
    report = json.loads(result.output)
    assert (report["items"], report["imported"], report["table"]) == (300, 300, "cli")
    assert held("cli") == wanted()


@pytest.mark.long
def test_the_command_says_what_is_wrong(project: Path, tmp_path: Path) -> None:
    to = str(tmp_path / "out")
    for arguments, kind, says in [
        (["purchase_item", to, "--key", "id"], UsageError, "no model purchase_item; it has: purchase_items"),
        (["not_built", to, "--key", "id"], LakeError, "not_built is not built; run `lake run --select not_built`"),
        (["not_built", to, "--key", "id", "--import-to", "t"], UsageError, "--import-to needs files on S3"),
    ]:  # fmt: skip
        result = run(project, *arguments)
        assert isinstance(result.exception, kind), result.output
        assert says in str(result.exception)
