"""A CSV column's type from texts seen in it: never one that a value not yet seen could plausibly break."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

# So few values say nothing about the next one.
ENOUGH = 10
WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.([0-9]+)")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(DAY.pattern + r"[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?")


def guessed_type(values: Sequence[str | None], enough: int = ENOUGH) -> tuple[str, str]:
    """The registry's type, and a note where it is a text for want of knowledge.

    A whole number is always a bigint; a decimal has 38 digits and needs one scale in all values, for
    DMS writes every digit of it. Numbers with leading zeros, and more digits than a bigint has, are texts.

    Args:
        values: the column's texts; None stands for null.
        enough: how many values that are not null a guess needs.
    """
    texts = [value for value in values if value is not None]
    if len(texts) < enough:
        return "varchar", f"only {len(texts)} value(s) seen, of the {enough} that a guess needs"
    if all(map(WHOLE.fullmatch, texts)):
        return "bigint", ""
    scales = {len(found[1]) if (found := DECIMAL.fullmatch(text)) else None for text in texts}
    if None not in scales:
        scale = scales.pop() or 0
        if scales or scale > 18 or max(map(len, texts)) > 36:
            return "varchar", "decimals of several scales: declare decimal(p,s) or double by hand"
        return f"decimal(38,{scale})", f"its precision is not known; every value has scale {scale}"
    if all(text in ("true", "false") for text in texts):
        return "boolean", ""
    if all(DAY.fullmatch(text) and _is_moment(text) for text in texts):
        return "date", ""
    if all(MOMENT.fullmatch(text) and _is_moment(text) for text in texts):
        return "timestamp", ""
    return "varchar", ""


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
