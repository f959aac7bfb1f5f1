"""Let a raw table's old snapshots go, and the files that only they need, with a commit that is made anyway."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from pyiceberg.manifest import ManifestEntryStatus
from pyiceberg.table import Table, Transaction
from pyiceberg.table.snapshots import Snapshot
from pyiceberg.table.update.snapshot import ExpireSnapshots

from lake.errors import LakeError
from lake.land.aws import plain_errors, split
from lake.land.commits import Held

# Only builds read raw tables, and none of their statements lasts so long.
KEPT = timedelta(days=1)
# How many are worth a look at what they hold.
AT_ONCE = 20
MOST_KEYS = 1000


class Expiry:
    """The old snapshots of a table that one commit lets go, and the files to remove once it is made."""

    def __init__(self) -> None:
        self.table, self.files = "", set[str]()

    def prepare(self, table: Table, transaction: Transaction) -> None:
        """Add the removal of old snapshots to a commit."""
        self.table, self.files = ".".join(table.name()), set()
        old = old_snapshots(table, datetime.now(UTC))
        if old:
            self.files = only_theirs(table, old)
            expired = [snapshot.snapshot_id for snapshot in old]
            ExpireSnapshots(transaction).by_ids(expired).commit()

    def finish(self, s3: Any) -> list[str]:
        """Remove the files, which no reader can reach any more.

        Returns:
            A warning where some could not be removed: they cost their place, and nothing else.
        """
        what = f"{self.table}: removing files that only old snapshots of this raw table needed"
        places = sorted(map(split, self.files))
        for first in range(0, len(places), MOST_KEYS):
            # All lie in the table's own place, so in one bucket.
            part = places[first : first + MOST_KEYS]
            objects = {"Objects": [{"Key": key} for _, key in part], "Quiet": True}
            try:
                with plain_errors(what):
                    answer = s3.delete_objects(Bucket=part[0][0], Delete=objects)
            except LakeError as error:
                return [str(error)]
            if errors := answer.get("Errors"):
                return [f"{what} failed for {len(errors)}, e.g. {errors[0]}"]
        return []


def old_snapshots(table: Table, now: datetime) -> list[Snapshot]:
    """The snapshots that nobody reads any more, where there are enough to be worth it."""
    metadata = table.metadata
    named = {reference.snapshot_id for reference in metadata.refs.values()}
    before = (now - KEPT).timestamp() * 1000
    old = [
        snapshot
        for snapshot in metadata.snapshots
        if snapshot.timestamp_ms < before and snapshot.snapshot_id not in named
    ]
    return old if len(old) >= AT_ONCE else []


def only_theirs(table: Table, old: Sequence[Snapshot]) -> set[str]:
    """The files in the table's own place that no snapshot but the old ones needs: never what DMS wrote.

    Where each snapshot follows the one before it, what an old and a kept one need, the oldest kept
    one needs too. Where somebody set the table back, nothing is removed.
    """
    line = sorted(table.metadata.snapshots, key=lambda snapshot: snapshot.sequence_number or 0)
    gone = {snapshot.snapshot_id for snapshot in old}
    is_line = all(
        after.parent_snapshot_id in (None, before.snapshot_id) for before, after in pairwise(line)
    )
    if not is_line or gone != {snapshot.snapshot_id for snapshot in line[: len(old)]}:
        return set()
    oldest_kept = line[len(old)]
    needed = {manifest.manifest_path for manifest in oldest_kept.manifests(table.io)}
    found: set[str] = set()
    for snapshot in line[: len(old) + 1]:
        held = snapshot.manifests(table.io)
        if snapshot is not oldest_kept:
            found |= {snapshot.manifest_list, *(manifest.manifest_path for manifest in held)}
        for manifest in held:
            if manifest.added_snapshot_id == snapshot.snapshot_id and manifest.deleted_files_count:
                entries = manifest.fetch_manifest_entry(table.io, discard_deleted=False)
                found |= {
                    entry.data_file.file_path
                    for entry in entries
                    if entry.status == ManifestEntryStatus.DELETED
                }
    # A copy that was taken out may have come back under its name since.
    needed |= {item.file_path for item in Held().files(table, found.__contains__)}
    place = table.location().rstrip("/") + "/"
    return {path for path in found - needed if path.startswith(place)}
