"""Column statistics: when a run begins to count them, from a table's real metadata, and what Glue may answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.glue.models import glue_backends
from pyiceberg.table import Table as IcebergTable
from pyiceberg.table.snapshots import Operation, Snapshot, Summary
from pyiceberg.table.statistics import StatisticsFile

from lake.errors import UsageError
from lake.run.statistics import Plan, Settings, begin, plan_of, settings_of, variables_of, why_due
from lake_on_moto import MotoLake, registered_lake
from lakehouse import Table

ROLE = "arn:aws:iam::123456789012:role/lake/statistics"
NAMED = {"dms_lake_statistics_role": ROLE}


def test_no_role_no_statistics() -> None:
    assert settings_of({}) is None
    assert settings_of({"dms_lake_statistics_role": "", "dms_lake_statistics_rows": 5}) is None
    assert settings_of(NAMED) == Settings(ROLE, 1_000_000, 0.2)
    given = {"dms_lake_statistics_rows": 10, "dms_lake_statistics_changed": 1}
    assert settings_of(NAMED | given) == Settings(ROLE, 10, 1)


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("role", "statistics", "arn:aws:iam::123456789012:role/statistics"),
        ("role", 7, "arn:aws:iam::123456789012:role/statistics"),
        ("rows", 0, "a whole number, 1 or greater"),
        ("rows", "many", "a whole number, 1 or greater"),
        ("rows", True, "a whole number, 1 or greater"),
        ("changed", 0, "a share greater than 0"),
        ("changed", "a fifth", "a share greater than 0"),
    ],
)
def test_a_wrong_variable_is_named_with_its_value_and_the_cure(
    name: str, value: Any, cure: str
) -> None:
    with pytest.raises(UsageError) as caught:
        settings_of(NAMED | {f"dms_lake_statistics_{name}": value})
    text = str(caught.value)
    assert f"`dms_lake_statistics_{name}` is {value!r}; it must be" in text
    assert cure in text and "dbt_project.yml" in text


def test_variables_are_looked_up_as_dbt_does() -> None:
    project = {"a": 1, "b": 1, "c": 1, "dms_lake": {"b": 2, "c": 2}}
    config = SimpleNamespace(
        vars=SimpleNamespace(to_dict=lambda: project), cli_vars={"c": 3, "d": 3}
    )
    found = variables_of(config)
    assert {name: found[name] for name in "abcd"} == {"a": 1, "b": 2, "c": 3, "d": 3}


def test_the_tables_are_those_that_our_materializations_store() -> None:
    def model(name: str, materialized: str) -> Any:
        return SimpleNamespace(
            name=name, schema="Lake", alias=name.title(), config={"materialized": materialized}
        )

    nodes = {name: model(name, name) for name in ("latest", "history", "rejected", "view", "table")}
    for node in nodes.values():
        node.config = _Config(node.config)
    config = SimpleNamespace(vars=SimpleNamespace(to_dict=lambda: NAMED), cli_vars={})
    plan = plan_of(config, SimpleNamespace(nodes=nodes))
    assert plan is not None
    assert plan.tables == {"latest": ("lake", "latest"), "history": ("lake", "history__log")}


class _Config(dict[str, Any]):
    """A node's configuration, as dbt gives it: by key and by attribute."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MotoLake]:
    """A lake on moto, for its Glue and S3."""
    table = Table({"id": "integer"}, {"envelope": "s3_csv", "key": ["id"]})
    with registered_lake(tmp_path_factory.mktemp("lake"), {"unused": table}) as made:
        yield made


def made(lake: MotoLake, name: str, rows: int) -> IcebergTable:
    """An Iceberg table of so many rows."""
    content = ids(rows)
    table: IcebergTable = lake.aws.catalog().create_table(
        ("lake", name), content.schema, location=f"s3://{lake.place.bucket}/tables/{name}"
    )
    if rows:
        table.append(content)
    return table


def ids(rows: int) -> pa.Table:
    return pa.table({"id": pa.array(range(rows), pa.int32())})


def count(table: IcebergTable) -> None:
    """Note statistics of the current snapshot, as a count does."""
    snapshot = table.current_snapshot()
    assert snapshot is not None
    file = StatisticsFile(
        **{
            "snapshot-id": snapshot.snapshot_id,
            "statistics-path": f"{table.location()}/metadata/counted.stats",
            "file-size-in-bytes": 1,
            "file-footer-size-in-bytes": 1,
            "blob-metadata": [],
        }
    )
    with table.update_statistics() as update:
        update.set_statistics(file)


@pytest.mark.long
def test_statistics_are_due_where_none_are_held_or_much_was_written_since(lake: MotoLake) -> None:
    settings = Settings(ROLE, rows=10, changed=0.2)
    table = made(lake, "growing", 9)
    assert why_due(table.metadata, settings) is None, "too few rows"
    table.append(ids(1))
    assert why_due(table.metadata, settings) == "no snapshot of 10 rows has any"
    count(table)
    assert why_due(table.metadata, settings) is None, "just counted"
    table.append(ids(1))
    table.append(ids(1))
    assert why_due(table.metadata, settings) is None, "2 of 12 is less than a fifth"
    table.append(ids(1))
    assert why_due(table.metadata, settings) == "3 of 13 rows were written since the last"
    count(table)
    assert why_due(table.metadata, settings) is None
    # An overwrite reads as rows written, though there are no more of them than before.
    table.overwrite(ids(13))
    assert why_due(table.metadata, settings) == "13 of 13 rows were written since the last"


