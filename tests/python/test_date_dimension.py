"""The calendar that `lake date-dimension` writes: against another calendar, and against the seed that is shipped."""

import datetime as dt
from pathlib import Path

import duckdb
import pytest
import yaml
from typer.testing import CliRunner

from lake import cli
from lake.date_dimension import COLUMNS, Calendar, Hemisphere, as_csv, rows
from lake.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "seeds" / "date_dimension.csv"


def year(**options: object) -> list[dict[str, object]]:
    """The days of 2024."""
    calendar = Calendar(dt.date(2024, 1, 1), dt.date(2024, 12, 31), **options)  # type: ignore[arg-type]
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows(calendar)]


def by_month(days: list[dict[str, object]], column: str) -> list[object]:
    """The one value of each month."""
    values = [{day[column] for day in days if day["d_monthnum"] == month} for month in range(1, 13)]
    assert all(len(found) == 1 for found in values)
    return [found.pop() for found in values]


def test_the_shipped_seed_is_what_the_command_writes(tmp_path: Path) -> None:
    out = tmp_path / "new" / "dates.csv"
    result = CliRunner().invoke(cli.app, ["date-dimension", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "7305 days, 2015-01-01 to 2034-12-31" in result.output
    assert out.read_bytes() == SEED.read_bytes()


def test_every_column_agrees_with_duckdbs_calendar() -> None:
    differences = f"""
        select * from read_csv('{SEED}', header = true) as dates
        where d_datekey != strftime(d_prettydate, '%Y%m%d')::int
            or d_dayofmonth != day(d_prettydate)
            or d_monthnum != month(d_prettydate)
            or d_dayofweek != dayname(d_prettydate)
            or d_quarter != quarter(d_prettydate)
            or d_half != ceil(month(d_prettydate) / 6)
            or d_year != year(d_prettydate)
            or d_fiscalyear != year(d_prettydate)
            or d_season != ['Winter', 'Spring', 'Summer', 'Autumn'][month(d_prettydate) % 12 // 3 + 1]
            or columns(*) is null
    """
    assert not duckdb.execute(differences).fetchall()
    counted = "select count(*), count(distinct d_prettydate), max(d_prettydate) - min(d_prettydate)"
    assert duckdb.execute(f"{counted} from read_csv('{SEED}')").fetchall() == [(7305, 7305, 7304)]


def test_a_fiscal_year_is_named_for_the_year_in_which_it_ends() -> None:
    assert by_month(year(fiscal_month=1), "d_fiscalyear") == [2024] * 12
    assert by_month(year(fiscal_month=7), "d_fiscalyear") == [2024] * 6 + [2025] * 6
    assert by_month(year(fiscal_month=12), "d_fiscalyear") == [2024] * 11 + [2025]


def test_the_south_has_the_other_seasons() -> None:
    north, south = (by_month(year(hemisphere=each), "d_season") for each in Hemisphere)
    assert north == ["Winter"] * 2 + ["Spring"] * 3 + ["Summer"] * 3 + ["Autumn"] * 3 + ["Winter"]
    assert south == ["Summer"] * 2 + ["Autumn"] * 3 + ["Winter"] * 3 + ["Spring"] * 3 + ["Summer"]


def test_options_reach_the_file(tmp_path: Path) -> None:
    out = tmp_path / "dates.csv"
    options = ["--from", "2024-02-28", "--to", "2024-03-01", "--fiscal-month", "3"]
    arguments = ["date-dimension", *options, "--hemisphere", "south", "--out", str(out)]
    assert CliRunner().invoke(cli.app, arguments).exit_code == 0
    assert out.read_text().splitlines() == [
        ",".join(COLUMNS),
        "20240228,28,2,Wednesday,2024-02-28,1,1,2024,Summer,2024",
        "20240229,29,2,Thursday,2024-02-29,1,1,2024,Summer,2024",
        "20240301,1,3,Friday,2024-03-01,1,1,2024,Autumn,2025",
    ]


@pytest.mark.parametrize(
    ("first", "last", "month", "says"),
    [
        (dt.date(2024, 2, 1), dt.date(2024, 1, 1), 1, "2024-01-01, is before the first, 2024-02"),
        (dt.date(2024, 1, 1), dt.date(2024, 1, 1), 13, "cannot begin in month 13: give 1 to 12"),
        (dt.date(1800, 1, 1), dt.date(2024, 1, 1), 1, "give days of the years 1900 to 9000"),
    ],
)
def test_what_is_no_calendar_is_refused(
    first: dt.date, last: dt.date, month: int, says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        as_csv(Calendar(first, last, month))


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out, why in ((tmp_path, "Is a directory"), (tmp_path / "file" / "d.csv", "File exists")):
        error = CliRunner().invoke(cli.app, ["date-dimension", "--out", str(out)]).exception
        assert isinstance(error, UsageError), error
        assert str(error) == f"--out: {out} cannot be written: {why}"


def test_seed_and_model_are_typed_alike() -> None:
    seed = yaml.safe_load((ROOT / "seeds/_seeds.yml").read_text())["seeds"][0]
    models = yaml.safe_load((ROOT / "models/marts/_marts__models.yml").read_text())["models"]
    model = next(model for model in models if model["name"] == "dim_date")
    types = {column["name"]: column["data_type"] for column in model["columns"]}
    assert types == seed["config"]["column_types"]
    assert tuple(types) == COLUMNS
    assert all(column["constraints"][0]["type"] == "not_null" for column in model["columns"])
