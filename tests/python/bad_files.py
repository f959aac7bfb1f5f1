"""Files that are not as DMS writes them, and what is said of each: test_mistakes.py lays every one, docs/errors.md lists them."""

from __future__ import annotations

import gzip
import json
from typing import Any

from mistakes import CSV, ID_AND_NAME, PARQUET, Columns, Files, Mistake, column

CHANGE = "20240102-000000001"
LATER = "20240103-000000001"
LINES = "I,1,one\nI,2,two\n"
DEAD = "The table is as it was before this run."
SEQUENCE = "20240102000000000000000000000000001"
MOVED_RECORD = json.dumps(
    {
        "data": {"id": 2, "name": "two"},
        "before-image": {"id": 1.0},
        "metadata": {"record-type": "data", "operation": "update", "table-name": "orders"}
        | {"timestamp": "2024-01-02T00:00:00Z"},
    }
)


def csv(
    what: str, says: str, files: Files, columns: Columns | None = None, **fields: Any
) -> Mistake:
    """Files of a table whose envelope is CSV."""
    return Mistake(what, says, {**CSV, **fields}, columns or ID_AND_NAME, files)


def change(
    what: str, says: str, content: str | bytes, columns: Columns | None = None, **fields: Any
) -> Mistake:
    """One change file of a table whose envelope is CSV."""
    return csv(what, says, {f"{CHANGE}.csv": content}, columns, **fields)


def parquet(
    what: str,
    says: str,
    content: bytes | list[dict[str, Any]],
    columns: Columns | None = None,
    **fields: Any,
) -> Mistake:
    """One change file of a table whose envelope is Parquet."""
    files: Files = {f"{CHANGE}.parquet": content}
    return Mistake(what, says, {**PARQUET, **fields}, columns or ID_AND_NAME, files)


CHANGE_FILE = "{folder}/" + CHANGE
NOT_WHOLE = (
    f"`{CHANGE_FILE}.parquet` is not a whole Parquet file: cut short, still being written, or of"
    f" another kind. Deliver it again, or correct `envelope`. {DEAD}"
)
NOT_UTF_8 = (
    f"`{CHANGE_FILE}.csv` is not UTF-8. Set `encoding` (latin-1, utf-16), or `compression: gzip` if"
    f" the file is gzip without the name. {DEAD}"
)

ENDS_IN_A_QUOTE = (
    f"`{CHANGE_FILE}.csv` ends inside a quoted value: it is cut short, or a quote in it is not doubled."
    " Deliver it again; if it is whole, set the endpoint's Rfc4180 to true and load the table again."
)