@pytest.mark.long
def test_statistics_that_went_with_their_snapshot_are_due_again(lake: MotoLake) -> None:
    settings = Settings(ROLE, rows=10, changed=0.2)
    table = made(lake, "expired", 20)
    count(table)
    first = table.current_snapshot()
    assert first is not None
    table.append(ids(1))
    assert why_due(table.metadata, settings) is None
    table.maintenance.expire_snapshots().by_id(first.snapshot_id).commit()
    table.refresh()
    assert why_due(table.metadata, settings) == "no snapshot of 21 rows has any"


def test_compaction_writes_no_new_rows() -> None:
    """Snapshots as Athena's OPTIMIZE leaves them, which pyiceberg cannot make."""

    def snapshot(number: int, operation: Operation, added: int) -> Snapshot:
        counts = {"added-records": str(added), "total-records": "10"}
        return Snapshot(
            snapshot_id=number,
            parent_snapshot_id=number - 1 or None,
            manifest_list="s3://lake/list.avro",
            summary=Summary(operation, **counts),
        )

    def metadata(operation: Operation) -> Any:
        snapshots = {1: snapshot(1, Operation.APPEND, 10), 2: snapshot(2, operation, 10)}
        return SimpleNamespace(
            current_snapshot=lambda: snapshots[2],
            snapshot_by_id=snapshots.get,
            statistics=[SimpleNamespace(snapshot_id=1)],
        )

    settings = Settings(ROLE, rows=10)
    assert why_due(metadata(Operation.REPLACE), settings) is None
    assert why_due(metadata(Operation.OVERWRITE), settings) is not None


@pytest.mark.long
def test_an_empty_table_has_nothing_to_count(lake: MotoLake) -> None:
    assert why_due(made(lake, "empty", 0).metadata, Settings(ROLE, 1)) is None


def runs(lake: MotoLake) -> list[dict[str, Any]]:
    """The tasks that moto has noted, to look at and to change."""
    backend = glue_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"]
    found: list[dict[str, Any]] = vars(backend).setdefault("statistics_runs", [])
    return found


@pytest.mark.long
def test_a_count_is_begun_once_and_not_again_within_a_day(lake: MotoLake) -> None:
    made(lake, "big", 10)
    made(lake, "small", 3)
    tables = {f"lat_{name}": ("lake", name) for name in ("big", "small", "away")}
    plan = Plan(Settings(ROLE, rows=10), tables)
    begun, failures = begin(lake.aws, plan, ["lat_big", "lat_small", "lat_away", "other"])
    assert begun == ["lat_big: column statistics begun; no snapshot of 10 rows has any"]
    assert list(failures) == ["lat_away"]
    assert failures["lat_away"].startswith("lat_away: reading the table's metadata failed: ")
    (run,) = runs(lake)
    assert (run["DatabaseName"], run["TableName"], run["Role"]) == ("lake", "big", ROLE)

    assert begin(lake.aws, plan, ["lat_big"]) == ([], {})
    run["Status"] = "RUNNING"
    assert begin(lake.aws, plan, ["lat_big"]) == ([], {})
    run |= {"Status": "FAILED", "ErrorMessage": "the role may not read s3://lake"}
    begun, failures = begin(lake.aws, plan, ["lat_big"])
    assert begun == []
    assert "FAILED: the role may not read s3://lake. It is begun again 24 hours" in str(failures)
    assert ROLE in failures["lat_big"] and "lake permissions statistics" in failures["lat_big"]

    run["CreationTime"] -= dt.timedelta(hours=25)
    # An older one that Glue happens to name last says nothing.
    runs(lake).append({**run, "CreationTime": run["CreationTime"] - dt.timedelta(days=9)})
    begun, failures = begin(lake.aws, plan, ["lat_big"])
    assert (len(begun), failures) == (1, {})


@pytest.mark.long
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("ColumnStatisticsTaskRunningException", None),
        ("ResourceNumberLimitExceededException", "the account's limit is reached"),
        ("AccessDeniedException", "permission is missing"),
    ],
)
def test_what_glue_refuses_is_said_and_keeps_no_other_table(
    lake: MotoLake, monkeypatch: pytest.MonkeyPatch, code: str, said: str | None
) -> None:
    from moto.core.exceptions import JsonRESTError
    from moto.glue.responses import GlueResponse

    start = GlueResponse.start_column_statistics_task_run
    suffix = code[:6].lower()
    for name in ("refused", "taken"):
        made(lake, f"{name}_{suffix}", 10)

    def refuse(response: GlueResponse) -> Any:
        if response.parameters["TableName"].startswith("refused"):
            raise JsonRESTError(code, "Glue says no")
        return start(response)

    monkeypatch.setattr(GlueResponse, "start_column_statistics_task_run", refuse)
    tables = {name: ("lake", f"{name}_{suffix}") for name in ("refused", "taken")}
    begun, failures = begin(lake.aws, Plan(Settings(ROLE, rows=10), tables), list(tables))
    assert [text.split(":")[0] for text in begun] == ["taken"]
    assert list(failures) == (["refused"] if said else [])
    if said:
        assert said in failures["refused"] and "Glue says no" in failures["refused"]


def test_a_project_with_a_wrong_variable_is_refused_before_anything_runs() -> None:
    config = SimpleNamespace(
        vars=SimpleNamespace(to_dict=lambda: {"dms_lake_statistics_role": "mine"}), cli_vars={}
    )
    with pytest.raises(UsageError, match="`dms_lake_statistics_role` is 'mine'"):
        plan_of(config, SimpleNamespace(nodes={}))
