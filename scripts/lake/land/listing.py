"""What lies on S3 in a table's folder now, at a cost that follows the new files."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from lake.errors import LakeError, UsageError
from lake.land.aws import plain_errors, split
from lake.land.project import RawTable

# Below so many known files a whole listing takes a handful of requests, and sees every change.
FEW_FILES = 5_000
# How far behind the newest change file a late one may still be named, in seconds.
LATE_SECONDS = 24 * 3600


@dataclass(frozen=True)
class S3Object:
    """An object as S3 lists it; `last_modified` is UTC without a zone, as the ledger keeps it."""

    path: str
    size_bytes: int
    last_modified: datetime
    etag: str


@dataclass(frozen=True)
class KnownFile:
    """A file that the ledger holds as there."""

    path: str
    size_bytes: int
    last_modified: datetime
    stamp: str
    phase: str


def list_objects(s3: Any, table: RawTable, after: str | None = None) -> Iterator[S3Object]:
    """A table's objects, in the order of their keys; only those after a path, if given.

    Where `{snapshot}` stands above the table's folder, all that lies below is listed: a thousand keys
    a request, which is less than a request for every snapshot as long as those are small.

    Raises:
        LakeError: the bucket is missing, or may not be listed.
    """
    bucket, prefix = split(table.folder)
    arguments = {"Bucket": bucket, "Prefix": f"{prefix}/".lstrip("/")}
    if after:
        arguments["StartAfter"] = split(after)[1]
    with plain_errors(f"{table.name}: listing {table.folder}/"):
        for page in s3.get_paginator("list_objects_v2").paginate(**arguments):
            for item in page.get("Contents", ()):
                path = f"s3://{bucket}/{item['Key']}"
                if not path.endswith("/") and table.holds(path):
                    yield S3Object(
                        path,
                        item["Size"],
                        item["LastModified"].astimezone(UTC).replace(tzinfo=None),
                        item["ETag"].strip('"'),
                    )


def start_after(known: Sequence[KnownFile]) -> str | None:
    """The path after which new files can lie, or None where the whole folder must be listed.

    Change files are named by time, so what is new sorts after what is known, with a day for late
    ones; load files (LOAD…, SEGMENT…) sort after every digit. Neither holds where date folders
    put the day before the year: then the order of paths is not the order of stamps. Files that are
    named freely say nothing of the time.
    """
    changes = sorted((file for file in known if file.phase == "change"), key=lambda file: file.path)
    if len(known) < FEW_FILES or not changes:
        return None
    if any(a.stamp > b.stamp for a, b in pairwise(changes)):
        return None
    moments = [moment for file in changes if (moment := _moment(file.stamp))]
    if len(moments) < len(changes):
        return None
    latest = moments[-1] - timedelta(seconds=LATE_SECONDS)
    older = [file for file, moment in zip(changes, moments, strict=True) if moment < latest]
    others = [file.path for file in known if file.phase != "change"]
    if not older or any(path <= older[-1].path for path in others):
        return None
    return older[-1].path


def _moment(stamp: str) -> datetime | None:
    """The time in the stamp of a change file (DMS's or Firehose's); nothing where it is a free name."""
    for length, form in ((15, "%Y%m%d-%H%M%S"), (19, "%Y-%m-%d-%H-%M-%S")):
        with contextlib.suppress(ValueError):
            return datetime.strptime(stamp[:length], form)
    return None


def current_listing(
    s3: Any, table: RawTable, known: Sequence[KnownFile], in_full: bool = False
) -> list[S3Object]:
    """The table's objects now: those listed, and before them those known that need no listing.

    A known file that is missing from what was listed means a truncate, an expiry or a loss, and a
    load file that is new means a reload; then the whole folder is listed.
    """
    after = None if in_full else start_after(known)
    listed = list(list_objects(s3, table, after))
    if after is None:
        return listed
    found = {item.path: item for item in listed}
    behind = [file for file in known if file.path > after]
    versions = {(file.path, file.last_modified) for file in behind}
    is_quiet = all(file.path in found for file in behind) and not any(
        _is_load(item.path) and (item.path, item.last_modified) not in versions for item in listed
    )
    if not is_quiet:
        return list(list_objects(s3, table))
    kept = [
        S3Object(file.path, file.size_bytes, file.last_modified, "")
        for file in known
        if file.path <= after
    ]
    return kept + listed


def _is_load(path: str) -> bool:
    return "LOAD" in path.rsplit("/", 1)[-1]


def check_root(s3: Any, table: RawTable) -> None:
    """A table's folder may be missing, as DMS writes none for an empty table; a root may not.

    Raises:
        UsageError: the root is no place on S3.
        LakeError: the root holds nothing.
    """
    if not table.root.startswith("s3://"):
        raise UsageError(
            f"registry entry `{table.name}`: `root` is `{table.root}`; for an Athena target it must begin with s3:// "
            "(set the var `lake_root`, e.g. --vars '{lake_root: s3://bucket/dms}')"
        )
    bucket, prefix = split(table.root)
    with plain_errors(f"{table.name}: listing {table.root}/"):
        answer = s3.list_objects_v2(Bucket=bucket, Prefix=f"{prefix}/".lstrip("/"), MaxKeys=1)
    if not answer.get("Contents"):
        raise LakeError(
            f"registry entry `{table.name}`: `root` `{table.root}` holds no file at all. "
            "Check `root` and the var `lake_root`."
        )