# The run of the table fails; nothing is written, and its files stay unread.
REFUSED = [
    csv(
        "a `root` without any file",
        "`root` `/no/such/lake` holds no file at all. Check `root` and the var `lake_root`",
        {},
        root="/no/such/lake",
    ),
    csv(
        "a file of a foreign name",
        "`{folder}/orders.csv` is not named as DMS names files of the envelope `s3_csv`",
        {"orders.csv": LINES},
    ),
    csv(
        "Parquet files under `envelope: s3_csv`",
        "is not named as DMS names files of the envelope `s3_csv` (LOAD00000001 or"
        " 20240102-030405123, then .csv or .csv.gz). Move it out of the table's folder, or correct",
        {f"{CHANGE}.parquet": [{"Op": "I", "id": 1, "name": "one"}]},
    ),
    csv(
        "transaction files (PreserveTransactions)",
        "`{folder}/CDC_TXN-20240102000000001.csv` is a transaction file (PreserveTransactions,"
        " CdcPath), which is not read yet. Switch PreserveTransactions off for this endpoint.",
        {"CDC_TXN-20240102000000001.csv": "I,orders,shop,1,one\n"},
    ),
    csv(
        "a new full load among files whose times disagree with their names",
        "but 1 change file(s) were last modified more than a day from the time in their name, so"
        " old changes cannot be told from new ones. Restore the files' times",
        {
            f"{CHANGE}.csv": (LINES, "2024-01-02 00:00:00"),
            "20230101-000000001.csv": (LINES, "2024-01-02 00:00:00"),
            "LOAD00000001.csv": ("1,one\n", "2024-01-03 00:00:00"),
        },
    ),
    csv(
        "gzip cut short",
        f"`{CHANGE_FILE}.csv.gz` is cut short. Deliver it again. {DEAD}",
        {f"{CHANGE}.csv.gz": gzip.compress(LINES.encode())[:-9]},
    ),
    csv(
        "plain text under the name of gzip",
        f"`{CHANGE_FILE}.csv.gz` is not gzip, although its name or `compression: gzip` says so."
        f" Set `compression: none` or deliver it again. {DEAD}",
        {f"{CHANGE}.csv.gz": LINES},
    ),
    change("gzip under the name of plain text", NOT_UTF_8, gzip.compress(LINES.encode())),
    change("Latin-1 that is not declared", NOT_UTF_8, "I,1,café\n".encode("latin-1")),
    change("UTF-16 that is not declared", NOT_UTF_8, "I,1,café\n".encode("utf-16")),
    change(
        "UTF-8 under `encoding: utf-16`",
        f"a file is not UTF-16, as `encoding: utf-16` says. Correct `encoding`. {DEAD}",
        "I,1,cafés\n",
        encoding="utf-16",
    ),
    change(
        "CRLF record ends (CsvRowDelimiter)",
        f"the records of `{CHANGE_FILE}.csv` do not end in a newline alone (CRLF?), or it is no CSV"
        f" file. Set the endpoint's CsvRowDelimiter to a newline and load the table again. {DEAD}",
        LINES.replace("\n", "\r\n"),
    ),
    change(
        "a quote that is not doubled (Rfc4180=false)",
        f"a value of `{CHANGE_FILE}.csv` has a quote that is not doubled, as Rfc4180=false leaves it."
        f" Set the endpoint's Rfc4180 to true and load the table again. {DEAD}",
        'I,1,"5" pipe\n',
    ),
    change("a file cut short inside a quoted value", ENDS_IN_A_QUOTE, 'I,1,one\nI,2,"tw'),
    change("a quote that never closes", ENDS_IN_A_QUOTE, 'I,1,"one\nI,2,two\n'),
    csv(
        "the same where the quoted value stands first in its record",
        ENDS_IN_A_QUOTE.replace(CHANGE, "LOAD00000001"),
        {"LOAD00000001.csv": '"a, b",1\n"c'},
        [column("name", "varchar"), column("id", "bigint")],
    ),
    change(
        "more than 40 fields beyond every layout",
        f"a record of `{CHANGE_FILE}.csv` has far more fields than any declared layout. Check"
        f" `delimiter`, and that the endpoint's Rfc4180 is true. {DEAD}",
        "I,1" + ",x" * 60 + "\n",
    ),
    change(
        "`header: true`, but the files have none",
        f"the first line of `{CHANGE_FILE}.csv` lacks the name of a key column (id). If its files"
        " have no header line, set `header: false`; otherwise correct the names in the registry.",
        LINES,
        header=True,
    ),
    change(
        "a column that the registry lacks, under `undeclared_columns: fail`",
        f"hold columns that the registry lacks: `size` (TEXT, first in {CHANGE_FILE}.csv)."
        " Declare them under `columns` with a `data_type`",
        "Op,id,name,size\nI,1,one,L\n",
        header=True,
        undeclared_columns="fail",
    ),
    change(
        "a `timestamp_column` that no header line names",
        f"`timestamp_column` is `dms_ts`, but no change file holds that column, e.g. `{CHANGE_FILE}.csv`:"
        " id, name, Op, ts. Correct it; or leave it out if DMS writes no such column.",
        "Op,ts,id,name\nI,2024-01-02 00:00:00.000000,1,one\n",
        header=True,
        timestamp_column="dms_ts",
    ),
    parquet(
        "the same in Parquet",
        f"`timestamp_column` is `dms_ts`, but no change file holds that column, e.g."
        f" `{CHANGE_FILE}.parquet`: id, name, Op, ts. Correct it; or leave it out if DMS writes no such column.",
        [{"Op": "I", "ts": "2024-01-02 00:00:00.000000", "id": 1, "name": "one"}],
        timestamp_column="dms_ts",
    ),
    parquet(
        "a `change_seq_column` that no Parquet file holds",
        f"`change_seq_column` is `seq`, but no change file holds that column, e.g."
        f" `{CHANGE_FILE}.parquet`: change_seq, id, name, Op. Correct it; or leave it out if DMS writes no such column.",
        [{"Op": "I", "id": 1, "name": "one", "change_seq": SEQUENCE}],
        change_seq_column="seq",
    ),
    parquet("a CSV file named .parquet", NOT_WHOLE, LINES.encode()),
    parquet("Parquet cut short", NOT_WHOLE, b"PAR1" + bytes(200)),
    parquet("an empty file named .parquet", NOT_WHOLE, b""),
    parquet(
        "Parquet text that is no number",
        f"column `id` is declared as bigint, but `{CHANGE_FILE}.parquet` holds it as VARCHAR with"
        " a text that is none, or would be rounded or cut. Declare the column varchar, and cast it in"
        " a model.",
        [{"Op": "I", "id": "x", "name": "one"}],
    ),
    parquet(
        "a Parquet number that is too large",
        f"column `id` of `{CHANGE_FILE}.parquet` is BIGINT and holds a value that its declared type"
        f" (INTEGER) does not. Declare a type that holds it. {DEAD}",
        [{"Op": "I", "id": 2**40}],
        [column("id", "integer")],
    ),
    parquet(
        "Parquet decimals under a whole number",
        f"column `id` is declared as bigint, but `{CHANGE_FILE}.parquet` holds it as DOUBLE, so"
        " values would be rounded or cut. Declare a type that holds them.",
        [{"Op": "I", "id": 1.5, "name": "one"}],
    ),
    parquet(
        "Parquet numbers under `boolean`",
        f"column `id` is declared as boolean, but `{CHANGE_FILE}.parquet` holds it as BIGINT, so"
        " values would be rounded or cut. Declare a type that holds them.",
        [{"Op": "I", "id": 2}],
        [column("id", "boolean")],
    ),
    parquet(
        "Parquet bytes under `varchar`, with no mark that they are text",
        f"column `name` is declared as varchar, but `{CHANGE_FILE}.parquet` holds it as BLOB with"
        " bytes that would be shown as \\x and digits: it is not marked as text (UTF8). Write it as"
        " text, or declare the column binary.",
        [{"Op": "I", "id": 1, "name": "é".encode()}],
    ),
]

