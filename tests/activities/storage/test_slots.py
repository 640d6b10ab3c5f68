"""Slots are made ahead from the dated rule of the office, once, and not on days off."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, text

from activities.storage import rules, seats, slots
from activities.storage.rules import NoSuchRule
from activities.storage.slots import NoSuchOffice
from tests.activities.storage.places import an_office

OPENING = {
    "weekdays": [0, 1, 2, 3, 4],
    "hours": [["08:00", "12:00"], ["13:00", "15:00"]],
    "slot_minutes": 60,
    "seats": {"regular": 4, "priority": 1},
    "horizon_days": 30,
}


def today() -> date:
    """The office's, as it is when it is asked for: a run may go past midnight."""
    return datetime.now(UTC).astimezone(timezone(timedelta(hours=8))).date()


def opened(conn: Connection, since: date | None = None, **changes: object) -> str:
    """An office with an opening rule."""
    office = an_office(conn)
    rules.enact(conn, "opening", since or today(), {**OPENING, **changes}, "head", office)
    return office


def made(conn: Connection, what: str) -> list[object]:
    return list(conn.execute(text(f"SELECT DISTINCT {what} FROM paspor.slot ORDER BY 1")).scalars())


def workday(after: date | None = None) -> date:
    """The next weekday that is no holiday in the calendar's years, seen by itself."""
    day = (after or today()) + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def test_every_day_all_day(conn: Connection) -> None:
    office = opened(conn, every_day=True, hours=[["00:00", "24:00"]], slot_minutes=15)
    assert slots.open_days(conn, office, today() + timedelta(days=1)) == 2 * 96 * 2
    assert slots.open_days(conn, office, today() + timedelta(days=1)) == 0
    assert made(conn, "day") == [today(), today() + timedelta(days=1)]
    local = made(conn, "to_char(starts_at AT TIME ZONE 'Asia/Makassar', 'HH24:MI')")
    assert (local[0], local[-1]) == ("00:00", "23:45")


def test_hours_and_a_break(conn: Connection) -> None:
    office = opened(conn)
    conn.execute(text("DELETE FROM paspor.calendar_day"))
    slots.open_days(conn, office, today() + timedelta(days=13))
    local = made(conn, "to_char(starts_at AT TIME ZONE 'Asia/Makassar', 'HH24:MI')")
    assert local == ["08:00", "09:00", "10:00", "11:00", "13:00", "14:00"]
    assert made(conn, "lane || seats") == ["priority1", "regular4"]
    assert len(made(conn, "day")) == 10


def test_days_off_and_closures_get_none(conn: Connection) -> None:
    office = opened(conn)
    conn.execute(text("DELETE FROM paspor.calendar_day"))
    holiday, closed = workday(), workday(workday())
    conn.execute(text("INSERT INTO paspor.calendar_day VALUES (:day, 'joint_leave', 'Nyepi')"), {"day": holiday})
    assert seats.close_day(conn, office, closed, "flood", "supervisor")
    assert not seats.close_day(conn, office, closed, "again", "supervisor")
    slots.open_days(conn, office, today() + timedelta(days=13))
    days = made(conn, "day")
    assert len(days) == 8
    assert not {holiday, closed} & set(days)


def test_the_rule_of_each_day_applies_on_it(conn: Connection) -> None:
    office, change = opened(conn, every_day=True), today() + timedelta(days=3)
    rules.enact(conn, "opening", change, {**OPENING, "every_day": True, "seats": {"regular": 9}}, "head", office)
    slots.open_days(conn, office, today() + timedelta(days=4))
    many = "SELECT min(day) FROM paspor.slot WHERE seats = 9"
    assert conn.execute(text(many)).scalar() == change
    assert conn.execute(text("SELECT max(day) FROM paspor.slot WHERE seats = 4")).scalar() == change - timedelta(days=1)


def test_not_beyond_the_horizon(conn: Connection) -> None:
    office = opened(conn, every_day=True, horizon_days=2)
    slots.open_days(conn, office, today() + timedelta(days=100))
    assert made(conn, "day")[-1] == today() + timedelta(days=2)


def test_an_office_without_the_rule_or_unknown(conn: Connection) -> None:
    with pytest.raises(NoSuchRule):
        slots.open_days(conn, an_office(conn), today())
    with pytest.raises(NoSuchOffice):
        slots.open_days(conn, "nowhere", today())


@pytest.mark.parametrize("slot_id", ["", "s", "S1", "sg", "1", "s-1", "s" + "f" * 16, "s1 "])
def test_ids_that_are_none(slot_id: str) -> None:
    assert slots.slot_number(slot_id) is None


def test_public_ids_are_the_schemas(conn: Connection) -> None:
    for slot in (1, 255, 2**40):
        assert slots.slot_number(slots.public_id(slot)) == slot
        assert conn.execute(text("SELECT paspor.public_slot(:slot)"), {"slot": slot}).scalar() == slots.public_id(slot)
