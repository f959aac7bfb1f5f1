"""Names and folders of files, as DMS gives them."""

from __future__ import annotations

from datetime import datetime, timedelta

from lake.simulate.events import LoadTimes
from lake.simulate.shape import Shape

_PARTS = {
    "YYYYMMDD": ("%Y", "%m", "%d"),
    "YYYYMMDDHH": ("%Y", "%m", "%d", "%H"),
    "YYYYMM": ("%Y", "%m"),
    "MMYYYYDD": ("%m", "%Y", "%d"),
    "DDMMYYYY": ("%d", "%m", "%Y"),
}
_JOINS = {"SLASH": "/", "UNDERSCORE": "_", "DASH": "-", "NONE": ""}


def load_path(shape: Shape, segment: int, number: int, times: LoadTimes | None = None) -> str:
    """A load file below its table's folder; its counter is upper-case hexadecimal, per segment.

    `segment` counts from 0, `number` from 1.
    """
    if shape.envelope == "binlog_json":
        return f"dump.part_{number:05}.csv"
    if shape.is_record:
        return _delivered(shape, (times or LoadTimes()).ends + timedelta(seconds=number))
    folder = f"segment{segment + 1}/" if shape.load_segments else ""
    return f"{folder}LOAD{number:08X}{shape.suffix}"


def change_path(shape: Shape, stamp: datetime) -> str:
    """A change file below its table's folder: date folders, if any, and a stamp in milliseconds."""
    if shape.envelope == "binlog_json":
        return f"events-{stamp:%Y%m%d-%H%M%S}{stamp.microsecond // 1_000:03}{shape.suffix}"
    if shape.is_record:
        return _delivered(shape, stamp)
    folder = ""
    if shape.date_folders:
        sequence, delimiter = shape.date_folders
        folder = stamp.strftime(_JOINS[delimiter].join(_PARTS[sequence])) + "/"
    return f"{folder}{stamp:%Y%m%d-%H%M%S}{stamp.microsecond // 1_000:03}{shape.suffix}"


def _delivered(shape: Shape, moment: datetime) -> str:
    """A file of Firehose: its time to the second, and a tail that says nothing."""
    tail = f"{int(moment.timestamp() * 1_000) % 2**32:08x}-0000-4000-8000-000000000000"
    return f"{moment:%Y/%m/%d/%H}/stream-1-{moment:%Y-%m-%d-%H-%M-%S}-{tail}{shape.suffix}"
