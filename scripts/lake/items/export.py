"""Export a model's rows as DynamoDB import files: check the keys, write, and say what was written last of all."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lake.errors import LakeError, UsageError
from lake.items.json_text import FLOATS, INTEGERS, item_line
from lake.items.source import ROWS, Source
from lake.items.write import BATCH_ROWS, Written, write_lines
from lake.sql import literal, quoted

# DynamoDB takes no larger item, and no more files of one import.
ITEM_BYTES = 409_600
IMPORT_FILES = 50_000


@dataclass(frozen=True)
class Export:
    """A whole export: where its files lie, what the keys are, and how much there is.

    Attributes:
        place: The folder or s3:// prefix that holds the files and nothing else.
        key: Name and DynamoDB type (S, N, B) of the partition key, and of the sort key where there is one.
    """

    model: str
    place: str
    key: dict[str, str]
    items: int
    files: int
    text_bytes: int
    file_bytes: int
    seconds: float


def key_types(columns: dict[str, Any], key: Sequence[str], spread: Sequence[str]) -> dict[str, str]:
    """The DynamoDB type of each key column.

    Raises:
        UsageError: a column does not exist, or no key can be of its type.
    """
    if not 1 <= len(key) <= 2:
        raise UsageError(
            f"--key: {len(key)} columns were given; DynamoDB has a partition key and at most one sort key. "
            "To use more, make one column of them in the model"
        )
    if missing := [name for name in (*key, *spread) if name not in columns]:
        raise UsageError(f"the model has no column {missing[0]}; it has: {', '.join(columns)}")
    types = {}
    for name in key:
        kind = columns[name].id
        if kind in ("boolean", "list", "array", "map", "struct") or name in spread:
            raise UsageError(
                f"--key {name}: a key is a text, a number or bytes, not {columns[name]}"
            )
        is_number = kind in INTEGERS or kind in FLOATS or kind == "decimal"
        types[name] = "N" if is_number else "B" if kind == "blob" else "S"
    return types


def check_rows(source: Source, types: dict[str, str], spread: Sequence[str]) -> None:
    """Refuse rows that would be lost or refused on the way in, before anything is written.

    Raises:
        LakeError: a key is null or empty, stands twice, or a spread map has an entry named like a column.
    """
    keys = ", ".join(quoted(name) for name in types)
    empty = " or ".join(
        f"{quoted(name)} is null" + (f" or {quoted(name)} = ''" if kind != "N" else "")
        for name, kind in types.items()
    )
    others = [name for name in source.columns if name not in spread]
    names = "[" + ", ".join(literal(name) for name in others) + "]"
    clashes = [f"list_has_any(map_keys({quoted(name)})::varchar[], {names})" for name in spread]
    counts = ", ".join(f"count(*) filter ({condition})" for condition in (empty, *clashes))
    keyless, *clashing = source.query(f"select {counts} from {ROWS}").fetchall()[0]
    if keyless:
        raise LakeError(
            f"{keyless:,} row(s) have no {' or '.join(types)}: an item needs its whole key"
        )
    for name, count in zip(spread, clashing, strict=True):
        if count:
            raise LakeError(
                f"{count:,} row(s) have an entry in {name} that is named like a column; leave out --spread {name}, "
                "or rename the column in the model"
            )
    twice = f"select {keys} from {ROWS} group by {keys} having count(*) > 1 limit 1"
    if found := source.query(twice).fetchall():
        raise LakeError(
            f"the key ({', '.join(types)}) stands in more than one row, e.g. {found[0]}: only one of them would be "
            "left in DynamoDB. Name a key that is unique, or group the rows in the model"
        )


def export(
    source: Source, model: str, key: Sequence[str], spread: Sequence[str], to: Place, max_bytes: int
) -> Export:
    """Write all rows; the export counts once its manifest is there.

    Raises:
        UsageError: the columns do not fit.
        LakeError: the rows do not, or writing failed; there is no manifest then.
    """
    import duckdb

    started = dt.datetime.now(dt.UTC)
    types = key_types(source.columns, key, spread)
    line = item_line(source.columns, spread)
    check_rows(source, types, spread)
    try:
        with to.writing() as folder:
            reader = source.query(f"select {line} as line from {ROWS}").to_arrow_reader(BATCH_ROWS)
            written = write_lines(reader, folder, max_bytes, to.deliver)
    except duckdb.Error as error:
        raise LakeError(f"{model}: {error}") from error
    _check_written(model, written)
    seconds = (dt.datetime.now(dt.UTC) - started).total_seconds()
    done = Export(
        model,
        to.data,
        types,
        written.items,
        written.files,
        written.text_bytes,
        written.file_bytes,
        seconds,
    )
    to.put("manifest.json", json.dumps(asdict(done)))
    return done


def _check_written(model: str, written: Written) -> None:
    if written.longest > 2 * ITEM_BYTES:
        raise LakeError(
            f"{model}: an item is {written.longest:,} bytes long as JSON; DynamoDB takes {ITEM_BYTES:,}. "
            "Leave columns out, or split the rows in the model"
        )
    if written.files > IMPORT_FILES:
        raise LakeError(
            f"{written.files:,} files; an import takes {IMPORT_FILES:,}. Give a larger --file-mb"
        )


class Place:
    """A folder or an s3:// prefix; every export has a subfolder of its own, named by the moment when it began.

    Args:
        root: The folder or prefix.
        s3: Makes an S3 client; called for a prefix only.
    """

    def __init__(self, root: str, s3: Any = None) -> None:
        self.is_s3 = root.startswith("s3://")
        now = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%fZ")
        self.root = root.rstrip("/")
        self.own = f"{self.root}/{now}"
        self.data = f"{self.own}/data"
        self.s3: Any = s3() if self.is_s3 and s3 else None

    @contextlib.contextmanager
    def writing(self) -> Iterator[Path]:
        """A folder to write files in; on the way to S3 one that is gone afterwards."""
        if self.is_s3:
            with tempfile.TemporaryDirectory(prefix="dms_lake_items_") as name:
                yield Path(name)
            return
        try:
            Path(self.data).mkdir(parents=True)
        except OSError as error:
            raise UsageError(f"{self.data} cannot be made: {error.strerror}") from error
        yield Path(self.data)

    def deliver(self, path: Path) -> None:
        """Bring a file that is whole to S3, and make room for the next one."""
        if self.is_s3:
            from lake.land.aws import plain_errors, split

            bucket, key = split(f"{self.data}/{path.name}")
            with plain_errors(f"writing s3://{bucket}/{key}"):
                self.s3.upload_file(str(path), bucket, key)
            path.unlink()

    def put(self, name: str, text: str) -> None:
        """Write a small text beside the files, never among them: an import reads all that lies there."""
        if not self.is_s3:
            Path(self.own, name).write_text(text, encoding="utf-8")
            return
        from lake.land.aws import plain_errors, split

        bucket, key = split(f"{self.own}/{name}")
        with plain_errors(f"writing s3://{bucket}/{key}"):
            self.s3.put_object(Bucket=bucket, Key=key, Body=text.encode())
