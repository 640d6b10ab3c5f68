"""People of closed days are given other seats: one pass over all who wait, in the order in which they had booked.

Where to is chosen from one look at what is free; the schema's function moves a party in a transaction of its own and
says when somebody was faster, after which we look again. A pass that dies leaves whom it had moved and whom it had not:
the next one goes on from there.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from activities.storage import nearest
from activities.storage.nearest import Free, Party, Seated

TRIES = 5

# Days that have people to move: those that are listed, and whoever got a seat of a closed day past the closure. Who has
# found no seat until the day is over goes on waiting.
DUE = text("""
    SELECT c.office, c.day FROM paspor.closure c
     WHERE EXISTS (SELECT 1 FROM paspor.reseating r WHERE r.office = c.office AND r.day = c.day AND r.state = 'waiting')
        OR c.day > clock_timestamp()::date - 60 AND EXISTS (
            SELECT 1 FROM paspor.slot s JOIN paspor.booking b ON b.slot_id = s.id
             WHERE s.office = c.office AND s.day = c.day AND b.state IN ('offered', 'held', 'confirmed'))
     ORDER BY c.at""")
LOCK = text("SELECT pg_try_advisory_lock(hashtext('reseating'), hashtext(:place))")
UNLOCK = text("SELECT pg_advisory_unlock(hashtext('reseating'), hashtext(:place))")
LIST = text("SELECT paspor.list_reseatings(:office, :day)")
PARTIES = text("""
    SELECT coalesce(r.family, r.booking_id) AS party, r.booking_id, r.number, s.id AS slot, s.lane, r.given,
           s.starts_at AT TIME ZONE o.time_zone AS starts_at
      FROM paspor.reseating r JOIN paspor.booking b ON b.id = r.booking_id AND b.state IN ('held', 'confirmed')
      JOIN paspor.slot s ON s.id = b.slot_id AND s.office = r.office AND s.day = r.day
      JOIN paspor.office o ON o.id = r.office
     WHERE r.office = :office AND r.day = :day AND r.state = 'waiting'
     ORDER BY min(r.booked_at) OVER (PARTITION BY coalesce(r.family, r.booking_id)), party, r.booked_at, booking_id""")
# Who is moved by the office comes before who waits: a seat that is kept will do where :kept says so.
POOL = text("""
    SELECT s.id, s.lane,
           s.starts_at AT TIME ZONE o.time_zone AS starts_at, s.ends_at AT TIME ZONE o.time_zone AS ends_at,
           s.seats - s.taken - CASE WHEN :kept THEN 0 ELSE s.kept END AS free
      FROM paspor.slot s JOIN paspor.office o ON o.id = s.office
      CROSS JOIN LATERAL (SELECT (clock_timestamp() AT TIME ZONE o.time_zone)::date AS today) AS t
     WHERE s.office = :office
       AND s.day BETWEEN greatest(CAST(:day AS date) + 1, paspor.earliest_reseating(o.id))
                     AND t.today + (paspor.rule_value('reseating', o.id, t.today) ->> 'horizon_days')::int
       AND s.seats - s.taken - CASE WHEN :kept THEN 0 ELSE s.kept END > 0
       AND NOT EXISTS (SELECT 1 FROM paspor.closure c WHERE c.office = s.office AND c.day = s.day)
     ORDER BY s.starts_at, s.id""")
RESEAT = text("""
    SELECT paspor.reseat(:office, :day, CAST(:bookings AS uuid[]), CAST(:was AS bigint[]), CAST(:slots AS bigint[]))""")
UNPLACED = text("SELECT paspor.note_unplaced(:office, :day, CAST(:bookings AS uuid[]))")
KEEPING = text("""
    SELECT DISTINCT s.office FROM paspor.seat_reserve q JOIN paspor.slot s ON s.id = q.slot_id ORDER BY s.office""")
END_RESERVE = text("SELECT paspor.end_reserve(:office)")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Passed:
    """What one pass did: how many people it moved, and for how many it found no seat."""

    moved: int = 0
    unplaced: int = 0


def pass_over(engine: Engine) -> Passed:
    """Move everybody who waits, of all closed days. A day that another process works on is left to it."""
    moved = unplaced = 0
    with engine.connect() as conn:
        with conn.begin():
            due = [(row.office, row.day) for row in conn.execute(DUE)]
        for office, day in due:
            with _alone_with(conn, office, day) as ours:
                if ours:
                    done = _move_day(conn, office, day)
                    moved, unplaced = moved + done.moved, unplaced + done.unplaced
        # By what is reserved, not by what was due: a day that was reopened, or a pass that died, leaves nothing kept.
        with conn.begin():
            keeping = list(conn.execute(KEEPING).scalars())
        for office in keeping:
            with conn.begin():
                conn.execute(END_RESERVE, {"office": office})
    return Passed(moved, unplaced)


def parties(conn: Connection, office: str, day: date) -> list[Party]:
    """Who waits for another seat than that of a closed day, families together, in the order of their booking."""
    rows = conn.execute(PARTIES, {"office": office, "day": day})
    return [tuple(seated(members)) for _, members in groupby(rows, key=lambda row: row.party)]


def seated(rows: Iterable[object]) -> Iterator[Seated]:
    """Rows as seats."""
    for row in rows:
        found = row._mapping  # type: ignore[attr-defined]  # a row of SQLAlchemy, whose columns no type knows
        yield Seated(
            booking=found["booking_id"],
            number=found["number"],
            slot=found["slot"],
            lane=found["lane"],
            starts_at=found["starts_at"],
            given=tuple(found["given"]),
        )


def pool(conn: Connection, office: str, day: date, *, kept: bool) -> list[Free]:
    """What is free for people of that closed day, in order of time."""
    rows = conn.execute(POOL, {"office": office, "day": day, "kept": kept})
    return [Free(row.id, row.lane, row.starts_at, row.ends_at, row.free) for row in rows]


def _move_day(conn: Connection, office: str, day: date) -> Passed:
    with conn.begin():
        conn.execute(LIST, {"office": office, "day": day})
    with conn.begin():
        waiting, free = parties(conn, office, day), pool(conn, office, day, kept=True)
    moved = unplaced = 0
    for party in waiting:
        code, free = _move(conn, office, day, party, free)
        moved += len(party) * (code == "ok")
        unplaced += len(party) * (code == "slot_full")
    return Passed(moved, unplaced)


def _move(conn: Connection, office: str, day: date, party: Party, free: list[Free]) -> tuple[str, list[Free]]:
    """Give one party seats, of what is free by the last look; looks again when somebody was faster."""
    bookings = [one.booking for one in party]
    about = {"office": office, "day": day, "bookings": bookings}
    for _ in range(TRIES):
        slots = nearest.choose(party, free)
        if slots is None:
            with conn.begin():
                conn.execute(UNPLACED, about)
            return "slot_full", free
        try:
            with conn.begin():
                values = {**about, "was": [one.slot for one in party], "slots": list(slots)}
                code = str(conn.execute(RESEAT, values).scalar_one())
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            log.warning("people of a closed day could not be moved just now: %s", type(error.orig).__name__)
            return "again", free
        if code == "ok":
            nearest.take(slots, free)
            return code, free
        with conn.begin():
            free = pool(conn, office, day, kept=True)
    return "again", free


@contextmanager
def _alone_with(conn: Connection, office: str, day: date) -> Iterator[bool]:
    """One process a day, so that the order is that of booking; the lock ends with the connection."""
    place = {"place": f"{office} {day.isoformat()}"}
    with conn.begin():
        ours = bool(conn.execute(LOCK, place).scalar_one())
    try:
        yield ours
    finally:
        if ours and not conn.invalidated and not conn.closed:
            with conn.begin():
                conn.execute(UNLOCK, place)
