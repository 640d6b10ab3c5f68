"""People in the waiting list, seats that come back, and looks at the list, for its tests."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import Engine, text

from activities.storage import rules, waiting
from activities.storage.reads.waiting import WaitingRow
from activities.storage.reads.waiting import waiting as entry_of
from activities.storage.slots import slot_number
from activities.storage.taking import take
from activities.storage.waiting import Wish
from tests.activities.storage.seating import DAY, EARLY, NOON, a_slot, people
from workflows.case.facts import Lane

FREE = text("""
    SELECT paspor.free_seat(id, 'released', false) FROM paspor.booking
     WHERE number = :number AND state IN ('held', 'confirmed')""")
COUNTS = text("SELECT taken, kept, seats FROM paspor.slot WHERE id = :slot")
STATES = text("SELECT number, state FROM paspor.waiting WHERE ended_at IS NULL OR state = 'dropped' ORDER BY number")
WHYS = text("""
    SELECT w.number, t.what, t.why FROM paspor.waiting_step t LEFT JOIN paspor.waiting w ON w.id = t.waiting_id
     WHERE t.what = ANY (:whats) ORDER BY t.id""")


@dataclass(frozen=True)
class Asked:
    """A request for a seat."""

    number: str
    slot: int
    key: str
    on_day: date = EARLY


def takes(engine: Engine, number: str, slot: str) -> str:
    """Take a seat as the API does; what came of it."""
    known = slot_number(slot)
    assert known is not None
    with engine.begin() as conn:
        (taken,) = take(conn, [Asked(number, known, uuid4().hex)])
    return taken.code


def gives_back(engine: Engine, *numbers: str) -> None:
    """Each gives the seat back, in one transaction."""
    with engine.begin() as conn:
        for number in numbers:
            conn.execute(FREE, {"number": number})


def wish(first: date = DAY, last: date | None = None, lane: Lane = Lane.REGULAR) -> Wish:
    return Wish(office="sanur", lane=lane, first=first, last=last or first)


def joins(engine: Engine, *numbers: str, first: date = DAY, last: date | None = None) -> None:
    """Each after the other."""
    for number in numbers:
        with engine.begin() as conn:
            assert waiting.join(conn, number, wish(first, last), uuid4().hex) == "ok"


def a_family(engine: Engine, *numbers: str) -> None:
    """They were filed in one act."""
    with engine.begin() as conn:
        conn.execute(
            text("UPDATE paspor.application SET family = :family WHERE number = ANY (:numbers)"),
            {"family": uuid4(), "numbers": list(numbers)},
        )


def looks(engine: Engine) -> int:
    """What the relay does again and again; how many offers there were."""
    return waiting.pass_all_on(engine)


def state(engine: Engine) -> dict[str, str]:
    """Where each who waits, or was dropped, stands."""
    with engine.connect() as conn:
        return {row.number: row.state for row in conn.execute(STATES)}


def whys(engine: Engine, *whats: str) -> list[tuple[str, str, str]]:
    """Steps of these kinds: whose, what, why."""
    with engine.connect() as conn:
        return [tuple(row) for row in conn.execute(WHYS, {"whats": list(whats)})]


def counts(engine: Engine, slot: str) -> tuple[int, int, int]:
    """Taken, kept, and all."""
    with engine.connect() as conn:
        taken, kept, seats = conn.execute(COUNTS, {"slot": slot_number(slot)}).one()
    return taken, kept, seats


def seen(engine: Engine, number: str) -> WaitingRow:
    """What the person reads."""
    with engine.connect() as conn:
        found = entry_of(conn, number)
    assert found is not None
    return found


def lapse(engine: Engine, number: str) -> None:
    """The time of an offer is over."""
    with engine.begin() as conn:
        conn.execute(
            text(
                "UPDATE paspor.booking SET hold_until = clock_timestamp() WHERE number = :number AND state = 'offered'"
            ),
            {"number": number},
        )


RULE = {"minutes": 480, "soon_hours": 24, "soon_minutes": 60, "least_hours": 4, "refusals": 2, "most_days": 31}


def rules_for(engine: Engine, name: str = "waiting_list", **changes: object) -> None:
    value = {**RULE, **changes} if name == "waiting_list" else changes
    with engine.begin() as conn:
        rules.enact(conn, name, date(2023, 1, 1), value, "test", office="sanur")


def full(engine: Engine, seats: int = 1, count: int = 8, starts_at: datetime = NOON) -> tuple[str, list[str]]:
    """A slot whose seats the first of that many people have; its id and their numbers."""
    with engine.begin() as conn:
        slot, numbers = a_slot(conn, seats, starts_at=starts_at), people(conn, count)
    for number in numbers[:seats]:
        assert takes(engine, number, slot) == "ok"
    return slot, numbers


def soon(hours: float) -> datetime:
    return datetime.now(UTC) + timedelta(hours=hours)
