"""Masks on Athena: DuckDB's values, with a key that no statement and no view holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from athena_fixture import AthenaPlace
from athena_lakehouse import AthenaLakehouse
from lakehouse import Table

pytestmark = pytest.mark.long

KEY = "KEYMARK-a-long-random-text"
TYPES = {"id": "varchar", "email": "varchar", "card": "varchar", "salary": "bigint"}
TYPES |= {"country": "varchar", "phone": "varchar", "ssn": "varchar"}
MASKS: dict[str, dict[str, Any]] = {
    "id": {"mask": "hash"},
    "email": {"mask": "hash"},
    "card": {"mask": "last4"},
    "salary": {"mask": {"keep_if": "country = 'CH' or country is null"}},
    "phone": {"mask": "null"},
    "ssn": {"mask": "drop"},
}
FIELDS = {
    "envelope": "s3_parquet",
    "key": ["id"],
    "timestamp_column": "ts",
    "before_image_prefix": "BI_",
}
SCHEMA = pa.schema(
    [("Op", pa.string()), ("ts", pa.string()), ("BI_id", pa.string())]
    + [(name, pa.int64() if name == "salary" else pa.string()) for name in TYPES]
)


def rows(*given: tuple[str | None, str, str]) -> pa.Table:
    """One change per operation (none in a load), key and country."""
    made = [
        {name: f"SECRET{name}-{key}234" for name in TYPES if name in MASKS}
        | {"Op": operation, "ts": "2024-01-02 00:00:00", "id": key, "country": country}
        | {"salary": 7000 if country == "CH" else 8000}
        for operation, key, country in given
    ]
    return pa.Table.from_pylist(made, schema=SCHEMA)


def test_masks_on_athena_are_those_of_duckdb_and_the_key_is_in_no_statement(
    tmp_path: Path, athena: AthenaPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DMS_LAKE_MASK_KEY", KEY)
    lake = AthenaLakehouse(tmp_path, athena, {"people": Table(TYPES, FIELDS, MASKS)})
    bucket, _, prefix = athena.prefix.removeprefix("s3://").partition("/")
    place = f"{prefix}mask-key/"
    athena.sql(
        f"create external table dms_lake_mask_key (mask_key string) location 's3://{bucket}/{place}'"
    )
    lake.put("people/LOAD00000001.parquet", rows((None, "SECRETa", "CH"), (None, "SECRETb", "DE")))
    lake.put(
        "people/20240102-030405123.parquet",
        rows(("U", "SECRETb", "CH"), ("U", "SECRETc", "DE"), ("X", "SECRETd", "DE")),
    )
    lake.land()
    outcome = lake.dbt("build")
    assert not outcome.success
    assert "`dms_lake_mask_key` must hold exactly one key" in outcome.text

    athena.local.client("s3").put_object(Bucket=bucket, Key=f"{place}key", Body=KEY.encode())
    lake.build()
    twin = lake.dbt("build", "--target", "duckdb")
    assert twin.success, twin.text
    names = "id, email, card, salary, country, phone, _cdc_is_deleted, _cdc_operation"
    query = f"select {names} from lat_shop__people order by id"
    found = lake.sql(query)
    assert found == super(AthenaLakehouse, lake).sql(query)
    kept = {(row["salary"], row["card"]) for row in found if row["country"] == "CH"}
    assert kept == {(7000, "a234"), (7000, "b234")}
    for table in ("lat_shop__people", "cur_shop__people", "rej_shop__people"):
        held = lake.sql(f"select * from {table}")
        assert held
        assert "SECRET" not in str(held)
    lake.put("people/20240103-030405123.parquet", rows(("U", "SECRETb", "DE")))
    lake.land()
    for key, fits in ((f"another-{KEY}", False), (KEY, True)):
        athena.local.client("s3").put_object(Bucket=bucket, Key=f"{place}key", Body=key.encode())
        outcome = lake.dbt("run", "--select", "lat_shop__people")
        says = "`shop.people` masks id, email by hash, and its rows were hashed under another key"
        assert (outcome.success, says in outcome.text) == (fits, not fits)
    lake.register({"people": Table(TYPES, FIELDS)})
    outcome = lake.dbt("run", "--select", "lat_shop__people")
    assert (
        "the masks of `shop.people` are none; its rows were stored under id: hash" in outcome.text
    )
    written = str([(each["sql"], each["trino"]) for each in athena.statements()])
    views = athena.local.client("glue").get_tables(DatabaseName=athena.database)
    assert "hmac_sha256" in written
    for mark in ("KEYMARK", "SECRET"):
        assert mark not in written
        assert mark not in str(views)