# The row goes to rejected with this reason and its raw text; the rest of its file is applied.
REJECTED = [
    change(
        "too many fields",
        "wrong column count: 4 fields, the registry allows 3 in a change file",
        "I,1,one,more\n",
    ),
    change(
        "too few fields, or an Op-less change file (CdcInsertsOnly, CdcInsertsAndUpdates)",
        "wrong column count: 2 fields, the registry allows 3 in a change file",
        "1,one\n",
    ),
    csv(
        "Op in the load, but `op_in_load: false`",
        "wrong column count: 3 fields, the registry allows 2 in a load file",
        {"LOAD00000001.csv": "I,1,one\n"},
    ),
    change(
        "fields that do not match the header",
        "wrong column count: 2 fields under a header of 3",
        "Op,id,name\nI,1\n",
        header=True,
    ),
    change(
        "a record end other than a newline",
        "wrong column count: 5 fields, the registry allows 3 in a change file",
        "I,1,one|I,2,two|",
    ),
    change(
        "`header: false`, but the files have one",
        "a header line, but the registry says `header: false`",
        "Op,id,name\nI,1,one\n",
    ),
    change("an Op that is not I, U or D", "unknown operation: X", "X,1,one\n"),
    csv(
        "an Op that is not I in a load file",
        "unknown operation in a load file: U",
        {"LOAD00000001.csv": "U,1,one\n"},
        op_in_load=True,
    ),
    parquet(
        "a Parquet change file without Op",
        "no operation (Op) in a change file",
        [{"id": 1, "name": "one"}],
    ),
    change("a key that is null", "null key: id", "I,NULL,one\n"),
    change("a key that does not fit its type", "null key: id", "I,one,one\n"),
    parquet("a Parquet file without the key", "null key: id", [{"Op": "I", "name": "one"}]),
    change(
        "a key's before-image that does not fit its type",
        "unparsable before-image of id: 1.0",
        "U,2,two,1.0\n",
        before_image_prefix="BI_",
    ),
    change(
        "the same in a table with masks, where nothing is quoted",
        "unparsable before-image of id",
        "U,2,two,1.0\n",
        [column("id", "bigint"), column("name", "varchar", mask="null")],
        before_image_prefix="BI_",
    ),
    Mistake(
        "the same in a record",
        "unparsable before-image of id: 1.0",
        {"envelope": "dms_json", "key": ["id"], "source_table": "orders"},
        ID_AND_NAME,
        {"2024/01/02/00/s-1-2024-01-02-00-00-00-a.json": MOVED_RECORD},
    ),
    change(
        "an update or delete of a table without a key",
        "update or delete of a table without a key",
        "D,1,one\n",
        key=[],
    ),
    change(
        "a commit time that is none",
        "unparsable commit time: yesterday",
        "I,yesterday,1,one\n",
        timestamp_column="ts",
    ),
    change(
        "a change sequence of a wrong length",
        "change sequence is not 35 digits: 123",
        "I,1,one,123\n",
        change_seq_column="seq",
    ),
    change(
        "a change sequence with a letter",
        f"change sequence is not 35 digits: {SEQUENCE[:-1]}x",
        f"I,1,one,{SEQUENCE[:-1]}x\n",
        change_seq_column="seq",
    ),
]
