"""docs/errors.md, written from the mistakes that the tests make: `python tests/python/errors_page.py`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import bad_files
import mistakes
from mistakes import Mistake

PAGE = Path(__file__).resolve().parents[2] / "docs" / "errors.md"

TEXT = """# Mistakes and their messages

Every line below is made on purpose by [test_mistakes.py](../tests/python/test_mistakes.py), which expects the message; the
page is written from the same lists. `…` stands for the rest of a message.

A message names the table, then the field or the file, what came, and the cure:

```text
dms_lake.registry entry `shop.orders`: `envelope` is `csv`; allowed: s3_csv, s3_parquet.
```

## In the registry

A compile error; no file is read. A message begins with `` dms_lake.registry entry `source.table`: ``.

{registry}

## In the files: the run of the table fails

Nothing of that table is written, its files stay unread, and the other tables go on. Put the file right (a new version of a
file is read again by itself), run `dbt build` again, and the answer is right. Where the engine noticed and not we, its own
text comes first, and at the end of the run a warning that begins with `dms_lake.<model>:` says this:

{refused}

A file that may not be read by the user that runs dbt, a file that goes away or is replaced while a run reads it, and a full
disk say so in the same way (test_faults.py tries each).

A table may have no files, as DMS writes none for an empty one. Where none was ever found, but files lie in a folder that differs
in letter case alone (`orders` registered, `ORDERS` there), a run on DuckDB warns: it names both, and the `folder` to set.

## In the rows: the row is rejected, the rest is applied

The row goes to the table's `rej_` model with its file, its raw text and this reason in `_cdc_reject_reason`. A text that does
not fit the type of a column that is no key is not a reason: the row is kept, the column is null, and `_cdc_issues` holds
the column's name and its text.

{rejected}

## What no file can show

These settings leave files that look right, so no reader can tell; look at the endpoint's settings instead. Written into the
registry they are refused (above).

| setting | what it does |
|---|---|
| `CdcInsertsOnly`, `CdcInsertsAndUpdates` with `IncludeOpForFullLoad` | deletes (and updates) are never written: rows live on |
| `UseCsvNoSupValue` without `unsupplied_token` | the stand-in is taken for a text; other columns name it in `_cdc_issues` |
| `AddTrailingPaddingCharacter` | the padding is taken for part of the value |
| `Rfc4180: false` | a value that stands in quotes loses them (other quotes, delimiters and line ends are noticed, above) |
| `CsvRowDelimiter` other than a newline | a file of one single record: its last field keeps the delimiter |
| `PreserveTransactions` with a `CdcPath` outside the tables' folders | the changes lie where no table looks |
| an `encoding: latin-1` that is not true | every file is valid Latin-1: wrong letters |
"""


def cell(text: str) -> str:
    """A text as it may stand in a table of Markdown."""
    return text.replace("|", "\\|").replace("\n", " ")


def rows(found: Iterable[Mistake]) -> str:
    """A table of mistakes and messages."""
    lines = ["| mistake | message |", "|---|---|"]
    for mistake in found:
        message = mistake.says.format(folder="…/orders")
        lines.append(
            f"| {cell(mistake.what)} | {cell(message)}{'' if message[-1] == '.' else ' …'} |"
        )
    return "\n".join(lines)


def reasons(found: Iterable[Mistake]) -> str:
    """A table of mistakes and reject reasons."""
    lines = ["| mistake | reason |", "|---|---|"]
    lines += [f"| {cell(mistake.what)} | {cell(mistake.says)} |" for mistake in found]
    return "\n".join(lines)


def page() -> str:
    """The whole page."""
    return TEXT.format(
        registry=rows(mistakes.MISTAKES),
        refused=rows(bad_files.REFUSED),
        rejected=reasons(bad_files.REJECTED),
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
