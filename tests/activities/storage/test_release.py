"""Seats come when the rule of their day says so: all at once, by shares, or by no clock at all; and never twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from activities.storage import reads, release_rules, releasing, rules, slots, upkeep
from activities.storage.release_rules import Stage
from tests.activities.storage.places import an_office
from tests.activities.storage.working import OPENING, today, working
from workflows.case.facts import Lane

WITA = timezone(timedelta(hours=8))
NOW = datetime(2027, 1, 1, tzinfo=UTC)
WEEKLY = {"kind": "weekly", "weekday": 4, "time": "14:00", "utc_offset": 7}
MONTHLY = {"kind": "monthly", "time": "09:00", "utc_offset": 7}
STAGED: dict[str, Any] = {
    "kind": "staged",
    "time": "08:00",
    "stages": [
        {"months_before": 1, "percent": 60},
        {"months_before": 3, "percent": 10},
        {"months_before": 2, "percent": 30},
    ],
    "take_back": True,
}


def of(rule: dict[str, Any], day: date, *holidays: date) -> list[tuple[str, int]]:
    """The releases of a day, in the office's own time."""
    found = release_rules.stages(rule, day, WITA, NOW, set(holidays).__contains__)
    return [(one.at.astimezone(WITA).isoformat()[:16] if one.at else "", one.share) for one in found]


def seen(conn: Connection, office: str, ahead: int, lane: Lane = Lane.REGULAR) -> reads.Day:
    day = today() + timedelta(days=ahead)
    found = reads.availability(conn, office, lane, day, day)
    assert found is not None
    return found.days[0]


def come(conn: Connection, stage: int = 1) -> None:
    """The time of a stage has come, of all days."""
    due = "UPDATE paspor.seat_release SET at = clock_timestamp() - interval '1 s' WHERE stage = :stage"
    conn.execute(text(due), {"stage": stage})


def test_when_a_week_or_a_month_is_released() -> None:
    for day in (date(2027, 6, 14), date(2027, 6, 19), date(2027, 6, 20)):
        assert of(WEEKLY, day) == [("2027-06-11T15:00", 100)]  # Friday 14:00 WIB is 15:00 in Bali
    assert of(MONTHLY, date(2027, 6, 1)) == of(MONTHLY, date(2027, 6, 30)) == [("2027-05-31T10:00", 100)]
    # 31 January is a Sunday in 2027; 29 January, a Friday, is a holiday in this test.
    assert of(MONTHLY, date(2027, 2, 15), date(2027, 1, 29)) == [("2027-01-28T10:00", 100)]


def test_when_shares_are_released() -> None:
    assert of(STAGED, date(2027, 6, 14)) == [
        ("2027-03-14T08:00", 10),
        ("2027-04-14T08:00", 30),
        ("2027-05-14T08:00", 60),
    ]
    assert of(STAGED, date(2027, 5, 31))[1:] == [("2027-03-31T08:00", 30), ("2027-04-30T08:00", 60)]
    assert of(STAGED, date(2027, 1, 15))[0] == ("2026-10-15T08:00", 10)


def test_a_draw_has_no_clock_and_rolling_no_wait() -> None:
    assert of({"kind": "draw"}, date(2027, 6, 14)) == [("", 100)]
    assert release_rules.stages({"kind": "rolling"}, date(2027, 6, 14), WITA, NOW, bool) == (Stage(NOW, 100),)


def test_a_rule_of_no_known_kind_cannot_be_entered(conn: Connection) -> None:
    with pytest.raises(IntegrityError, match="release_known"):
        rules.enact(conn, "release", today(), {"kind": "whenever"}, "head")


def test_a_month_comes_at_once_when_its_time_has_come(conn: Connection) -> None:
    office = working(conn, release={**MONTHLY, "take_back": True})
    ahead = ((today().replace(day=1) + timedelta(days=31)).replace(day=1) - today()).days + 3
    before = seen(conn, office, ahead)
    assert (before.seats, before.left, before.slots, before.closed_reason) == (0, 0, (), None)
    last = today() + timedelta(days=ahead)
    off = set(conn.execute(text("SELECT day FROM paspor.calendar_day")).scalars())
    (expected,) = of(MONTHLY, last, *off)
    assert before.opens_at is not None
    assert before.opens_at.isoformat()[:16] == expected[0]
    assert seen(conn, office, 0).seats == 0 or seen(conn, office, 0).opens_at is None
    come(conn)
    assert releasing.settle(conn, [office]) > 0
    assert releasing.settle(conn, [office]) == 0
    after = seen(conn, office, ahead)
    assert (after.seats, after.opens_at) == (240, None)


def test_shares_add_up_and_no_free_seat_moves(conn: Connection) -> None:
    office = working(conn, release=STAGED, horizon_days=30)
    # The third stage of a day nearer than a month is past when the day is made.
    assert (seen(conn, office, 5).seats, seen(conn, office, 5).opens_at) == (240, None)
    far = 92
    assert far <= release_rules.reach(STAGED) == 93
    conn.execute(
        text("UPDATE paspor.seat_release SET at = clock_timestamp() + stage * interval '1 day', done_at = NULL")
    )
    conn.execute(text("UPDATE paspor.slot SET seats = 0"))
    had: dict[datetime, int] = {}
    for stage, seats in ((1, 24), (2, 96), (3, 240)):
        assert seen(conn, office, far).opens_at is not None
        come(conn, stage)
        releasing.settle(conn, [office])
        found = seen(conn, office, far)
        assert found.seats == seats
        now = {slot.starts_at: slot.seats for slot in found.slots}
        assert all(now[start] >= many for start, many in had.items())
        assert max(now.values()) - min(now.values()) <= 1
        had = now
    assert seen(conn, office, far).opens_at is None


