"""Fixtures: one local Athena per pytest session, started when first asked for, and a place of its own per test."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lake.athena_local.clients import BUCKET
from lake.athena_local.stack import AthenaLocal

# A stack that runs already (`lake athena-local up`) and saves the start: its folder.
HOME_VARIABLE = "DMS_LAKE_ATHENA_LOCAL_HOME"


@dataclass(frozen=True)
class AthenaPlace:
    """A Glue database and an S3 prefix that only one test uses.

    Args:
        local: the running stack.
        database: the Glue database; made, and empty.
        prefix: an S3 folder of the test's own, `s3://bucket/.../`, empty.
        environment: the variables that make the profile's athena target write there.
    """

    local: AthenaLocal
    database: str
    prefix: str
    environment: dict[str, str]
    first_statement: int

    def sql(self, query: str) -> list[dict[str, Any]]:
        """The rows of a statement; unqualified names are tables of this place."""
        return self.local.sql(query, self.database)

    def statements(self, node: str | None = None) -> list[dict[str, Any]]:
        """The record of the test's own statements, of one dbt node where it is named."""
        own = self.local.statements(self.first_statement)
        return [
            statement
            for statement in own
            if statement["database"] == self.database and node in (None, statement["node"])
        ]


@pytest.fixture(scope="session")
def athena_local(tmp_path_factory: pytest.TempPathFactory) -> AthenaLocal:
    """The session's one Athena: all xdist workers share it, the session's end stops it."""
    if given := os.environ.get(HOME_VARIABLE):
        return AthenaLocal.up(Path(given))
    base = tmp_path_factory.getbasetemp()
    # A worker's folder lies in its controller's, and its controller started it.
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    shared, owner = (base.parent, os.getppid()) if is_worker else (base, os.getpid())
    with (shared / "athena-local.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return AthenaLocal.up(shared / "athena-local", owner=owner)


@pytest.fixture
def athena(
    athena_local: AthenaLocal, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AthenaPlace]:
    """A place of the test's own, with the environment set so that dbt and boto3 find it; removed afterwards."""
    word = re.sub(r"\W+", "_", request.node.name.lower()).strip("_")[:40]
    database = f"{word}_{uuid.uuid4().hex[:8]}"
    prefix = f"s3://{BUCKET}/{database}/"
    environment = {
        **athena_local.environment(),
        "DMS_LAKE_TARGET": "athena",
        "DMS_LAKE_SCHEMA": database,
        "DMS_LAKE_S3_DATA_DIR": f"{prefix}tables/",
        "DMS_LAKE_S3_STAGING_DIR": f"{prefix}staging/",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    glue = athena_local.client("glue")
    glue.create_database(DatabaseInput={"Name": database})
    first = athena_local.count_statements()
    yield AthenaPlace(athena_local, database, prefix, environment, first)
    glue.delete_database(Name=database)
    s3 = athena_local.client("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{database}/"):
        if objects := [{"Key": item["Key"]} for item in page.get("Contents", [])]:
            s3.delete_objects(Bucket=BUCKET, Delete={"Objects": objects})


def stop_session_stack(config: pytest.Config) -> None:
    """At the end of the controlling process: stop what its tests started, and keep its logs where one failed."""
    factory = getattr(config, "_tmp_path_factory", None)
    if hasattr(config, "workerinput") or factory is None or os.environ.get(HOME_VARIABLE):
        return
    home = factory.getbasetemp() / "athena-local"
    if home.is_dir() and (running := AthenaLocal.find(home)):
        running.down()
        shutil.rmtree(home / "trino" / "data", ignore_errors=True)
