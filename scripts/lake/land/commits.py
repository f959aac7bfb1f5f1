"""Add data files to an Iceberg table exactly once, beside other writers, whatever stopped earlier runs half-way."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pyiceberg.exceptions import CommitFailedException
from pyiceberg.manifest import DataFile, DataFileContent, ManifestFile
from pyiceberg.table import Table, Transaction

from lake.errors import LakeError

ATTEMPTS = 30
# A rewritten file bears the marks of what it was made from: <path>-<version>-<a word of its own>.parquet.
MARK = 16


@dataclass(frozen=True)
class Landed:
    """A raw file as its raw table shall hold it.

    Attributes:
        path: The raw file on S3.
        data_file: The entry to add: the raw file itself, or the rewritten one.
    """

    path: str
    data_file: DataFile


def path_mark(path: str) -> str:
    """A short mark of a raw file's path."""
    return hashlib.sha256(path.encode()).hexdigest()[:MARK]


def version_mark(size_bytes: int, etag: str, read_sql: str) -> str:
    """A short mark of a raw file's content and of the text that it is read by."""
    return hashlib.sha256(f"{size_bytes} {etag} {read_sql}".encode()).hexdigest()[:MARK]


def marks_of(data_path: str) -> tuple[str, str]:
    """The path mark and version mark in a rewritten file's name."""
    name = data_path.rsplit("/", 1)[-1]
    return name[:MARK], name[MARK + 1 : 2 * MARK + 1]


class Held:
    """Which data files a table holds, by manifest: one never changes, so each is read once."""

    def __init__(self) -> None:
        self._paths: dict[str, list[str]] = {}

    def paths(self, table: Table) -> list[str]:
        """Where the data files of a table's newest snapshot lie."""
        self.files(table, lambda path: False)
        return [
            path for manifest in manifests(table) for path in self._paths[manifest.manifest_path]
        ]

    def files(self, table: Table, is_asked: Callable[[str], bool]) -> list[DataFile]:
        """The data files of a table's newest snapshot whose path is asked for."""
        found = []
        for manifest in manifests(table):
            paths = self._paths.get(manifest.manifest_path)
            if paths is None or any(map(is_asked, paths)):
                entries = manifest.fetch_manifest_entry(table.io, discard_deleted=True)
                there = [entry.data_file for entry in entries]
                there = [item for item in there if item.content == DataFileContent.DATA]
                self._paths[manifest.manifest_path] = [item.file_path for item in there]
                found += [item for item in there if is_asked(item.file_path)]
        return found


def manifests(table: Table) -> list[ManifestFile]:
    """The manifests of a table's newest snapshot."""
    snapshot = table.current_snapshot()
    return snapshot.manifests(table.io) if snapshot else []


def is_same(held: DataFile, given: DataFile) -> bool:
    """Whether two entries for one file in place say the same; then bytes that differ are still read rightly."""
    return (
        held.file_size_in_bytes == given.file_size_in_bytes
        and held.record_count == given.record_count
        and list(held.split_offsets or []) == list(given.split_offsets or [])
    )


def name_of(path: str, is_rewritten: bool) -> str:
    """By what a raw file is known in its raw table."""
    return path_mark(path) if is_rewritten else path


def held_name(data_path: str, is_rewritten: bool) -> str:
    """By what a data file's raw file is known."""
    return marks_of(data_path)[0] if is_rewritten else data_path


@dataclass(frozen=True)
class Difference:
    """What a commit must remove and add."""

    remove: Sequence[DataFile]
    add: Sequence[Landed]


def difference(
    held: Iterable[DataFile], landed: Sequence[Landed], gone: Iterable[str], is_rewritten: bool
) -> Difference:
    """What is left to do to a table that holds the data files `held`.

    It shall hold the raw files `landed`, each in this version alone, and those of the paths `gone`
    no longer. Rewritten data files are known by their marks, others are the raw files themselves.
    """
    wanted = {name_of(item.path, is_rewritten): item for item in landed}
    left_out = {name_of(path, is_rewritten) for path in gone}
    remove: list[DataFile] = []
    there: set[str] = set()
    for data_file in held:
        name = held_name(data_file.file_path, is_rewritten)
        if name in wanted:
            given = wanted[name].data_file
            same = (
                marks_of(data_file.file_path) == marks_of(given.file_path)
                if is_rewritten
                else is_same(data_file, given)
            )
            if same and name not in there:
                there.add(name)
            else:
                remove.append(data_file)
        elif name in left_out:
            remove.append(data_file)
    return Difference(remove, [item for name, item in wanted.items() if name not in there])


def commit_files(
    load: Callable[[], Table],
    landed: Sequence[Landed],
    gone: Iterable[str],
    is_rewritten: bool,
    held: Held,
    prepare: Callable[[Table, Transaction], None] = lambda table, transaction: None,
) -> Difference:
    """Bring a table to hold the given files and no other version of them, in one commit.

    Other writers are met by looking at the table anew, so a file that another one added meanwhile
    is not added twice. `load` gives the table as it is now; `held` is kept from commit to commit;
    `prepare` adds what must stand in the same commit, such as a wider name mapping.

    Returns:
        What was done; nothing where the table held all of it already.

    Raises:
        LakeError: other writers won again and again.
    """
    gone = list(gone)
    asked = {name_of(path, is_rewritten) for path in (*gone, *(item.path for item in landed))}
    for attempt in range(ATTEMPTS):
        table = load()
        there = held.files(table, lambda path: held_name(path, is_rewritten) in asked)
        needed = difference(there, landed, gone, is_rewritten)
        if not needed.remove and not needed.add:
            return needed
        transaction = without_retries(table).transaction()
        prepare(table, transaction)
        update = transaction.update_snapshot()
        try:
            with update.overwrite() if needed.remove else update.merge_append() as producer:
                for data_file in needed.remove:
                    producer.delete_data_file(data_file)
                for item in needed.add:
                    producer.append_data_file(item.data_file)
            transaction.commit_transaction()
            return needed
        except CommitFailedException:
            back_off(attempt)
    raise LakeError(
        f"{table.name()}: other writers won {ATTEMPTS} times in a row; run the command again"
    )


def without_retries(table: Table) -> Table:
    """The table, for a commit that fails where another writer was faster.

    The library's own retry would add to what it has not looked at. The setting is this object's
    own and never written: a commit starts from the metadata in the catalogue.
    """
    table.metadata.properties["commit.retry.num-retries"] = "0"
    return table


def back_off(attempt: int) -> None:
    """Wait a little longer each time, and not in step with others."""
    time.sleep(random.uniform(0.05, 0.2) * min(2**attempt, 20))
