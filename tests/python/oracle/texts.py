"""A text of a CSV field as a Python value of a registry type."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

WHOLE = re.compile(r"[+-]?[0-9]+")
DECIMAL = re.compile(r"[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)")
NUMBER = re.compile(
    r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?|[+-]?(Infinity|infinity|inf)|NaN|nan"
)
DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
MOMENT = re.compile(
    DAY.pattern + r"[ T]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.]([0-9]{1,6})0*)?)?Z?"
)
BITS = {"bigint": 64, "integer": 32, "smallint": 16}
BOOLEANS = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}


def value_of(text: str, data_type: str) -> Any:
    """The value, or None where the text is not one of the type; never a rounded or cut value."""
    if data_type == "varchar":
        return text
    if data_type in BITS:
        return _whole(text, BITS[data_type])
    if data_type.startswith("decimal"):
        return _decimal(text, data_type)
    if data_type in ("double", "real"):
        return float(text) if NUMBER.fullmatch(text) else None
    if data_type == "boolean":
        return BOOLEANS.get(text.lower())
    if data_type == "date":
        found = DAY.fullmatch(text)
        return _day(found) if found else None
    if data_type == "timestamp":
        return moment_of(text)
    raise ValueError(f"The oracle knows no data_type {data_type!r}.")


def moment_of(text: str) -> datetime | None:
    """A timestamp without zone, or None."""
    found = MOMENT.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, fraction = found.groups()
    try:
        return datetime(
            int(year), int(month), int(day), int(hour), int(minute),
            int(second or 0), int((fraction or "").ljust(6, "0")),
        )  # fmt: skip
    except ValueError:
        return None


def _whole(text: str, bits: int) -> int | None:
    if not WHOLE.fullmatch(text):
        return None
    number = int(text)
    return number if -(2 ** (bits - 1)) <= number < 2 ** (bits - 1) else None


def _decimal(text: str, data_type: str) -> Decimal | None:
    precision, scale = (int(part) for part in data_type[len("decimal(") : -1].split(","))
    if not DECIMAL.fullmatch(text):
        return None
    number = Decimal(text)
    scaled = number.scaleb(scale)
    if scaled != scaled.to_integral_value() or abs(scaled) >= 10**precision:
        return None
    return number.quantize(Decimal(1).scaleb(-scale))


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
