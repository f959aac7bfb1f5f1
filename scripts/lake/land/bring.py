"""Bring the files of one table into its raw table, some at a time, so that little is repeated after an interruption."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pyiceberg.table import Table, Transaction

from lake.land import raw_tables
from lake.land.aws import Aws
from lake.land.commits import (
    Held,
    Landed,
    commit_files,
    marks_of,
    path_mark,
    version_mark,
)
from lake.land.decide import Work
from lake.land.expire import Expiry
from lake.land.in_place import (
    Footer,
    FoundColumn,
    check_types,
    data_file_of,
    mapping_for,
    own_copy,
    parquet_columns,
    read_footer,
)
from lake.land.listing import S3Object
from lake.land.project import RawTable
from lake.land.rewrite import (
    StreamRun,
    check_values,
    columns_of,
    fetched,
    rewrite,
    stream_runs,
)

# How much goes into one commit: footers are quick, rewritten bytes are not.
FILES_IN_PLACE, FILES_REWRITTEN, BYTES_REWRITTEN = 500, 100, 256 << 20

OnFile = Callable[[str, int], None]
Prepare = Callable[[Table, Transaction], None]
# A version of a file, as path and time of its last change.
Moved = tuple[str, datetime]


@dataclass
class Brought:
    """What came into a raw table, which columns the new files hold by their own word, and which full loads.

    `moved` says where versions are held that could not stay under their own path, `warnings` what
    could not be cleaned up.
    """

    files: int = 0
    rows: int = 0
    bytes: int = 0
    columns: list[FoundColumn] = field(default_factory=list)
    runs: list[StreamRun] = field(default_factory=list)
    moved: dict[Moved, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def bring(
    aws: Aws,
    table: RawTable,
    work: Work,
    pool: Executor,
    home: Path,
    memory: str,
    on_file: OnFile,
) -> Brought:
    """Bring files in; those that the table holds in this version already are passed over.

    Files are worked on in `pool`, several at once; what is fetched goes below `home`, and each
    rewriting takes at most `memory`, e.g. `512MB`.

    Raises:
        LakeError: a file cannot be read, or changed while it was.
    """
    done, items = Brought(), work.bring
    if not items:
        return done
    held = Held()
    if table.is_rewritten:
        versions = {marks_of(path) for path in held.paths(raw_tables.load(aws, table))}
    for part in parts(items, table.is_rewritten):
        target = raw_tables.load(aws, table)
        if table.is_rewritten:
            landed = _rewritten(
                aws, table, target, part, versions, pool, home, memory, done, on_file
            )
            _commit(aws, table, landed, (), held, done)
        else:
            landed = _in_place(aws, table, target, part, work.earlier, pool, held, done, on_file)
        done.files += len(landed)
        done.rows += sum(item.data_file.record_count for item in landed)
    done.bytes = sum(item.size_bytes for item in items)
    done.columns = distinct(done.columns)
    return done


def let_go(aws: Aws, table: RawTable, paths: Iterable[str]) -> None:
    """Take files that are no longer there out of the raw table, so that no reader looks for them."""
    gone = list(paths)
    if gone:
        commit_files(lambda: raw_tables.load(aws, table), (), gone, table.is_rewritten, Held())


def parts(items: Sequence[S3Object], is_rewritten: bool) -> Iterator[list[S3Object]]:
    """Cut files into what one commit takes."""
    most = FILES_REWRITTEN if is_rewritten else FILES_IN_PLACE
    part: list[S3Object] = []
    size = 0
    for item in items:
        is_full = len(part) >= most or (is_rewritten and size + item.size_bytes > BYTES_REWRITTEN)
        if part and is_full:
            yield part
            part, size = [], 0
        part.append(item)
        size += item.size_bytes
    if part:
        yield part


def distinct(columns: Iterable[FoundColumn]) -> list[FoundColumn]:
    """Each column once by name, type and scale, from its first file."""
    seen: dict[tuple[str, str, int], FoundColumn] = {}
    for column in sorted(columns, key=lambda column: column.first_file):
        seen.setdefault((column.column_name, column.column_type, column.scale), column)
    return list(seen.values())


def _commit(
    aws: Aws,
    table: RawTable,
    landed: Sequence[Landed],
    gone: Iterable[str],
    held: Held,
    done: Brought,
    prepare: Prepare = lambda found, transaction: None,
) -> None:
    """Commit files, and let old snapshots go in the same commit."""
    expiry = Expiry()

    def prepare_all(found: Table, transaction: Transaction) -> None:
        prepare(found, transaction)
        expiry.prepare(found, transaction)

    commit_files(
        lambda: raw_tables.load(aws, table), landed, gone, table.is_rewritten, held, prepare_all
    )
    done.warnings.extend(expiry.finish(aws.s3))


def _rewritten(
    aws: Aws,
    table: RawTable,
    target: Table,
    part: Sequence[S3Object],
    versions: set[tuple[str, str]],
    pool: Executor,
    home: Path,
    memory: str,
    done: Brought,
    on_file: OnFile,
) -> list[Landed]:
    def work(item: S3Object) -> tuple[Landed | None, list[FoundColumn], list[StreamRun]]:
        with fetched(aws.s3, table, item, home) as source:
            columns = columns_of(table, item, source)
            mark = (
                path_mark(item.path),
                version_mark(item.size_bytes, item.etag, table.read_sql or ""),
            )
            landed = None
            if mark not in versions:
                check_values(table, item, source, columns)
                landed = rewrite(aws.s3, table, target, item, source, memory)
            runs = stream_runs(table, item, source, memory)
        on_file(table.name, item.size_bytes)
        return landed, columns, runs

    results = list(pool.map(work, part))
    for _, columns, runs in results:
        done.columns.extend(columns)
        done.runs.extend(runs)
    return [landed for landed, _, _ in results if landed is not None]


def _in_place(
    aws: Aws,
    table: RawTable,
    target: Table,
    part: Sequence[S3Object],
    earlier: Mapping[str, Sequence[str]],
    pool: Executor,
    held: Held,
    done: Brought,
    on_file: OnFile,
) -> list[Landed]:
    def work(item: S3Object) -> Footer:
        place = item
        if item.path in earlier:
            place = own_copy(aws.s3, table, target, item)
            done.moved[item.path, item.last_modified] = place.path
        footer = read_footer(aws.s3, table, place)
        check_types(table, target.schema(), footer)
        on_file(table.name, item.size_bytes)
        return footer

    footers = list(pool.map(work, part))
    for footer in footers:
        done.columns.extend(parquet_columns(footer))
    landed = [Landed(footer.item.path, data_file_of(target, footer)) for footer in footers]

    def spell(found: Table, transaction: Transaction) -> None:
        if mapping := mapping_for(found, footers):
            transaction.set_properties({raw_tables.MAPPING: mapping.model_dump_json()})

    paths = {item.path for item in landed}
    gone = {path for item in part for path in (*earlier.get(item.path, ()), item.path)} - paths
    _commit(aws, table, landed, gone, held, done, spell)
    return landed
