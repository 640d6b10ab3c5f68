"""A day with people, and what is asked after it was closed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, Engine, text

from activities.storage import rules, seats
from activities.storage.slots import slot_number
from tests.activities.storage.seating import a_slot, people

HALF = timedelta(minutes=30)
MORNING = datetime(2027, 6, 14, 0, tzinfo=UTC)  # a Monday, 08:00 WITA
# Alive in a far year: holds are given by hand, as the tests of a day need hundreds of them.
SIT = text("""
    INSERT INTO paspor.booking (slot_id, number, person_key, state, hold_until, key, created_at)
    SELECT :slot, number, person_key, :state, CASE WHEN :state = 'held' THEN clock_timestamp() + interval '1 hour' END,
           'seat-' || number, :at FROM paspor.application WHERE number = :number""")
SEATS = text("""
    SELECT b.number, b.slot_id, b.state, b.hold_until, b.moves, s.day, s.starts_at FROM paspor.booking b
      JOIN paspor.slot s ON s.id = b.slot_id WHERE b.state IN ('held', 'confirmed') ORDER BY b.number""")


def a_day(conn: Connection, times: int, seats_each: int, ahead: int = 0, lane: str = "regular") -> list[str]:
    """So many slots of half an hour in a row, some days after the Monday; their public ids."""
    start = MORNING + timedelta(days=ahead)
    return [a_slot(conn, seats_each, lane=lane, starts_at=start + HALF * place) for place in range(times)]


def sit(conn: Connection, number: str, slot: str, place: int, state: str = "confirmed") -> None:
    """A live seat; `place` is the order of booking."""
    at = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(seconds=place)
    conn.execute(SIT, {"slot": slot_number(slot), "number": number, "state": state, "at": at})
    conn.execute(text("UPDATE paspor.slot SET taken = taken + 1 WHERE id = :slot"), {"slot": slot_number(slot)})


def family_of(conn: Connection, numbers: Sequence[str]) -> None:
    """These were filed for in one act."""
    make = text("UPDATE paspor.application SET family = :family WHERE number = ANY (:numbers)")
    conn.execute(make, {"family": uuid4(), "numbers": list(numbers)})


def sitting(conn: Connection, slots: Sequence[str], count: int) -> list[str]:
    """So many paid people, one after the other into the slots by turns, in the order of their numbers."""
    numbers = people(conn, count)
    for place, number in enumerate(numbers):
        sit(conn, number, slots[place % len(slots)], place)
    return numbers


def far_ahead(engine: Engine) -> None:
    """These days are far ahead, and so is what the rule looks for."""
    value = {"refusals": 2, "notice_days": 1, "horizon_days": 500}
    with engine.begin() as conn:
        rules.enact(conn, "reseating", date(2024, 1, 1), value, "test", "sanur")


def close(engine: Engine, day: date, reason: str = "water in the cellar") -> bool:
    with engine.begin() as conn:
        return seats.close_day(conn, "sanur", day, reason, "supervisor")


def seats_now(engine: Engine) -> dict[str, tuple[int, str, date, datetime]]:
    """By number: slot, state, day and start."""
    with engine.connect() as conn:
        return {row.number: (row.slot_id, row.state, row.day, row.starts_at) for row in conn.execute(SEATS)}
