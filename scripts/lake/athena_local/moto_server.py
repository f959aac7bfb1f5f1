"""moto's server with the gaps of its Glue mended; a process of its own: `python -m lake.athena_local.moto_server`.

Mended are what Trino needs and what concurrency rests on:
- UpdateTable ignores VersionId, so concurrent commits to an Iceberg table overwrite each other silently;
  here a version that is no longer current is a ConcurrentModificationException, as on AWS.
- The column-statistics calls are missing, so Trino cannot write Hive tables; here they keep nothing.
- The tasks that count column statistics are missing; here one is noted, and has done nothing.
- S3 sets an object's time itself; here the metadata `modified` sets it, as tests of old deliveries need.
- Athena gives every table a list of partition keys, if an empty one, and dbt-athena relies on it; Trino gives none.
- Lake Formation fails over a table that has no tags yet; here it has none.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, EmptyResult
from moto.glue.models import FakeTable
from moto.glue.responses import GlueResponse
from moto.lakeformation.models import LakeFormationBackend
from moto.s3.models import FakeKey
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

_commit = threading.Lock()


def _no_statistics(response: GlueResponse) -> ActionResult:
    return ActionResult({"ColumnStatisticsList": [], "Errors": []})


def _nothing(response: GlueResponse) -> EmptyResult:
    return EmptyResult()


def _start_statistics(response: GlueResponse) -> ActionResult:
    asked, backend = response.parameters, response.glue_backend
    backend.get_table(asked["DatabaseName"], asked["TableName"])
    now, number = datetime.now(UTC).replace(tzinfo=None), str(uuid.uuid4())
    facts = {"ColumnStatisticsTaskRunId": number, "CreationTime": now, "Status": "SUCCEEDED"}
    vars(backend).setdefault("statistics_runs", []).append({**asked, **facts})
    return ActionResult({"ColumnStatisticsTaskRunId": number})


def _statistics_runs(response: GlueResponse) -> ActionResult:
    asked, names = response.parameters, ("DatabaseName", "TableName")
    runs = vars(response.glue_backend).get("statistics_runs", [])
    found = [run for run in runs if all(run[name] == asked[name] for name in names)]
    return ActionResult({"ColumnStatisticsTaskRuns": found})


def _untagged(tags_of: Callable[..., Any]) -> Callable[..., Any]:
    """GetResourceLFTags of a table that has none yet."""

    @functools.wraps(tags_of)
    def tags_or_none(backend: Any, catalog_id: str, resource: dict[str, Any]) -> Any:
        if table := resource.get("Table"):
            account = table.get("CatalogId", backend.account_id)
            backend.lf_table_tags.setdefault((account, table["DatabaseName"], table["Name"]), [])
        return tags_of(backend, catalog_id, resource)

    return tags_or_none


def _checked(update_table: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """UpdateTable that refuses a version which is no longer current."""

    @functools.wraps(update_table)
    def update(response: Any) -> Any:
        with _commit:
            parameters = response.parameters
            asked = parameters.get("VersionId")
            if asked is not None:
                table = response.glue_backend.get_table(
                    parameters["DatabaseName"], parameters["TableInput"]["Name"]
                )
                current = table.as_dict()["VersionId"]
                if str(current) != str(asked):
                    raise JsonRESTError(
                        "ConcurrentModificationException",
                        f"Update table failed due to concurrent modifications: version {asked} "
                        f"was given, {current} is current",
                    )
            return update_table(response)

    return update


def _with_partition_keys(as_dict: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """A table's description that has partition keys, as every table of Athena's has."""

    @functools.wraps(as_dict)
    def described(table: FakeTable, version: str | None = None) -> dict[str, Any]:
        return {"PartitionKeys": [], **as_dict(table, version)}

    return described


def _with_time(set_metadata: Callable[..., None]) -> Callable[..., None]:
    """An object's metadata, of which `modified` becomes its last-modified time."""

    @functools.wraps(set_metadata)
    def set_all(key: FakeKey, metadata: Any, replace: bool = False) -> None:
        set_metadata(key, metadata, replace)
        if moment := key._metadata.get("x-amz-meta-modified"):
            key.last_modified = datetime.fromisoformat(moment)

    return set_all


def mend_s3() -> None:
    """Let a test say when an object was written."""
    FakeKey.set_metadata = _with_time(FakeKey.set_metadata)


@functools.cache
def mend_glue() -> None:
    """Put the missing behaviour into moto, once in a process: twice, an update would wait for its own lock."""
    for what in ("table", "partition"):
        setattr(GlueResponse, f"get_column_statistics_for_{what}", _no_statistics)
        setattr(GlueResponse, f"update_column_statistics_for_{what}", _no_statistics)
        setattr(GlueResponse, f"delete_column_statistics_for_{what}", _nothing)
    GlueResponse.start_column_statistics_task_run = _start_statistics
    GlueResponse.get_column_statistics_task_runs = _statistics_runs
    GlueResponse.update_table = _checked(GlueResponse.update_table)
    FakeTable.as_dict = _with_partition_keys(FakeTable.as_dict)
    LakeFormationBackend.get_resource_lf_tags = _untagged(LakeFormationBackend.get_resource_lf_tags)


class RefusingWrites:
    """A WSGI application in front of moto that can refuse S3 writes below a path, as S3 does without permission.

    `PUT /local/refused-writes?bucket/prefix` begins it and `DELETE` of the same ends it.
    """

    def __init__(self, application: Callable[..., Any]) -> None:
        self.application = application
        self.refused: set[str] = set()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Answer one request."""
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path == "/local/refused-writes":
            change = self.refused.add if method == "PUT" else self.refused.discard
            change("/" + environ["QUERY_STRING"])
            start_response("204 No Content", [("Content-Length", "0")])
            return []
        if method in ("PUT", "POST") and any(path.startswith(prefix) for prefix in self.refused):
            body = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
            headers = [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))]
            # Read what was sent, or the client sees a broken connection instead of the answer.
            is_whole = environ.get("wsgi.input_terminated")
            environ["wsgi.input"].read(-1 if is_whole else int(environ.get("CONTENT_LENGTH") or 0))
            start_response("403 Forbidden", headers)
            return [body]
        return self.application(environ, start_response)


class _Quiet(WSGIRequestHandler):
    """No line per request; errors are still written."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def _end_with(parent: int) -> None:
    """End this process when the one that started it has gone."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def main(port_file: Path) -> None:
    """Serve on a free port of this machine and write it into `port_file`."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    mend_glue()
    mend_s3()
    application = RefusingWrites(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
    written = port_file.with_suffix(".new")
    written.write_text(str(server.server_port))
    written.rename(port_file)
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
