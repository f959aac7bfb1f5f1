"""Mistakes in a registry, and what is said of each: test_mistakes.py makes every one, docs/errors.md lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Columns = list[dict[str, Any]]
Files = Mapping[str, Any]

CSV = {"envelope": "s3_csv", "key": ["id"]}
PARQUET = {"envelope": "s3_parquet", "key": ["id"]}
ID_AND_NAME: Columns = [
    {"name": "id", "data_type": "bigint"},
    {"name": "name", "data_type": "varchar"},
]


def column(name: str, data_type: str | None, **fields: Any) -> dict[str, Any]:
    """A column of the registry, with fields of `config.meta.dms_lake` where there are any."""
    entry: dict[str, Any] = {"name": name}
    if data_type:
        entry["data_type"] = data_type
    if fields:
        entry["config"] = {"meta": {"dms_lake": fields}}
    return entry


@dataclass(frozen=True)
class Mistake:
    """One mistake in the registry or in the files of a table, and what is said of it.

    Args:
        what: the mistake, in the reader's words.
        says: what the message must contain; `{table}` is the table as `source.table`, `{folder}` its folder.
        fields: registry fields of the table.
        columns: its columns.
        files: what lies in its folder, by name: the content, or (content, last modified).
        identifier: the table's name at the source, where it differs.
    """

    what: str
    says: str
    fields: Mapping[str, Any] = field(default_factory=lambda: CSV)
    columns: Columns = field(default_factory=lambda: ID_AND_NAME)
    files: Files = field(default_factory=dict)
    identifier: str | None = None


def wrong(what: str, says: str, columns: Columns | None = None, **fields: Any) -> Mistake:
    """A mistake in the registry entry of a CSV table."""
    return Mistake(what, says, {**CSV, **fields}, ID_AND_NAME if columns is None else columns)


def missing(name: str) -> Mistake:
    """A field that every entry needs."""
    where = "the table's or the source's `config.meta.dms_lake`"
    return wrong(f"no `{name}`", f"`{name}` is missing. Give it in {where}.", **{name: None})


def not_the_kind(name: str, given: Any, wanted: str) -> Mistake:
    """A field whose value is not of its kind."""
    return wrong(f"`{name}: {given}`", f"`{name}` is `{given}`; {wanted}.", **{name: given})


def not_a_type(given: str | None) -> Mistake:
    """A column whose type is not one of ours."""
    return wrong(
        f"`data_type: {given}`" if given else "a column without `data_type`",
        f"column `name` has `data_type` `{given or '(none)'}`; allowed: bigint, integer, smallint,",
        [column("id", "bigint"), column("name", given)],
    )


def no_such_setting(field: str, given: Any, cure: str) -> Mistake:
    """A DMS setting that somebody wrote into the registry."""
    says = f"`{field}` is a setting of the DMS endpoint whose files are not read. {cure}."
    return wrong(f"`{field}: {given}`", says, **{field: given})


TEXT = "it must be a text in quotes"
NUMBER = "it must be a whole number from 1"
NAMES = "it must be a list of column names, e.g. [id]"
ID = column("id", "bigint")

MISTAKES = [
    missing("envelope"),
    missing("root"),
    missing("key"),
    not_the_kind(
        "envelope",
        "csv",
        "allowed: s3_csv, s3_parquet, dms_json, binlog_json, snapshot, append_csv, append_json",
    ),
    not_the_kind("file_format", "orc", "allowed: csv, parquet, json"),
    wrong(
        "a file format that the envelope does not come in",
        "`file_format` is `json`; the envelope `s3_csv` comes as: csv.",
        file_format="json",
    ),
    not_the_kind("root", 5, TEXT),
    not_the_kind("folder", ["a"], TEXT),
    not_the_kind("source_schema", 1, TEXT),
    not_the_kind("source_table", 1, TEXT),
    not_the_kind("key", "id", NAMES),
    not_the_kind("alternate_key", "name", NAMES),
    not_the_kind("timestamp_column", True, TEXT),
    not_the_kind("timestamp_position", "first", "allowed: after_op, before_op, last"),
    not_the_kind("change_seq_column", 35, TEXT),
    not_the_kind("before_image_prefix", "", TEXT),
    not_the_kind("op_in_load", "yes", "allowed: true, false"),
    not_the_kind("header", 1, "allowed: true, false"),
    not_the_kind("delimiter", 0, TEXT),
    not_the_kind("delimiter", "||", "it must be one character, and neither a quote nor a line end"),
    not_the_kind("delimiter", '"', "it must be one character, and neither a quote nor a line end"),
    not_the_kind("null_token", 0, TEXT),
    not_the_kind("unsupplied_token", "", TEXT),
    wrong(
        "an `unsupplied_token` where DMS writes none",
        "DMS writes a CsvNoSupValue into CSV files on S3 only, not with the envelope `dms_json`.",
        envelope="dms_json",
        unsupplied_token="~",
    ),
    wrong(
        "one text for null and for what was not logged",
        "`unsupplied_token` and `null_token` are both `NULL`, so a null could not be told from",
        unsupplied_token="NULL",
    ),
    not_the_kind("compression", "zip", "allowed: auto, gzip, none"),
    not_the_kind("encoding", "utf8", "allowed: utf-8, latin-1, utf-16"),
    not_the_kind("deletes", "soft", "allowed: apply, ignore"),
    not_the_kind("partition_by", "id", NAMES),
    not_the_kind("active", "no", "allowed: true, false"),
    not_the_kind("undeclared_columns", "ignore", "allowed: warn, fail"),
    not_the_kind("undecided_ties", "ignore", "allowed: warn, fail"),
    not_the_kind("history", "yes", "allowed: true, false"),
    not_the_kind("landing", "copy", "allowed: auto, rewrite, in_place"),
    not_the_kind("raw_retention_days", 0, NUMBER),
    not_the_kind("raw_retention_days", "30", NUMBER),
    wrong(
        "a field that does not exist",
        "unknown field `keys` (given: ['id']); allowed: envelope, file_format,",
        keys=["id"],
    ),
    no_such_setting(
        "rfc4180",
        False,
        "Leave Rfc4180 on: without it a delimiter or a line end inside a value cannot be told"
        " from a real one",
    ),
    no_such_setting("CsvRowDelimiter", "|", "Leave CsvRowDelimiter at a newline"),
    no_such_setting(
        "add_trailing_padding_character",
        True,
        "Switch AddTrailingPaddingCharacter off: padding cannot be told from the value",
    ),
    no_such_setting(
        "use_csv_no_sup_value",
        True,
        "Give the text of CsvNoSupValue as `unsupplied_token`",
    ),
    no_such_setting("csv_no_sup_value", "?", "Give its text as `unsupplied_token`"),
    no_such_setting(
        "preserve_transactions",
        True,
        "Switch PreserveTransactions off; AR_H_CHANGE_SEQ gives the order",
    ),
    no_such_setting(
        "cdc_path", "cdc", "Switch PreserveTransactions off, then CdcPath is not needed"
    ),
    no_such_setting(
        "cdc_inserts_only",
        True,
        "Switch CdcInsertsOnly off: updates and deletes would be missing",
    ),
    no_such_setting(
        "cdc_inserts_and_updates",
        True,
        "Switch CdcInsertsAndUpdates off: deletes would be missing",
    ),
    wrong(
        "a key that is no column",
        "`key` names `ID`, which is not among its columns: id, name.",
        key=["ID"],
    ),
    wrong(
        "`history` of a table without a key",
        "`history` is true and `key` is empty: without a key nothing says which rows are versions",
        key=[],
        history=True,
    ),
    wrong("a key column twice", "`key` names a column twice: id, id.", key=["id", "id"]),
    wrong(
        "a partition that is no column",
        "`partition_by` names `day`, which is not among its columns: id, name.",
        partition_by=["day"],
    ),
    wrong("no columns", "no `columns` are declared. List every column with `name` and", []),
    wrong(
        "two columns of one name",
        "two columns differ only in upper and lower case: id, ID. No engine can hold both;",
        [ID, column("ID", "bigint")],
    ),
    not_a_type(None),
    not_a_type("string"),
    not_a_type("decimal"),
    wrong(
        "a column named like ours",
        "column `_cdc_operation` begins with _cdc_ or _raw_, which dms_lake keeps for its own",
        [ID, column("_cdc_operation", "varchar")],
    ),
    wrong(
        "DMS's own `Op` among `columns`",
        "column `op` is DMS's own operation column. Leave it out of `columns`;",
        [ID, column("op", "varchar")],
        header=True,
    ),
    wrong(
        "the timestamp column among `columns`",
        "`timestamp_column` `dms_ts` is also declared under `columns`. Leave it out there:",
        [ID, column("dms_ts", "timestamp")],
        timestamp_column="dms_ts",
    ),
    wrong(
        "the change sequence among `columns`",
        "`change_seq_column` `SEQ` is also declared under `columns`. Leave it out there:",
        [ID, column("seq", "varchar")],
        change_seq_column="SEQ",
    ),
    wrong(
        "a mask that does not exist",
        "column `name` has the `mask` `sha`; allowed: drop, hash, last4, null,",
        [ID, column("name", "varchar", mask="sha")],
    ),
    wrong(
        "a hash of a number",
        "column `id` has the `mask` `hash`, which works on texts, and the `data_type` `bigint`.",
        [column("id", "bigint", mask="hash")],
    ),
    wrong(
        "a key that is dropped",
        "column `id` has the `mask` `drop` and is in the `key`. A key may only be masked by hash,",
        [column("id", "bigint", mask="drop")],
    ),
    wrong(
        "a partition that is dropped",
        "column `name` has the `mask` `drop` and is in `partition_by`, but no value of it is kept.",
        [ID, column("name", "varchar", mask="drop")],
        partition_by=["name"],
    ),
    wrong(
        "`keep_if` over a column that is not declared",
        "column `name`: the condition of `keep_if` names `country`, which is no declared column",
        [ID, column("name", "varchar", mask={"keep_if": "country = 'CH'"})],
    ),
    wrong(
        "`keep_if` with a query",
        "column `name`: the condition of `keep_if` names `select`, which is no declared column",
        [ID, column("name", "varchar", mask={"keep_if": "id in (select 1)"})],
    ),
    wrong(
        "`keep_if` without a condition",
        "column `name`: `keep_if` is `1 = 1; --`; it must be a condition over declared columns,",
        [ID, column("name", "varchar", mask={"keep_if": "1 = 1; --"})],
    ),
    wrong(
        "`keep_if` that closes too much",
        "column `name`: the condition of `keep_if` closes a bracket that it never opened: `id) or (",
        [ID, column("name", "varchar", mask={"keep_if": "id) or (id"})],
    ),
    wrong(
        "`keep_if` where updates leave columns out",
        "column `name` is masked by keep_if, and `unsupplied_token` says that updates leave columns"
        " out: the condition would be asked of what they name alone. Mask it by null, hash or drop,"
        " or have DMS supply every column and leave `unsupplied_token` out.",
        [ID, column("name", "varchar", mask={"keep_if": "id > 1"})],
        unsupplied_token="~",
    ),
    wrong(
        "one column for two purposes",
        "`timestamp_column` and `change_seq_column` are both `ts`. Each needs a column of its own.",
        timestamp_column="ts",
        change_seq_column="TS",
    ),
    wrong(
        "a column field that does not exist",
        "column `id` has the unknown field `pk` (given: True); allowed: added, dropped",
        [column("id", "bigint", pk=True)],
    ),
    wrong(
        "`added` that is no number",
        "column `name`: `added` is `2024-01-01`; it must be the number of the schema change,",
        [ID, column("name", "varchar", added="2024-01-01")],
    ),
    wrong(
        "`dropped` before `added`",
        "column `name` is dropped (1) before it is added (2). Give `dropped` the number of a later",
        [ID, column("name", "varchar", added=2, dropped=1)],
    ),
    wrong(
        "a key column that was added or dropped",
        "key column `id` has `added` or `dropped`, but a key is there in every file.",
        [column("id", "bigint", added=1), column("name", "varchar")],
    ),
    wrong(
        "two layouts of one length, no header",
        "`added` and `dropped` give two layouts of 2, 2 fields each, which headerless CSV cannot"
        " tell apart. Switch AddColumnName on and set `header: true`.",
        [ID, column("old", "varchar", dropped=1), column("new", "varchar", added=1)],
    ),
    Mistake(
        "a control table of DMS (`identifier: awsdms_status`)",
        "`awsdms_status` is a control table of DMS itself, not a table of the source.",
        identifier="awsdms_status",
    ),
]
