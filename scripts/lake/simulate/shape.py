"""How the files of one table look: what the endpoint settings of AWS DMS change."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Literal

Envelope = Literal["s3_csv", "s3_parquet", "dms_json", "binlog_json"]
RecordLayout = Literal["lines", "joined", "pretty"]
TimestampPosition = Literal["after_op", "before_op", "last"]
TimestampUnit = Literal["us", "ms"]
Resolution = Literal["microsecond", "millisecond", "second"]
FolderSequence = Literal["YYYYMMDD", "YYYYMMDDHH", "YYYYMM", "MMYYYYDD", "DDMMYYYY"]
FolderDelimiter = Literal["SLASH", "UNDERSCORE", "DASH", "NONE"]

SEQUENCES: tuple[FolderSequence, ...] = ("YYYYMMDD", "YYYYMMDDHH", "YYYYMM", "MMYYYYDD", "DDMMYYYY")
DELIMITERS: tuple[FolderDelimiter, ...] = ("SLASH", "UNDERSCORE", "DASH", "NONE")
RESOLUTIONS: dict[Resolution, int] = {"microsecond": 1, "millisecond": 1_000, "second": 1_000_000}


@dataclass(frozen=True)
class Shape:
    """The file options of one table.

    `load_segments` is the number of folders of a parallel load, each with its own LOAD counter; 0
    puts the load files at the table root. `load_files` counts per segment. `rows_per_file` is the
    upper bound of rows in a change file. `resolution` is how exact the source's commit times are.
    `seq_empty_in_load` writes an empty text instead of NULL. `record_layout`, `null_columns` and
    `converted` (Firehose made Parquet of it) are of JSON records. `unsupplied_token` stands in
    updates for columns that the source's log did not carry (CSV only).
    """

    envelope: Envelope = "s3_parquet"
    header: bool = False
    op_in_load: bool = False
    timestamp_column: str | None = "dms_ts"
    timestamp_position: TimestampPosition = "after_op"
    change_seq_column: str | None = "ar_h_change_seq"
    before_image_prefix: str | None = "BI_"
    gzip: bool = False
    delimiter: str = ","
    null_token: str = "NULL"
    date_folders: tuple[FolderSequence, FolderDelimiter] | None = None
    load_segments: int = 0
    load_files: int = 1
    rows_per_file: int = 10_000
    timestamp_unit: TimestampUnit = "us"
    resolution: Resolution = "microsecond"
    key_only_deletes: bool = False
    seq_empty_in_load: bool = False
    record_layout: RecordLayout = "lines"
    null_columns: bool = True
    converted: bool = False
    unsupplied_token: str | None = None

    def __post_init__(self) -> None:
        """Refuse what DMS cannot write.

        Raises ValueError with the field, what was given and what is allowed.
        """
        if len(self.delimiter) != 1 or self.delimiter in '"\n\r':
            raise ValueError(
                f"delimiter is {self.delimiter!r}; it must be one character, no quote or break"
            )
        for name, least in (("load_files", 1), ("rows_per_file", 1), ("load_segments", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be at least {least}")
        if self.unsupplied_token is not None and not self.is_csv:
            raise ValueError(
                f"unsupplied_token is {self.unsupplied_token!r}; DMS writes one into CSV only"
            )

    @property
    def is_csv(self) -> bool:
        """Whether the files are text."""
        return self.envelope == "s3_csv"

    @property
    def is_record(self) -> bool:
        """Whether changes are records of JSON, or what was made of them."""
        return self.envelope in ("dms_json", "binlog_json")

    @property
    def file_format(self) -> str:
        """What a file of changes holds: csv, json or parquet."""
        if self.is_csv:
            return "csv"
        return "json" if self.is_record and not self.converted else "parquet"

    @property
    def suffix(self) -> str:
        """The end of every file name, dot included."""
        if self.is_record:
            return ".parquet" if self.converted else ".json.gz" if self.gzip else ".json"
        if not self.is_csv:
            return ".parquet"
        return ".csv.gz" if self.gzip else ".csv"


def random_shape(rng: random.Random) -> Shape:
    """A shape that DMS could be set to, drawn from `rng`; every option has a fair chance."""
    envelope: Envelope = rng.choice(("s3_csv", "s3_parquet"))
    return Shape(
        envelope=envelope,
        header=rng.random() < 0.4,
        op_in_load=rng.random() < 0.5,
        timestamp_column=rng.choice(("dms_ts", "cdc_timestamp", None)),
        timestamp_position=rng.choice(("after_op", "before_op", "last")),
        change_seq_column=rng.choice(("ar_h_change_seq", "transact_id", None)),
        before_image_prefix=rng.choice(("BI_", "old_", None)),
        gzip=rng.random() < 0.4,
        delimiter=rng.choice((",", ",", "|", ";", "\t")),
        null_token=rng.choice(("NULL", "NULL", "", "\\N", "<null>")),
        date_folders=(rng.choice(SEQUENCES), rng.choice(DELIMITERS))
        if rng.random() < 0.5
        else None,
        load_segments=rng.choice((0, 0, 2, 3)),
        load_files=rng.choice((1, 2, 11)),
        rows_per_file=rng.choice((7, 40, 400)),
        timestamp_unit=rng.choice(("us", "ms")),
        resolution=rng.choice(("microsecond", "millisecond", "second")),
        key_only_deletes=rng.random() < 0.4,
        seq_empty_in_load=rng.random() < 0.5,
    )


def with_partial_images(shape: Shape) -> Shape:
    """The same facts as CSV whose updates leave columns out."""
    return replace(shape, envelope="s3_csv", unsupplied_token="~not logged~")


def as_records(shape: Shape, rng: random.Random) -> Shape:
    """The same facts as records of JSON: what only files of DMS on S3 have is left out."""
    envelope: Envelope = rng.choice(("dms_json", "dms_json", "binlog_json"))
    return replace(
        shape,
        envelope=envelope,
        header=False,
        op_in_load=False,
        before_image_prefix="BI_",
        delimiter=",",
        null_token="NULL",
        date_folders=None,
        load_segments=0,
        load_files=min(shape.load_files, 2),
        timestamp_unit="us",
        seq_empty_in_load=False,
        record_layout=rng.choice(("lines", "lines", "joined", "pretty")),
        null_columns=rng.random() < 0.5,
        converted=envelope == "dms_json" and rng.random() < 0.3,
    )
