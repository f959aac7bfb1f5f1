"""The oracle must see a broken order, a broken guard and a broken ledger: each is broken on purpose once."""

from __future__ import annotations

from pathlib import Path

import pytest

from oracle.batch import Batch, Log, logs_of, spec_of

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
        "where held._cdc_operation is null",
        "where true or held._cdc_operation is null",
    ),
    "ledger: files that arrive late are never read": (
        "files/_unread_files.sql",
        "    and reads.file is null\n",
        "    and files.stamp > coalesce((select max(file) from {{ dms_lake._ledger('reads') }} as seen"
        " where seen.source_table = files.source_table and seen.model = {{ dms_lake._literal(model.unique_id) }}), '')\n",
    ),
    "tombstones: deleted keys are forgotten": (
        "write/_update_on_duckdb.sql",
        "select *{{ ' exclude (_cdc_undecided)' if match }} from dms_lake_batch",
        "select *{{ ' exclude (_cdc_undecided)' if match }} from dms_lake_batch{{ ' where not _cdc_is_deleted' if match }}",
    ),
}


def telling_logs() -> list[Log]:
    """Logs in which an order fact matters: half repeat whole files and have a sequence, half have none."""
    drawn = [(log, spec_of(log)) for log in logs_of(7, 400)]
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


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault).replace(" ", "-"))
def test_the_oracle_catches(tmp_path: Path, fault: str) -> None:
    batch = Batch(tmp_path, telling_logs(), cuts=2)
    batch.lakehouse.break_macro(*FAULTS[fault])
    found: list[str] = []
    for cut in range(2):
        batch.deliver(cut)
        batch.lakehouse.build()
        found += batch.differences()
    assert found