def test_days_beyond_what_is_made_say_when_they_open(conn: Connection) -> None:
    office = working(conn, release=WEEKLY)
    ahead = 40
    found, day = seen(conn, office, ahead), today() + timedelta(days=ahead)
    assert found.opens_at is not None
    assert (found.opens_at.isoformat()[:16], found.closed_reason) == (of(WEEKLY, day)[0][0], None)


def test_the_clock_releases_nothing_of_a_day_that_is_drawn(conn: Connection) -> None:
    office = working(conn, release={"kind": "draw"})
    releasing.settle(conn, [office])
    found = seen(conn, office, 3)
    assert (found.seats, found.opens_at, found.closed_reason) == (0, None, None)
    planned = "SELECT sum(planned) FROM paspor.slot WHERE lane = 'regular' AND day = :day"
    day = {"day": today() + timedelta(days=3)}
    assert conn.execute(text(planned), day).scalar() == 240
    # What the draw then releases stays, and the plan follows the means.
    conn.execute(text("UPDATE paspor.slot SET seats = 3, kept = 2 WHERE lane = 'regular'"))
    halved = {**rules.value(conn, "capacity", office, today())}
    halved["staffed"] = {**halved["staffed"], "booths": 2}
    rules.enact(conn, "capacity", today() + timedelta(days=1), halved, "head", office)
    releasing.settle(conn, [office])
    assert seen(conn, office, 3).seats == 24
    assert conn.execute(text(planned), day).scalar() == 120


def test_a_later_rule_does_not_take_back_what_is_announced(conn: Connection) -> None:
    office = working(conn)
    rules.enact(conn, "release", today() + timedelta(days=1), {**MONTHLY, "take_back": True}, "head", office)
    slots.open_days(conn, office, today() + timedelta(days=366))
    assert seen(conn, office, 5).seats == 240


def test_seats_that_are_not_of_the_plan_are_left_alone(conn: Connection) -> None:
    office = working(conn)
    conn.execute(text("DELETE FROM paspor.seat_release WHERE day = :day"), {"day": today() + timedelta(days=2)})
    conn.execute(text("UPDATE paspor.slot SET seats = 99 WHERE day = :day"), {"day": today() + timedelta(days=2)})
    releasing.settle(conn, [office])
    assert seen(conn, office, 2).seats == 99 * 8


def test_several_processes_release_once_while_people_book(engine: Engine) -> None:
    with engine.begin() as conn:
        office = working(conn, release={**WEEKLY, "take_back": True})
        conn.execute(text("UPDATE paspor.seat_release SET at = clock_timestamp() + interval '1 day', done_at = NULL"))
        conn.execute(text("UPDATE paspor.slot SET seats = 0"))
        come(conn)
    start = threading.Barrier(6)

    def releases(_: int) -> int:
        start.wait()
        with engine.begin() as conn:
            return upkeep.seats_by_plan(conn)

    def books(_: int) -> int:
        start.wait()
        won = 0
        for _ in range(40):
            with engine.begin() as conn:
                taking = text("UPDATE paspor.slot SET taken = taken + 1 WHERE lane = 'regular' AND id IN ("
                              "SELECT id FROM paspor.slot WHERE taken + kept < seats ORDER BY id LIMIT 3 "
                              "FOR NO KEY UPDATE) AND taken + kept < seats")  # fmt: skip
                won += conn.execute(taking).rowcount
        return won

    with ThreadPoolExecutor(6) as pool:
        released = pool.map(releases, range(4))
        booked = pool.map(books, range(2))
        changed, won = sum(released), sum(booked)
    with engine.connect() as conn:
        whole = "SELECT count(*), sum(seats), sum(taken) FROM paspor.slot"
        count, seats, taken = conn.execute(text(whole)).one()
        assert changed == count  # each slot once
        assert taken == won
        per_day = "SELECT DISTINCT sum(seats) FROM paspor.slot GROUP BY day"
        assert list(conn.execute(text(per_day)).scalars()) == [320]
        done = "SELECT count(*) FILTER (WHERE done_at IS NULL), count(*) FROM paspor.seat_release"
        assert conn.execute(text(done)).one()[0] == 0
        assert seats == 320 * count / 16
    with engine.begin() as conn:
        assert releasing.settle(conn, [office]) == 0


def test_an_office_without_rules_of_its_own_is_measured_too(engine: Engine) -> None:
    with engine.begin() as conn:
        an_office(conn, "aan")
        office = an_office(conn)
        rules.enact(conn, "opening", today(), {**OPENING, "seats": {"regular": 1}}, "head", office)
        assert upkeep.slots_ahead(conn) > 0
    with engine.begin() as conn:
        assert seen(conn, office, 1).seats == 8
