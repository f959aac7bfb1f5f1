"""The policies of `lake permissions`: a user who has just them can do the work, on a moto that asks for permission."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pyarrow as pa
import pytest
from moto import settings
from typer.testing import CliRunner

from lake import cli
from lake.land.raw_tables import register
from lake.permissions import COMMANDS, Places, policy
from lake_on_moto import BUCKET, MotoLake, registered_lake
from lakehouse import Table

PLACES = Places(
    region="eu-west-1",
    raw_databases=("raw_shop",),
    database="dms_lake",
    roots=("s3://raw-bucket/dms/shop", "s3://raw-bucket/dms/shop"),
    data="s3://lake-bucket/tables/",
    staging="s3://lake-bucket",
    work_group="primary",
    statistics_role="arn:aws:iam::123456789012:role/statistics",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_policy_names_its_resources_and_each_statement_once(command: str) -> None:
    statements = policy(command, PLACES)["Statement"]
    names = [statement["Sid"] for statement in statements]
    assert len(names) == len(set(names))
    assert all(name.isalnum() for name in names)
    for statement in statements:
        assert statement["Effect"] == "Allow"
        assert "*" not in statement["Resource"]
        assert not any(action.endswith("*") for action in statement["Action"])


def test_what_dms_wrote_is_only_read() -> None:
    for command in COMMANDS:
        for statement in policy(command, PLACES)["Statement"]:
            if any("raw-bucket/" in resource for resource in statement["Resource"]):
                assert statement["Action"] == ["s3:GetObject"]
                assert statement["Resource"] == ["arn:aws:s3:::raw-bucket/dms/shop/*"]


def test_where_a_bucket_is_may_be_asked_without_a_prefix() -> None:
    """The request has no `s3:prefix`, so a condition on it would refuse it; Athena asks before it writes results."""
    for command in COMMANDS:
        asked = [
            statement
            for statement in policy(command, PLACES)["Statement"]
            if "s3:GetBucketLocation" in statement["Action"]
        ]
        assert asked and all("Condition" not in statement for statement in asked)
        for statement in policy(command, PLACES)["Statement"]:
            if "s3:ListBucket" in statement["Action"]:
                assert statement["Condition"]["StringLike"]["s3:prefix"]


def test_a_bucket_without_prefix_is_all_of_it() -> None:
    (objects,) = [s for s in policy("build", PLACES)["Statement"] if s["Sid"] == "ModelFiles"]
    assert objects["Resource"] == [
        "arn:aws:s3:::lake-bucket/tables/*",
        "arn:aws:s3:::lake-bucket/*",
    ]


def test_the_command_prints_the_policy_of_the_project(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    arguments = ["permissions", "land", "--target", "athena", "--vars", "{lake_root: s3://raw/dms}"]
    result = CliRunner().invoke(cli.app, arguments)
    assert result.exit_code == 0, result.output
    statements = json.loads(result.stdout)["Statement"]
    assert any("arn:aws:s3:::raw/dms/shop/public/*" in s["Resource"] for s in statements)


def test_the_role_is_passed_only_where_it_is_named(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    def named(*more: str) -> list[str]:
        result = CliRunner().invoke(cli.app, ["permissions", "build", "--target", "athena", *more])
        assert result.exit_code == 0, result.output
        return [statement["Sid"] for statement in json.loads(result.stdout)["Statement"]]

    role = "arn:aws:iam::123456789012:role/statistics"
    most = named("--vars", f"{{lake_root: s3://raw, dms_lake_statistics_role: '{role}'}}")
    assert named("--vars", "{lake_root: s3://raw}") == [
        sid for sid in most if sid not in ("ColumnStatistics", "StatisticsRole")
    ]
    assert {"ColumnStatistics", "StatisticsRole"} <= set(most)


COLUMNS = {"id": "bigint", "name": "varchar"}
TABLES = {
    "csv": Table(COLUMNS, {"envelope": "s3_csv", "key": ["id"], "header": True}),
    "parquet": Table(COLUMNS, {"envelope": "s3_parquet", "key": ["id"], "timestamp_column": "ts"}),
}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MotoLake]:
    """A lake on moto with a new file of each kind; its ledger is made by the first run."""
    with registered_lake(tmp_path_factory.mktemp("lake"), TABLES, ()) as made:
        made.deliver("csv", "LOAD00000001.csv", "id,name\n1,Ann\n")
        made.deliver(
            "parquet", "LOAD00000001.parquet", pa.table({"id": [1], "name": ["x"], "ts": ["t"]})
        )
        yield made


@contextmanager
def as_user(document: dict[str, Any]) -> Iterator[None]:
    """Credentials of a user who has just one policy, on a moto that asks for permission.

    moto knows no resources of Glue and no conditions: those parts of the policy are left out.
    """
    for statement in document["Statement"]:
        statement.pop("Condition", None)
        if statement["Action"][0].startswith("glue:"):
            statement["Resource"] = ["*"]
    iam = boto3.client("iam")
    name = f"user-{uuid.uuid4().hex}"
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
        patch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
        patch.setattr(settings, "INITIAL_NO_AUTH_ACTION_COUNT", 0)
        yield


def policy_of(command: str) -> dict[str, Any]:
    places = Places(
        region="eu-west-1",
        raw_databases=("shop",),
        database="lake",
        roots=(f"s3://{BUCKET}/dms",),
        data=f"s3://{BUCKET}/tables/",
        staging=f"s3://{BUCKET}/staging/",
        work_group="primary",
    )
    return policy(command, places)


@pytest.mark.long
def test_the_policies_are_enough_and_no_more(lake: MotoLake) -> None:
    """Each action is taken away once: the command must then fail, with words that say permission."""
    table = lake.described("csv")[0]
    with as_user(policy_of("register")):
        assert register(lake.aws, table).action in ("made", "unchanged")
    with as_user(policy_of("land")):
        landed = lake.land_all("csv", "parquet")
    assert [landing.table for landing in landed.landings] == ["shop.csv", "shop.parquet"]
    lake.deliver("csv", "20240102-030405123.csv", "Op,id,name\nI,2,Ben\n")
    without = policy_of("land")
    for statement in without["Statement"]:
        statement["Action"] = [a for a in statement["Action"] if a != "glue:UpdateTable"]
    with as_user(without), pytest.raises(Exception, match=r"(?i)permission|denied|authorized"):
        lake.land_all("csv")
