"""Draws for tests: an office whose days are given by lot, and who enters."""

import dataclasses
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from activities.keyring import KeyRing
from activities.storage import draws
from activities.storage.draws import NewDraw
from activities.storage.reads import draws as reads
from tests.activities.storage.cases import a_case
from tests.activities.storage.seating import DAY, NOON
from workflows.case.facts import Lane

RING = KeyRing("k1", {"k1": bytes(range(32))})
A_WHILE = timedelta(hours=1)


def a_drawn_slot(conn: Connection, planned: int, days: int = 0, minutes: int = 0, lane: str = "regular") -> int:
    """A slot of which no seat is released."""
    start = NOON + timedelta(days=days, minutes=minutes)
    conn.execute(
        text("""INSERT INTO paspor.seat_release (office, day, lane, stage, share)
                VALUES ('sanur', :day, :lane, 1, 100) ON CONFLICT DO NOTHING"""),
        {"lane": lane, "day": start.date()},
    )
    return int(
        conn.execute(
            text("INSERT INTO paspor.slot (office, lane, day, starts_at, ends_at, seats, planned) "
                 "VALUES ('sanur', :lane, :day, :start, :end, 0, :planned) RETURNING id"),
            {"lane": lane, "day": start.date(), "start": start, "end": start + timedelta(minutes=30),
             "planned": planned},
        ).scalar_one()
    )  # fmt: skip


def a_draw(conn: Connection, random: Random | None = None, last: date = DAY, **changes: object) -> UUID:
    """A draw of the day, whose window is open; by the seed and id of `random` where it is given."""
    values = {
        "office": "sanur",
        "lane": Lane.REGULAR,
        "first_day": DAY,
        "last_day": last,
        "opens_at": None,
        "closes_at": conn.execute(text("SELECT clock_timestamp()")).scalar_one() + A_WHILE,
        "opened_by": "supervisor",
        **changes,
    }
    made = {"seed": f"{random.getrandbits(256):064x}", "draw": UUID(int=random.getrandbits(128))} if random else {}
    return draws.open_draw(conn, NewDraw(**values), RING, **made)  # type: ignore[arg-type] # changes of a test


def entrants(conn: Connection, count: int) -> list[str]:
    """The numbers of that many cases that may book, each of another person."""
    return [a_case(conn, f"{2 * 10**15 + place}", bookable=True) for place in range(count)]


def time_passes(conn: Connection, by: timedelta = A_WHILE) -> None:
    """As if all draws had been opened so much earlier: of what was published, nobody but the database's owner can."""
    conn.execute(text("SET LOCAL session_replication_role = replica"))
    for draw in conn.execute(text("SELECT id FROM paspor.draw ORDER BY opens_at")).scalars().all():
        conn.execute(
            text("""UPDATE paspor.draw SET committed_at = committed_at - CAST(:by AS interval),
                           opens_at = opens_at - CAST(:by AS interval), closes_at = closes_at - CAST(:by AS interval)
                     WHERE id = :draw"""),
            {"draw": draw, "by": by},
        )
    conn.execute(text("SET LOCAL session_replication_role = DEFAULT"))


def carried_out(conn: Connection, ring: KeyRing = RING) -> int:
    """One look at all draws that are due, in the transaction of a test."""
    return sum(draws.carry_out(conn, ring, draw) for draw in draws.due(conn))


def outcomes(conn: Connection, draw: UUID) -> dict[str, str | None]:
    """What became of each number, in the order of ranks."""
    question = text("SELECT number, outcome FROM paspor.draw_entry WHERE draw_id = :draw ORDER BY rank, number")
    return {row.number: row.outcome for row in conn.execute(question, {"draw": draw})}


def drawn(engine: Engine) -> None:
    """The window closes, and all that can be given is given."""
    with engine.begin() as conn:
        time_passes(conn)
    while True:
        with engine.begin() as conn:
            if not carried_out(conn):
                return


def published(conn: Connection, draw: UUID) -> dict[str, Any]:
    """The draw as `GET /v1/draws/{draw}` shows it."""
    row = reads.draw(conn, draw)
    assert row is not None
    entries = [
        {name: str(value) if value is not None and "day" in name else value for name, value in fields.items()}
        for fields in map(dataclasses.asdict, reads.draw_list(conn, draw))
    ]
    about = {"id": str(row.id), "seed": row.seed, "seed_hash": row.seed_hash, "list_hash": row.list_hash}
    return {**about, "count": row.entered, "entries": entries}


def bookings(conn: Connection, draw: UUID) -> list[Any]:
    question = text("""
        SELECT b.id, b.number, b.slot_id FROM paspor.draw_entry e JOIN paspor.booking b ON b.id = e.booking_id
         WHERE e.draw_id = :draw ORDER BY e.rank, e.number""")
    return list(conn.execute(question, {"draw": draw}))
