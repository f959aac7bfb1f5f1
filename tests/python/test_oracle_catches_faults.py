"""The oracle must see a broken order, a broken guard and a broken ledger: each is broken on purpose once."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from oracle.batch import Batch, Log, comes_in_order, logs_of, spec_of

FAULTS = {
    "order: the change sequence is left out": (
        "ordering/order_parts.sql",
        """"coalesce(" ~ a ~ "_cdc_change_seq, '')",""",
        """"''",""",
    ),
    "order: rows of a file in any order": (
        "ordering/order_parts.sql",
        '''"coalesce(" ~ a ~ "_cdc_file_row_number, -1)"''',
        '''"-coalesce(" ~ a ~ "_cdc_file_row_number, -1)"''',
    ),
    "order: a load row may beat a change": (
        "ordering/order_parts.sql",
        '''"case when " ~ a ~ "_cdc_operation = 'load' then 0 else 1 end"''',
        '''"case when " ~ a ~ "_cdc_operation = 'load' then 1 else 0 end"''',
    ),
    "guard: a late change overwrites": (
        "reduce/_later_than_held.sql",
        "where standing._cdc_operation is null",
        "where true or standing._cdc_operation is null",
    ),
    "ledger: files that arrive late are never read": (
        "files/_unread_query.sql",
        "        and {{ \"(reads.file is null or files.status = 'readable')\" if is_by_day else 'reads.file is null' }}\n",
        "        and files.stamp > coalesce((select max(file) from {{ dms_lake._ledger('reads') }} as seen"
        " where seen.source_table = files.source_table and seen.model = {{ dms_lake._literal(model.unique_id) }}), '')\n",
    ),
    "tombstones: deleted keys are forgotten": (
        "write/_update_on_duckdb.sql",
        "if match }} from dms_lake_batch",
        "if match }} from dms_lake_batch{{ ' where not _cdc_is_deleted' if match }}",
    ),
    "batch: every change is taken as the only one of its key": (
        "reduce/_no_key_twice.sql",
        "{{- return(is_so) -}}",
        "{{- return(true) -}}",
    ),
}

HISTORY_FAULTS = {
    "late changes come last": (
        "history/_placed_in_time.sql",
        "' order by ' ~ (in_order",
        "' order by case when _is_new then 1 else 0 end nulls first, ' ~ (in_order",
    ),
    "equal neighbours stay apart": (
        "history/_intervals.sql",
        "_previous_state is null or _state != _previous_state as _is_start",
        "true as _is_start",
    ),
    "changes that changed nothing are forgotten": (
        "history/_remembered.sql",
        "where exists (select 1 from {{ whole }}",
        "where stored._cdc_version_number is not null and exists (select 1 from {{ whole }}",
    ),
    "late changes go on from the tail": (
        "history/_tails.sql",
        "not {{ dms_lake.is_later('incoming', 'tail') | indent(12) }}",
        "false",
    ),
    "living versions are not closed": (
        "history/_intervals.sql",
        "case when _is_version then _next_begins_at end as _cdc_valid_to",
        "case when _is_version and _cdc_is_deleted then _next_begins_at end as _cdc_valid_to",
    ),
    "a deletion closes nothing": (
        "history/_placed_in_time.sql",
        "case when _cdc_is_deleted then '' else",
        "case when false then '' else",
    ),
}


def telling_logs() -> list[Log]:
    """Logs in which an order fact matters: half repeat whole files and have a sequence, half have none."""
    drawn = [(log, spec_of(log)) for log in logs_of(7, 400) if not log.as_records]
    repeating = [
        log
        for log, spec in drawn
        if spec.shape.change_seq_column
        and spec.disorder.duplicate_files
        and not spec.shape.timestamp_column
        and spec.key_kind != "none"
        and spec.changes == 60
        and spec.shape.rows_per_file == 7
    ]
    plain = [log for log, spec in drawn if not spec.shape.change_seq_column]
    return repeating[:4] + plain[:6]


def late_logs() -> list[Log]:
    """Logs of many small files in disorder whose history is built: where they are cut apart, changes arrive late."""
    drawn = [
        (log, spec_of(log))
        for log in logs_of(8, 600)
        if log.seed % 3 == 0 and not comes_in_order(random.Random(log.seed))
    ]
    late = [
        log
        for log, spec in drawn
        if spec.key_kind != "none" and spec.changes == 60 and spec.shape.rows_per_file == 7
    ]
    return late[:4]


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault).replace(" ", "-"))
def test_the_oracle_catches(tmp_path: Path, fault: str) -> None:
    assert differences_with(tmp_path, telling_logs(), FAULTS[fault])


@pytest.mark.long
@pytest.mark.parametrize("fault", HISTORY_FAULTS, ids=lambda fault: str(fault).replace(" ", "-"))
def test_the_oracle_catches_a_broken_history(tmp_path: Path, fault: str) -> None:
    found = differences_with(tmp_path, late_logs(), HISTORY_FAULTS[fault])
    assert [line for line in found if "history: " in line]


def differences_with(home: Path, logs: list[Log], fault: tuple[str, str, str]) -> list[str]:
    """What the oracle finds after two builds with a fault in the macros."""
    batch = Batch(home, logs, cuts=2)
    batch.lakehouse.break_macro(*fault)
    found: list[str] = []
    for cut in range(2):
        batch.deliver(cut)
        batch.lakehouse.build("--exclude", "resource_type:test")
        found += batch.differences()
    return found
