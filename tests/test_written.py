from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.readers.written import day_first_in, read_date
from checker.records import Precision


@pytest.mark.parametrize(
    "written",
    [
        "2019-11-17",
        "2019/11/17",
        "20191117",
        "17 November 2019",
        "17th of November, 2019",
        "Nov 17, 2019",
        "Sunday, 17 Nov. 2019",
        "17-Nov-2019",
        "17.11.2019",
        "17/11/2019",
        "11/17/2019",
        "2019-11-17 00:00:00",
        "2019-11-17T10:30:00Z",
        "2019-11-17T10:30:00.123+02:00",
        "17.11.2019, 10:30",
        "November 17, 2019 at 10:30 pm",
        " 17\u00a0November 2019 ",
        "17 ноября 2019 г.",
        "17 листопада 2019",
        "17 лістапада 2019",
        "17. November 2019",
        "17 novembre 2019",
        "17 de noviembre de 2019",
        "17 listopada 2019",
    ],
)
def test_a_day_is_read_in_every_usual_form(written: str) -> None:
    """Figures, month names of several languages and timestamps give one day, without a doubt."""
    when, doubt = read_date(written)
    assert ("2019-11-17", "") == (str(when), doubt)


@pytest.mark.parametrize(
    ("written", "shown", "precision"),
    [
        ("2019", "2019", Precision.YEAR),
        ("2019-11", "2019-11", Precision.MONTH),
        ("11/2019", "2019-11", Precision.MONTH),
        ("November 2019", "2019-11", Precision.MONTH),
        ("Sept. 2019", "2019-09", Precision.MONTH),
        ("Q3 2023", "2023-07-01 to 2023-09-30", Precision.PERIOD),
        ("2019-2020", "2019-01-01 to 2020-12-31", Precision.PERIOD),
        ("2024-02-12/2024-02-18", "2024-02-12 to 2024-02-18", Precision.PERIOD),
        ("May 2019 to 3 June 2019", "2019-05-01 to 2019-06-03", Precision.PERIOD),
        ("since 1994", "1994-01-01 to …", Precision.PERIOD),
        ("until 31.12.2020", "… to 2020-12-31", Precision.PERIOD),
    ],
)
def test_precision_is_kept(written: str, shown: str, precision: Precision) -> None:
    """A year stays a year, a month a month; no day is invented."""
    when, doubt = read_date(written)
    assert when is not None
    assert (shown, precision, "") == (str(when), when.precision, doubt)


def test_an_ambiguous_day_keeps_the_year_and_is_reported() -> None:
    """03/04/2020 is never settled in silence."""
    when, doubt = read_date("03/04/2020")
    assert "2020" == str(when)
    assert "03/04 or 04/03" in doubt


@pytest.mark.parametrize(("day_first", "shown"), [(True, "2020-04-03"), (False, "2020-03-04")])
def test_the_user_may_settle_the_order(day_first: bool, shown: str) -> None:
    """With the order given, the date is read and nothing is doubtful."""
    when, doubt = read_date("03/04/2020", day_first=day_first)
    assert (shown, "") == (str(when), doubt)


def test_a_year_of_two_figures_is_reported() -> None:
    """The century is an assumption, so it is said."""
    when, doubt = read_date("17/11/19")
    assert "2019-11-17" == str(when)
    assert "two figures" in doubt


@pytest.mark.parametrize(
    "written",
    ["soon", "43786", "2020-13-01", "31/02/2020", "12 March", "10:30", "0000", "x" * 100_000, "May", "?",
     "1/2/3/4",
     "2020-01-02-03", "in the 1990s", "March on 2019 people", "since", "to", "3/4/2020 to 5/6/2020"],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_kept_unknown(written: str) -> None:
    """No date is made up from words and figures that are none."""
    when, doubt = read_date(written)
    assert when is None
    assert doubt


def test_an_empty_cell_is_no_problem() -> None:
    """A date that was not given is simply unknown."""
    assert (None, "") == read_date("  ")


@pytest.mark.parametrize(
    ("values", "first"),
    [
        (["03/04/2020", "17/04/2020"], True),
        (["03/04/2020", "04/17/2020"], False),
        (["03/04/2020"], None),
        (["17/04/2020", "04/17/2020"], None),
        (["2020", "", "17.04.2020"], None),
        (["13/04/2020 10:30"], True),
    ],
)
def test_a_column_decides_its_order(values: list[str], first: bool | None) -> None:
    """A figure above twelve settles the column; contradicting ones settle nothing."""
    assert first == day_first_in(values)


@given(st.text(max_size=80))
def test_any_text_is_a_date_or_a_doubt(text: str) -> None:
    """No input raises; an unread one always has a reason."""
    when, doubt = read_date(text)
    assert when or doubt or not text.strip()


@given(st.dates(date(1000, 1, 1), date(2200, 12, 31)))
def test_every_iso_day_is_read_back(day: date) -> None:
    """ISO dates of twelve centuries come back as they were."""
    assert str(day) == str(read_date(str(day))[0])
