"""Masks: what each makes of a value, and that nothing which is masked, nor the key, is anywhere in what a build leaves."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from conftest import Render
from lakehouse import Lakehouse, Outcome, Row, Table

KEY = "KEYMARK-a-long-random-text"
NAMES = ("id", "name", "email", "card", "phone", "salary", "note", "ssn", "country")
TYPES = dict.fromkeys(NAMES, "varchar") | {"salary": "bigint"}
MASKS: dict[str, dict[str, Any]] = {
    "id": {"mask": "hash"},
    "email": {"mask": "hash"},
    "card": {"mask": "last4"},
    "phone": {"mask": None},
    "salary": {"mask": {"keep_if": "country = 'CH'"}},
    "note": {"mask": {"keep_if": "country = 'CH' and \"name\" is not null"}},
    "ssn": {"mask": "drop"},
}
COLUMN = (
    "{{% set column = {{'name': 'email', 'type': 'varchar', 'mask': {{'word': '{word}', 'condition': "
    "[{{'column': 'country'}}, {{'text': '='}}, {{'text': \"'CH'\"}}]}}}} %}}"
    "{{% set other = {{'name': 'country', 'type': 'varchar', 'mask': none}} %}}"
    "select {{{{ dms_lake._masked({{'is_text': true, 'columns': [column, other]}}, column, 'email') }}}} as email"
)
HASHED = {"duckdb": "sha256(cast(xor(", "athena": "hmac_sha256(to_utf8(email)"}


@pytest.mark.parametrize("target", ["duckdb", "athena", "redshift"])
@pytest.mark.parametrize(
    ("word", "sql"),
    [
        ("null", "cast(null as varchar"),
        ("last4", "case when length(email) >= 8 then substr(email, length(email) - 3) end"),
        ("keep_if", """case when ("raw"."country")='CH' then email end"""),
        ("hash", ""),
    ],
)
def test_a_mask_is_one_text_for_every_engine(
    render: Render, render_error: Render, word: str, sql: str, target: str
) -> None:
    text = COLUMN.format(word=word)
    if (word, target) == ("hash", "redshift"):
        assert "a table with the mask `hash` is built on DuckDB or Athena, and Redshift reads" in (
            render_error(text, target)
        )
        return
    rendered = " ".join(render(text, target).replace("\n", "").split())
    assert (sql or HASHED[target]) in rendered


@pytest.mark.parametrize("key", ["a key of 16 char", "k" * 64, "ü" * 50])
def test_the_hash_is_hmac_sha256(render: Render, key: str) -> None:
    sql = render("select {{ dms_lake.keyed_hash('a') }} from (values ('Grüezi'), ('')) as t (a)")
    with duckdb.connect() as connection:
        connection.execute("set variable dms_lake_mask_key = ?", [key])
        found = connection.execute(sql).fetchall()
    wanted = [hmac.new(key.encode(), text, hashlib.sha256) for text in ("Grüezi".encode(), b"")]
    assert found == [(each.hexdigest(),) for each in wanted]


def test_without_the_key_nothing_is_hashed(render: Render) -> None:
    sql = render("select {{ dms_lake.keyed_hash('a') }} from (values ('x')) as t (a)")
    with (
        duckdb.connect() as connection,
        pytest.raises(duckdb.Error, match="the mask key is not set in this session"),
    ):
        connection.execute(sql)


def person(number: int, country: str = "DE", **more: str | int | None) -> Row:
    """A row whose masked columns hold marked secrets; salaries of other countries are secrets too."""
    secrets = {name: f"SECRET{name}{number}-{1000 + number}" for name in NAMES if name in MASKS}
    facts = {"name": f"n{number}", "salary": 7654000 + number, "country": country}
    kept = {"note": f"note{number}"} if country == "CH" else {}
    return {name: (secrets | facts | kept | more).get(name) for name in NAMES}


def csv(row: Row, *before: str) -> str:
    return ",".join([*before, *("NULL" if v is None else str(v) for v in row.values())]) + "\n"


def record(operation: str, row: Row, second: int, before: Row | None = None) -> str:
    """A record of DMS on a stream, with a column that nobody declared."""
    time = f"2024-01-02T03:04:{second:02}.000000Z"
    facts = {"record-type": "data", "operation": operation, "table-name": "stream"}
    whole = {"data": row | {"extra": "SECRETextra"}, "metadata": facts | {"timestamp": time}}
    if operation != "load":
        whole["metadata"]["commit-timestamp"] = time
    return json.dumps(whole | ({"before-image": before} if before else {})) + "\n"


def event(kind: str, second: int, **row: Row) -> str:
    time = f"2024-01-02T03:04:{second:02}"
    facts = {"schema": "s", "table": "binlog", "type": kind, "timestamp": time, "row": row}
    return json.dumps(facts) + "\n"


def deliver(lake: Lakehouse, day: int) -> None:
    """Files of every envelope: good rows, rejected ones, texts that do not fit, undeclared columns, broken records."""
    time = f"2024-01-0{day} 00:00:00.000000"
    stamp = f"2024010{day}-030405123"
    bad = person(7, salary="SECRETsalary")
    for name in ("bare", "named", "parquet", "history"):
        old = "SECRETid1-1001"
        if name == "parquet":
            if day == 1:
                lake.put("parquet/LOAD00000001.parquet", [{"ts": time, **person(1)}])
            rows = [
                {"Op": op, "ts": time, **each, "BI_id": old, "extra": "SECRETextra"}
                for op, each in [
                    ("U", person(2, "CH")),
                    ("X", person(3)),
                    ("U", person(4, id=None)),
                ]
            ]
            lake.put(f"parquet/{stamp}.parquet", rows)
            continue
        head = ["Op", "ts", *NAMES, "BI_id"] if name == "named" else []
        top = ",".join(head) + ",extra\n" if head else ""
        tail = f",{old},SECRETextra\n" if head else f",{old}\n"
        lines = [csv(each, op, time) for op, each in [("U", person(2, "CH")), ("U", bad)]]
        lines += [csv(person(3), "X", time), csv(person(4, id=None), "U", time)]
        lines += [csv(person(5), "U", "SECRETtime"), csv(person(6), "SECRETop", time)]
        lines += [csv({"id": "SECRETid9-1009"} | dict.fromkeys(NAMES[1:]), "D", time)]
        text = "".join(line.rstrip("\n") + tail for line in lines) + f"U,{time},SECRETshort\n"
        if day == 1:
            load = csv(person(1), time).rstrip("\n")
            more = ",NULL,NULL\n" if head else ",NULL\n"
            top_of_load = top.removeprefix("Op,")
            lake.put(f"{name}/LOAD00000001.csv", top_of_load + load + more)
        lake.put(f"{name}/{stamp}.csv", top + text)
    records = [record("load", person(1), 1), record("update", person(2, "CH"), 2, person(1))]
    records += [record("update", bad, 3), record("SECRETword", person(3), 4)]
    records += [record("insert", person(4, id=None), 5), '{"SECRETbroken": \n', '["SECRETlist"]\n']
    lake.put(f"stream/{stamp}-a", "".join(records))
    if day == 1:
        lake.put("binlog/dump.csv", csv(person(1)))
    events = [event("UpdateRowsEvent", day, before_values=person(1), after_values=person(2, "CH"))]
    events += [event("SECRETEvent", day, values=person(3)), '{"SECRETbroken"\n']
    lake.put(f"binlog/{stamp}.json", "".join(events))
    for number in (1, 2):
        lake.put(f"snapshot/2024-01-0{day + number}/a.csv", csv(person(1)) + csv(person(2, "CH")))
    lake.put(f"clicks/{day}.json", json.dumps(person(day) | {"extra": "SECRETextra"}) + "\n")


def masked_tables() -> dict[str, Table]:
    dms: dict[str, Any] = {"key": ["id"], "timestamp_column": "ts", "before_image_prefix": "BI_"}
    fields: dict[str, dict[str, Any]] = {
        "bare": {"envelope": "s3_csv"} | dms,
        "history": {"envelope": "s3_csv", "history": True} | dms,
        "named": {"envelope": "s3_csv", "header": True} | dms,
        "parquet": {"envelope": "s3_parquet"} | dms,
        "stream": {"envelope": "dms_json", "key": ["id"]},
        "binlog": {"envelope": "binlog_json", "key": ["id"]},
        "snapshot": {"envelope": "snapshot", "key": ["id"]},
        "clicks": {"envelope": "append_json", "key": []},
    }
    return {name: Table(TYPES, given, MASKS) for name, given in fields.items()}


def leaks(lake: Lakehouse, outcome: Outcome) -> list[str]:
    """Where a secret or the key is found: files that a build left, messages, and every value of every table and view."""
    marks = (b"SECRET", b"KEYMARK")
    left = [path for path in lake.home.rglob("*") if path.is_file()]
    found = [
        str(path)
        for path in left
        if not path.is_relative_to(lake.lake) and any(m in path.read_bytes() for m in marks)
    ]
    found += [text for text in outcome.messages if "SECRET" in text or "KEYMARK" in text]
    tables = lake.sql(
        "select table_name as t from information_schema.tables where not table_name like 'chg_%'"
    )
    for name in (row["t"] for row in tables):
        found += [
            f"{name}: {row}"
            for row in lake.sql(f'select * from "{name}"')
            if any(mark in str(row) for mark in ("SECRET", "KEYMARK"))
            or (row.get("salary") and row["country"] != "CH")
        ]
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("masks")


@pytest.fixture
def lake(home: Path, monkeypatch: pytest.MonkeyPatch) -> Lakehouse:
    """The project over the masked tables; its database keeps texts as they are, so that they can be found."""
    monkeypatch.setenv("DMS_LAKE_MASK_KEY", KEY)
    lakehouse = Lakehouse(home, masked_tables(), models=("chg", "lat", "cur", "rej", "hst"))
    for name in masked_tables():
        if name != "history":
            (lakehouse.project / f"models/history/hst_shop__{name}.sql").unlink()
    profile = lakehouse.project / "profiles.yml"
    uncompressed = "settings:\n        force_compression: uncompressed\n"
    profile.write_text(profile.read_text().replace("settings:\n", uncompressed))
    return lakehouse


@pytest.mark.long
def test_no_secret_is_in_anything_that_builds_leave(lake: Lakehouse) -> None:
    for day in (1, 3):
        deliver(lake, day)
        outcome = lake.build()
        assert not leaks(lake, outcome)
    hashed = {
        n: hmac.new(KEY.encode(), f"SECRETid{n}-{1000 + n}".encode(), "sha256").hexdigest()
        for n in range(10)
    }
    for table in ("bare", "named", "parquet", "stream", "binlog", "snapshot"):
        [row] = lake.sql(f"select * from cur_shop__{table} where name = 'n2'")
        assert row["id"] == hashed[2], table
        shown = {name: row[name] for name in ("card", "phone", "salary", "note")}
        assert shown == {"card": "1002", "phone": None, "salary": 7654002, "note": "note2"}
        assert "ssn" not in row and len(row["email"]) == 64
        others = lake.sql(f"select id from cur_shop__{table}")
        # The key that was moved away from is gone: before-images are hashed alike.
        assert ({"id": hashed[1]} in others) == (table == "snapshot"), table
    rejected = lake.sql("select * from rej_shop__bare where _cdc_reject_reason = 'null key: id'")
    assert json.loads(rejected[0]["_cdc_raw_text"])["name"] == "n4"
    assert len(lake.sql("select * from rej_shop__bare")) == 10
    issues = lake.sql("select _cdc_issues from lat_shop__bare where name = 'n7'")
    assert issues == [{"_cdc_issues": '[{"column": "salary", "text": null}]'}]
    views = lake.sql("select sql from duckdb_views() where view_name = 'chg_shop__bare'")
    assert "getvariable('dms_lake_mask_key')" in views[0]["sql"]
    # What may be seen is found where the secrets were looked for.
    assert b"note2" in lake.database.read_bytes()


@pytest.mark.long
def test_a_file_that_cannot_be_read_is_named_and_not_quoted(lake: Lakehouse) -> None:
    lake.put("bare/20240109-030405123.csv", 'U,2024-01-09 00:00:00,"SECRET"x,a\n')
    lake.put("stream/20240109-030405123-b", b'{"data": {"id": "\xff SECRET"}}\n')
    odd = person(1) | {"salary": "SECRETsalary"}
    lake.put("parquet/20240109-030405123.parquet", [{"Op": "U", "ts": "2024-01-09", **odd}])
    outcome = lake.dbt(
        "build", "--select", "chg_shop__bare", "chg_shop__stream", "chg_shop__parquet"
    )
    assert not outcome.success
    for words in (
        "20240109-030405123.csv` cannot be read (unquoted value): a quote is not doubled",
        "20240109-030405123-b` cannot be read (invalid encoding): it is not text of the declared",
        "column `salary` is masked by keep_if and declared as bigint, but `",
    ):
        assert words in outcome.text
    assert not leaks(lake, outcome)
    for path in lake.lake.rglob("20240109*"):
        path.unlink()


@pytest.mark.long
def test_a_mask_that_comes_later_asks_for_a_full_refresh_and_the_key_for_the_environment(
    lake: Lakehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = masked_tables()
    chosen = ("--select", "chg_shop__clicks", "lat_shop__clicks")
    lake.put("clicks/8.json", json.dumps(person(8)) + "\n")
    assert lake.dbt("run", *chosen).success
    later = dict(MASKS) | {"name": {"mask": "drop"}, "note": {"mask": "null"}}
    lake.register(tables | {"clicks": Table(TYPES, tables["clicks"].fields, later)})
    for name in set(tables) - {"history"}:
        (lake.project / f"models/history/hst_shop__{name}.sql").unlink()
    lake.put("clicks/9.json", json.dumps(person(9)) + "\n")
    outcome = lake.dbt("run", *chosen)
    assert "the masks of `shop.clicks` are id: hash, name: drop," in outcome.text
    assert "Run `dbt build --full-refresh --select lat_shop__clicks`" in outcome.text
    monkeypatch.setenv("DMS_LAKE_MASK_KEY", "short")
    outcome = lake.dbt("run", "--full-refresh", *chosen)
    assert "`shop.clicks` masks id, email by hash, and the environment variable" in outcome.text
    assert "DMS_LAKE_MASK_KEY is shorter than 16 characters" in outcome.text
    monkeypatch.setenv("DMS_LAKE_MASK_KEY", KEY)
    assert lake.dbt("run", "--full-refresh", *chosen).success
    assert "name" not in lake.sql("select * from lat_shop__clicks")[0]


def kept_tables(masks: dict[str, dict[str, Any]], keyed: dict[str, Any]) -> dict[str, Table]:
    """Tables whose rows go on: one loses its masks, one hashes its key, one has no mask ever."""
    fields = {"envelope": "s3_csv", "key": ["id"], "timestamp_column": "ts", "history": True}
    types = {"id": "varchar", "email": "varchar"}
    given = {"unmasked": masks, "keyed": {"id": keyed}, "plain": {}}
    return {name: Table(types, fields, each) for name, each in given.items()}


ROOMS = ("lat", "rej", "hst")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lakehouse:
    monkeypatch.setenv("DMS_LAKE_MASK_KEY", KEY)
    masks = {"id": {"mask": "hash"}, "email": {"mask": "null"}}
    lake = Lakehouse(tmp_path, kept_tables(masks, {"mask": "hash"}), models=("chg", *ROOMS))
    for name in ("unmasked", "keyed", "plain"):
        lake.put(f"{name}/LOAD00000001.csv", "2024-01-01 00:00:01,a,a@x\n", "2024-01-01")
    lake.build()
    return lake


def change(lake: Lakehouse, day: int, *tables: str) -> None:
    for name in tables:
        time = f"2024-01-{day:02} 10:00:00"
        lake.put(f"{name}/202401{day:02}-100000000.csv", f"U,{time},a,a{day}@x\n", time)


def stored(lake: Lakehouse, name: str) -> list[Row]:
    return lake.sql(f"select id, email from lat_shop__{name} order by id nulls first")


@pytest.mark.long
def test_a_table_that_loses_all_its_masks_asks_for_a_full_refresh(kept: Lakehouse) -> None:
    before = stored(kept, "unmasked")
    kept.register(kept_tables({}, {"mask": "hash"}))
    change(kept, 2, "unmasked", "plain")
    outcome = kept.dbt("run", "--threads", "1")
    assert not outcome.success
    for room in ROOMS:
        says = "the masks of `shop.unmasked` are none; its rows were stored under id: hash, email: "
        assert f"{room}_shop__unmasked: {says}null" in outcome.text
        assert f"Run `dbt build --full-refresh --select {room}_shop__unmasked`" in outcome.text
    assert stored(kept, "unmasked") == before
    assert stored(kept, "plain") == [{"id": "a", "email": "a2@x"}]
    # Of all tables at once: one without masks asks nothing of its own.
    asked = [text for text in outcome.messages if "key_mark from" in text]
    assert len(asked) == 1
    assert kept.dbt("run", "--full-refresh", "--select", "source:shop.unmasked+").success
    assert kept.dbt("run").success
    assert stored(kept, "unmasked") == [{"id": "a", "email": "a2@x"}]


@pytest.mark.long
def test_rows_that_were_hashed_under_another_key_ask_for_it_or_a_full_refresh(
    kept: Lakehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored(kept, "keyed")
    change(kept, 2, "keyed")
    monkeypatch.setenv("DMS_LAKE_MASK_KEY", f"another-{KEY}")
    outcome = kept.dbt("run")
    assert not outcome.success
    for room in ROOMS:
        says = "`shop.keyed` masks id by hash, and its rows were hashed under another key than that"
        assert f"{room}_shop__keyed: {says}" in outcome.text
        assert f"run `dbt build --full-refresh --select {room}_shop__keyed`" in outcome.text
    assert stored(kept, "keyed") == before
    assert not leaks(kept, outcome)
    # Either cure; and where nothing is hashed, no key is asked for.
    monkeypatch.setenv("DMS_LAKE_MASK_KEY", KEY)
    assert kept.dbt("run").success
    assert stored(kept, "keyed") == [before[0] | {"email": "a2@x"}]
    monkeypatch.delenv("DMS_LAKE_MASK_KEY")
    assert kept.dbt("run").success
    monkeypatch.setenv("DMS_LAKE_MASK_KEY", f"another-{KEY}")
    assert kept.dbt("run", "--full-refresh", "--select", "source:shop.keyed+").success
    change(kept, 3, "keyed")
    assert kept.dbt("run").success
    assert [row["email"] for row in stored(kept, "keyed")] == ["a3@x"]


@pytest.mark.long
def test_a_ledger_that_does_not_say_which_key_takes_the_one_that_is_there(
    kept: Lakehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    with duckdb.connect(str(kept.database)) as connection:
        connection.execute("alter table dms_lake_masks drop column key_mark")
    change(kept, 2, "keyed")
    assert kept.dbt("run").success
    change(kept, 3, "keyed")
    monkeypatch.setenv("DMS_LAKE_MASK_KEY", f"another-{KEY}")
    assert "were hashed under another key" in kept.dbt("run").text
