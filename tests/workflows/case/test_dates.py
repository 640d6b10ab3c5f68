"""Ages and calendar months at the ends of months and in leap years."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from workflows.case.dates import add_months, age_on, end_of_day

WITA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2009, 3, 2), date(2026, 3, 1), 16),
        (date(2009, 3, 2), date(2026, 3, 2), 17),
        (date(2009, 3, 2), date(2026, 12, 31), 17),
        (date(2009, 12, 31), date(2026, 1, 1), 16),
        (date(2008, 2, 29), date(2025, 2, 28), 16),
        (date(2008, 2, 29), date(2025, 3, 1), 17),
        (date(2008, 2, 29), date(2028, 2, 28), 19),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(1899, 12, 31), date(2000, 1, 1), 100),
        (date(2026, 3, 2), date(2026, 3, 2), 0),
    ],
    ids=[
        "day_before", "on_the_day", "end_of_that_year", "new_year", "leap_day_birth_28_february",
        "leap_day_birth_1_march", "leap_day_birth_28_february_of_leap_year", "leap_day_birth_leap_day",
        "across_centuries", "newborn",
    ],
)  # fmt: skip
def test_age(born: date, on: date, age: int) -> None:
    assert age_on(born, on) == age


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 1, 29), 1, date(2028, 2, 29)),
        (date(2100, 1, 29), 1, date(2100, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 2, 28), 1, date(2026, 3, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 60, date(2033, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
    ],
    ids=[
        "middle", "31_january", "31_january_of_leap_year", "29_january_of_leap_year", "century_is_no_leap_year",
        "31_march", "28_february", "november_to_december", "31_december", "31_december_two_months", "half_a_year",
        "half_a_year_to_leap_year", "leap_day_five_years", "leap_day_four_years", "none", "back", "back_over_new_year",
    ],
)  # fmt: skip
def test_months(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (date(2026, 3, 2), datetime(2026, 3, 2, 16, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2026, 12, 31, 16, tzinfo=UTC)),
        (date(2028, 2, 28), datetime(2028, 2, 28, 16, tzinfo=UTC)),
    ],
    ids=["any", "new_years_eve", "before_leap_day"],
)
def test_a_day_ends_at_midnight_there(day: date, ends: datetime) -> None:
    assert end_of_day(day, WITA) == ends
    assert end_of_day(day, WITA).astimezone(WITA).date() == day + timedelta(days=1)
