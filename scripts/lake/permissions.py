"""The smallest IAM policy that each command needs on AWS, as a pure function of where the lake lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Policy = dict[str, Any]
READ_OBJECTS = ("s3:GetObject",)
WRITE_OBJECTS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload")
# No prefix can be asked of where a bucket is, so a condition on one would refuse it.
LIST_OBJECTS, WHERE_BUCKETS = ("s3:ListBucket",), ("s3:GetBucketLocation",)
READ_TABLES = ("glue:GetDatabase", "glue:GetTable")
WRITE_TABLES = (*READ_TABLES, "glue:CreateTable", "glue:UpdateTable")
DBT_TABLES = (
    *WRITE_TABLES,
    "glue:CreateDatabase",
    "glue:DeleteTable",
    "glue:DeleteTableVersion",
    "glue:GetDatabases",
    "glue:GetPartitions",
    "glue:GetTableVersions",
    "glue:GetTables",
)
# Glue's task reads a table, writes what it counted beside it, and commits that.
STATISTICS_TABLES = (
    *READ_TABLES,
    "glue:GetColumnStatisticsForTable",
    "glue:UpdateColumnStatisticsForTable",
    "glue:UpdateTable",
)
LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
QUERIES = (
    "athena:GetDataCatalog",
    "athena:GetQueryExecution",
    "athena:GetQueryResults",
    "athena:GetWorkGroup",
    "athena:StartQueryExecution",
    "athena:StopQueryExecution",
)


@dataclass(frozen=True)
class Places:
    """Where a lake lies.

    Attributes:
        region: e.g. `eu-west-1`.
        raw_databases: The Glue databases of the raw tables.
        database: The Glue database of the models and the ledger.
        roots: Where DMS writes, as `s3://bucket/prefix`.
        data: `s3_data_dir` of the profile.
        staging: `s3_staging_dir` of the profile, where Athena leaves results.
        work_group: The Athena work group.
        statistics_role: As whom Glue counts column statistics; empty where it does not.
    """

    region: str
    raw_databases: tuple[str, ...]
    database: str
    roots: tuple[str, ...]
    data: str
    staging: str
    work_group: str
    statistics_role: str = ""


def policy(command: str, places: Places) -> Policy:
    """The policy document of one of `COMMANDS`.

    Raises:
        KeyError: there is no such command.
    """
    statements = {
        "register": [
            _glue("RawTables", WRITE_TABLES, places, places.raw_databases),
            *_objects("RawTableFiles", ("s3:GetObject", "s3:PutObject"), [places.data]),
        ],
        "land": [
            _glue(
                "RawTablesAndLedger",
                WRITE_TABLES,
                places,
                (*places.raw_databases, places.database),
            ),
            *_objects("WhatDmsWrote", READ_OBJECTS, places.roots),
            *_objects("RawTableFiles", WRITE_OBJECTS, [places.data]),
        ],
        "build": [
            {
                "Sid": "Queries",
                "Effect": "Allow",
                "Action": list(QUERIES),
                "Resource": [
                    f"arn:aws:athena:{places.region}:*:workgroup/{places.work_group}",
                    f"arn:aws:athena:{places.region}:*:datacatalog/*",
                ],
            },
            _glue("Models", DBT_TABLES, places, (places.database,)),
            _glue("RawTables", READ_TABLES, places, places.raw_databases),
            *_objects("WhatDmsWrote", READ_OBJECTS, places.roots),
            *_objects("ModelFiles", WRITE_OBJECTS, [places.data, places.staging]),
            *_statistics(places),
        ],
        "statistics": [
            _glue("CountedTables", STATISTICS_TABLES, places, (places.database,)),
            *_objects("CountedFiles", WRITE_OBJECTS, [places.data]),
            {
                "Sid": "Logs",
                "Effect": "Allow",
                "Action": list(LOGS),
                "Resource": [f"arn:aws:logs:{places.region}:*:log-group:/aws-glue/*"],
            },
        ],
    }
    return {"Version": "2012-10-17", "Statement": statements[command]}


COMMANDS = ("register", "land", "build", "statistics")


def _statistics(places: Places) -> list[Policy]:
    """What it takes to let Glue count, where the project names the role to do it as."""
    if not places.statistics_role:
        return []
    actions = ("glue:GetColumnStatisticsTaskRuns", "glue:StartColumnStatisticsTaskRun")
    return [
        _glue("ColumnStatistics", actions, places, (places.database,)),
        {
            "Sid": "StatisticsRole",
            "Effect": "Allow",
            "Action": ["iam:PassRole"],
            "Resource": [places.statistics_role],
            "Condition": {"StringEquals": {"iam:PassedToService": "glue.amazonaws.com"}},
        },
    ]


def _glue(sid: str, actions: Iterable[str], places: Places, databases: Iterable[str]) -> Policy:
    """Actions on the catalogue, the databases and their tables: Glue asks for all three."""
    arn = f"arn:aws:glue:{places.region}:*"
    resources = [f"{arn}:catalog"]
    for database in dict.fromkeys(databases):
        resources += [f"{arn}:database/{database}", f"{arn}:table/{database}/*"]
    return {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": resources}


def _objects(sid: str, actions: Iterable[str], urls: Iterable[str]) -> list[Policy]:
    """Actions on what lies below some prefixes, and the right to list just that."""
    places = [_split(url) for url in dict.fromkeys(urls)]
    objects = [f"arn:aws:s3:::{bucket}/{prefix}*" for bucket, prefix in places]
    listing = [
        {
            "Sid": f"List{sid}{number or ''}",
            "Effect": "Allow",
            "Action": list(LIST_OBJECTS),
            "Resource": [f"arn:aws:s3:::{bucket}"],
            "Condition": {"StringLike": {"s3:prefix": [f"{prefix}*"]}},
        }
        for number, (bucket, prefix) in enumerate(places)
    ]
    buckets = [f"arn:aws:s3:::{bucket}" for bucket in dict.fromkeys(b for b, _ in places)]
    return [
        {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": objects},
        *listing,
        {
            "Sid": f"Where{sid}",
            "Effect": "Allow",
            "Action": list(WHERE_BUCKETS),
            "Resource": buckets,
        },
    ]


def _split(url: str) -> tuple[str, str]:
    """`s3://bucket/a/b` as bucket and `a/b/`; a bucket alone has an empty prefix."""
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    return bucket, f"{prefix.rstrip('/')}/" if prefix.strip("/") else ""
