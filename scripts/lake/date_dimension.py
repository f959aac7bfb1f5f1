"""The date dimension: one row per day, with the columns that S6's reports group by."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from fiscalyear import FiscalDate, fiscal_calendar

from lake.errors import UsageError

COLUMNS = (
    "d_datekey",
    "d_dayofmonth",
    "d_monthnum",
    "d_dayofweek",
    "d_prettydate",
    "d_quarter",
    "d_half",
    "d_year",
    "d_season",
    "d_fiscalyear",
)


class Hemisphere(StrEnum):
    """Where the seasons are told: what is summer in one is winter in the other."""

    north = "north"
    south = "south"


# By quarter of a year that begins in December: the seasons of meteorology are whole months.
SEASONS = {
    Hemisphere.north: ("Winter", "Spring", "Summer", "Autumn"),
    Hemisphere.south: ("Summer", "Autumn", "Winter", "Spring"),
}


@dataclass(frozen=True)
class Calendar:
    """What a date dimension covers, and how it names years and seasons.

    Args:
        first: The first day.
        last: The last day, included.
        fiscal_month: The first month of the fiscal year, 1 to 12; a fiscal year is named for the
            calendar year in which it ends.
        hemisphere: Whose seasons.
    """

    first: dt.date
    last: dt.date
    fiscal_month: int = 1
    hemisphere: Hemisphere = Hemisphere.north

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise UsageError(
                f"the last day, {self.last}, is before the first, {self.first}: turn them round"
            )
        if not 1 <= self.fiscal_month <= 12:
            raise UsageError(
                f"the fiscal year cannot begin in month {self.fiscal_month}: give 1 to 12"
            )
        if not 1900 <= self.first.year <= self.last.year <= 9000:
            raise UsageError(f"{self.first} to {self.last}: give days of the years 1900 to 9000")


def rows(calendar: Calendar) -> Iterator[tuple[int | str, ...]]:
    """The rows in the order of days, each with the values of COLUMNS."""
    seasons = SEASONS[calendar.hemisphere]
    for number in range((calendar.last - calendar.first).days + 1):
        day = calendar.first + dt.timedelta(days=number)
        quarter = _fiscal(day, 1).fiscal_quarter
        yield (
            int(day.strftime("%Y%m%d")),
            day.day,
            day.month,
            DAYS[day.weekday()],
            day.isoformat(),
            quarter,
            1 if quarter <= 2 else 2,
            day.year,
            seasons[_fiscal(day, 12).fiscal_quarter - 1],
            _fiscal(day, calendar.fiscal_month).fiscal_year,
        )


# Not of `calendar.day_name`: that speaks the language of the machine.
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def as_csv(calendar: Calendar) -> str:
    """The seed: a header line and one line per day, the same text everywhere."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(calendar))
    return text.getvalue()


@dataclass(frozen=True)
class _Fiscal:
    fiscal_year: int
    fiscal_quarter: int


def _fiscal(day: dt.date, first_month: int) -> _Fiscal:
    """The day in a year that begins with a month, named for the calendar year in which it ends."""
    start_year = "same" if first_month == 1 else "previous"
    with fiscal_calendar(start_year=start_year, start_month=first_month, start_day=1):
        fiscal = FiscalDate(day.year, day.month, day.day)
        return _Fiscal(fiscal.fiscal_year, fiscal.fiscal_quarter)
