"""Check-in windows at their exact edges, by the office's own midnight (WITA, UTC+8)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.workflows.case.examples import ATTENDANCE, rule
from workflows.case.attendance import arrival, no_show_at, rank_from
from workflows.case.facts import Appointment, Lane
from workflows.case.judgement import Objection
from workflows.case.rules import Rule, RuleName

WITA = timezone(timedelta(hours=8))
ALL_DAY = rule(RuleName.ATTENDANCE, office="latihan", early_minutes=24 * 60, late_minutes=15)


def wita(day: int, hour: int, minute: int = 0, second: int = 0, microsecond: int = 0) -> datetime:
    """A moment of March 2026 on Denpasar's clock, as the engine has it."""
    return datetime(2026, 3, day, hour, minute, second, microsecond, tzinfo=WITA).astimezone(UTC)


def seat(starts_at: datetime) -> Appointment:
    """A seat at Denpasar."""
    return Appointment(
        booking="b-1", slot_id="s-1", office="denpasar", lane=Lane.REGULAR,
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30), utc_offset=8,
    )  # fmt: skip


NINE, DAWN, FIRST, LAST = wita(2, 9), wita(2, 7, 30), wita(2, 0, 10), wita(2, 23, 50)


@pytest.mark.parametrize(
    ("starts_at", "at", "state"),
    [
        (NINE, NINE, "waiting"),
        (NINE, wita(2, 8, 15), "waiting"),
        (NINE, wita(2, 8, 14, 59, 999_999), "too_early"),
        (NINE, wita(2, 9, 15), "waiting"),
        (NINE, wita(2, 9, 15, 0, 1), "late"),
        (NINE, wita(2, 0), "too_early"),
        (NINE, wita(1, 23, 59, 59, 999_999), "wrong_day"),
        (NINE, wita(2, 23, 59, 59, 999_999), "late"),
        (NINE, wita(3, 0), "wrong_day"),
        (NINE, wita(9, 9), "wrong_day"),
        # 07:30 in Denpasar is the day before by UTC, and so is everything from midnight to 08:00
        (DAWN, wita(2, 1), "too_early"),
        (DAWN, wita(2, 10), "late"),
        (DAWN, wita(1, 10), "wrong_day"),
        # a window that begins before midnight, and one that ends after it
        (FIRST, wita(1, 23, 25), "waiting"),
        (FIRST, wita(1, 23, 24, 59), "wrong_day"),
        (LAST, wita(3, 0, 5), "waiting"),
        (LAST, wita(3, 0, 5, 1), "wrong_day"),
    ],
    ids=[
        "on_the_minute", "window_opens", "before_it_opens", "window_closes", "after_it_closes", "midnight_before",
        "the_day_before", "the_day_ends", "midnight_after", "a_week_later", "same_day_other_utc_day",
        "late_on_another_utc_day", "same_utc_day_other_day", "opens_before_midnight", "before_it_opens_before_midnight",
        "closes_after_midnight", "after_it_closes_after_midnight",
    ],
)  # fmt: skip
def test_arrival(starts_at: datetime, at: datetime, state: str) -> None:
    found = arrival(seat(starts_at), ATTENDANCE, at)
    if isinstance(found, Objection):
        assert found.code == state
        assert found.rule == "attendance@2022-01-27"
        assert "2026-03-02" in found.why
    else:
        assert found == state


@pytest.mark.parametrize(
    ("at", "attendance", "state"),
    [
        (wita(1, 9), ALL_DAY, "waiting"),
        (wita(1, 8, 59, 59), ALL_DAY, "wrong_day"),
        (wita(2, 8, 15), rule(RuleName.ATTENDANCE, early_minutes=0, late_minutes=0), "too_early"),
        (NINE, rule(RuleName.ATTENDANCE, early_minutes=0, late_minutes=0), "waiting"),
    ],
    ids=["a_day_ahead", "more_than_a_day_ahead", "no_window_before", "no_window_on_the_minute"],
)
def test_the_window_is_the_rules(at: datetime, attendance: Rule, state: str) -> None:
    found = arrival(seat(NINE), attendance, at)
    assert (found.code if isinstance(found, Objection) else found) == state


@pytest.mark.parametrize(
    ("state", "ranked"),
    [("waiting", NINE), ("too_early", NINE), ("late", wita(2, 10))],
    ids=["in_the_window", "early", "late"],
)
def test_rank(state: str, ranked: datetime) -> None:
    at = wita(2, 10) if state == "late" else wita(2, 8)
    assert rank_from(seat(NINE), state, at) == ranked


@pytest.mark.parametrize(
    ("starts_at", "over"),
    [
        (NINE, wita(3, 0)),
        (DAWN, wita(3, 0)),
        (FIRST, wita(3, 0)),
        (LAST, wita(3, 0)),
        (wita(31, 9), wita(31, 23) + timedelta(hours=1)),
    ],
    ids=["morning", "other_utc_day", "just_after_midnight", "just_before_midnight", "end_of_month"],
)
def test_a_no_show_is_one_when_its_day_is_over(starts_at: datetime, over: datetime) -> None:
    assert no_show_at(seat(starts_at)) == over
    assert no_show_at(seat(starts_at)).utcoffset() == timedelta(hours=8)


def test_the_clock_of_the_office() -> None:
    assert seat(DAWN).local(DAWN).isoformat() == "2026-03-02T07:30:00+08:00"
