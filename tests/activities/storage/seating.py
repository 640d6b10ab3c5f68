"""Slots for tests of seats, and what is counted after them."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, Engine, text

from activities.storage import seats, slots
from activities.storage.taking import Taken
from tests.activities.storage.cases import a_case
from workflows.case.facts import Appointment

NOON = datetime(2027, 6, 14, 4, tzinfo=UTC)  # a Monday, 12:00 WITA
DAY = date(2027, 6, 14)
EARLY = date(2027, 6, 1)


def a_slot(conn: Connection, seats: int, days: int = 0, lane: str = "regular", starts_at: datetime = NOON) -> str:
    """A slot of half an hour; its public id."""
    start = starts_at + timedelta(days=days)
    slot = conn.execute(
        text("INSERT INTO paspor.slot (office, lane, day, starts_at, ends_at, seats) "
             "VALUES ('sanur', :lane, :day, :start, :end, :seats) RETURNING id"),
        {"lane": lane, "day": start.date(), "start": start, "end": start + timedelta(minutes=30), "seats": seats},
    ).scalar_one()  # fmt: skip
    return seats_id(slot)


def seats_id(slot: int) -> str:
    return seats.public_id(slot)


def people(conn: Connection, count: int) -> list[str]:
    """The numbers of that many bookable cases, each of another person."""
    return [a_case(conn, f"{10**15 + place}", bookable=True) for place in range(count)]


def one(engine: Engine, question: str) -> object:
    with engine.connect() as conn:
        return conn.execute(text(question)).scalar()


def place(taken: Taken) -> Appointment:
    assert taken.code == "ok"
    assert taken.appointment is not None
    return taken.appointment


def counted(engine: Engine) -> bool:
    """Whether every slot's counter is the number of its bookings."""
    with engine.connect() as conn:
        return slots.miscounted(conn) == ()
