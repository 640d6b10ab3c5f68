"""The office's queue: who is called next, and what the board in the waiting room shows."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, Row, text

from activities.storage import claims

STEPS = {"documents": ["documents"], "booth": ["interview", "enrolment"]}
ANY_STEP = ["documents", "interview", "enrolment"]
# Before there is a pace of today, the usual time at one counter (about 60 people a day at a booth).
USUAL_MINUTES = 7.0
FEW_CALLS = 5
SHOWN_CALLS = 20

# By lane, then the moment from which rank counts (the appointment; the arrival of who is late), then ticket. A ticket
# that is called but that nobody holds any more, since a lease ran out or was given back, is in line again.
NEXT = text("""
    SELECT k.id, k.label, k.number, t.id AS task_id
      FROM paspor.ticket k
      JOIN paspor.office o ON o.id = k.office AND k.day = (clock_timestamp() AT TIME ZONE o.time_zone)::date
      JOIN paspor.task t ON t.number = k.number AND t.state = 'open' AND t.step = ANY (:steps)
     WHERE k.office = :office AND k.state IN ('waiting', 'late', 'too_early', 'called')
       AND k.callable_from <= clock_timestamp() AND NOT :officer = ANY (t.barred)
       AND (t.lease_until IS NULL OR t.lease_until <= clock_timestamp()) AND k.id <> ALL (CAST(:passed AS uuid[]))
     ORDER BY k.lane <> 'priority', k.rank_from, k.serial, t.id LIMIT 1 FOR UPDATE OF k SKIP LOCKED""")
CALLED = text("""
    UPDATE paspor.ticket SET state = 'called', counter = :counter, called_at = clock_timestamp() WHERE id = :ticket""")
SAY = text("""
    INSERT INTO paspor.queue_call (office, day, label, number, counter, what, officer, reason)
    SELECT office, day, label, number, counter, :what, :officer, :reason FROM paspor.ticket WHERE id = :ticket""")
TODAYS = text("""
    SELECT k.id, k.label, k.number, k.state,
           (SELECT t.id FROM paspor.task t WHERE t.number = k.number AND t.state = 'open' AND t.step = ANY (:steps)
             ORDER BY t.id LIMIT 1) AS task_id,
           (SELECT t.lease_id FROM paspor.task t WHERE t.number = k.number AND t.state = 'open'
               AND t.step = ANY (:steps) AND t.lease_until > clock_timestamp() ORDER BY t.id LIMIT 1) AS lease_id
      FROM paspor.ticket k JOIN paspor.office o ON o.id = k.office
     WHERE k.office = :office AND k.label = :label AND k.day = (clock_timestamp() AT TIME ZONE o.time_zone)::date
       FOR UPDATE OF k""")
ASIDE = text("UPDATE paspor.ticket SET state = :state WHERE id = :ticket")
STANDING = text("""
    SELECT * FROM (
        SELECT DISTINCT ON (c.label) c.id AS seq, c.label AS ticket, c.counter, c.at
          FROM paspor.queue_call c JOIN paspor.office o ON o.id = c.office
          JOIN paspor.ticket k ON k.office = c.office AND k.day = c.day AND k.label = c.label AND k.state = 'called'
         WHERE c.office = :office AND c.day = (clock_timestamp() AT TIME ZONE o.time_zone)::date
           AND c.what IN ('call', 'recall')
         ORDER BY c.label, c.id DESC) AS latest
     ORDER BY seq DESC LIMIT :most""")
AFTER = text("""
    SELECT id AS seq, label AS ticket, counter, at FROM paspor.queue_call
     WHERE office = :office AND id > :seq AND what IN ('call', 'recall')
       AND day >= (clock_timestamp() AT TIME ZONE 'Asia/Jakarta')::date ORDER BY id LIMIT 500""")
WAITING = text("""
    SELECT count(*) FROM paspor.ticket k JOIN paspor.office o ON o.id = k.office
     WHERE k.office = :office AND k.day = (clock_timestamp() AT TIME ZONE o.time_zone)::date
       AND k.state IN ('waiting', 'late', 'too_early')""")
PACE = text("""
    SELECT count(*) AS calls, count(DISTINCT counter) AS counters,
           extract(epoch FROM max(at) - min(at)) / 60 AS minutes
      FROM paspor.queue_call
     WHERE office = :office AND what = 'call' AND at > clock_timestamp() - interval '1 hour'""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A person who is called, and the lease on the decision."""

    ticket: str
    number: str
    lease_id: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardCall:
    """One call as the waiting room hears it; `seq` grows with each."""

    seq: int
    ticket: str
    counter: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How long it may take, in minutes."""

    from_minutes: int
    to_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The board: who is called where (the newest first), how many wait, and how long somebody who comes now would."""

    called: tuple[BoardCall, ...]
    waiting: int
    estimate: Estimate


def next_person(
    conn: Connection, office: str, counter: str, step: Literal["documents", "booth"], officer_id: str
) -> Called | None:
    """Call the next person whose decision of this step waits, under a lease; None when nobody may be called."""
    passed: list[UUID] = []
    while True:
        values = {"office": office, "steps": STEPS[step], "officer": officer_id, "passed": passed}
        row = conn.execute(NEXT, values).first()
        if row is None:
            return None
        if called := _called(conn, row, counter, officer_id, "call"):
            return called
        passed.append(row.id)


def recall(conn: Connection, office: str, counter: str, ticket: str, officer_id: str) -> Called | None:
    """Call a person again, also one who was parked or did not show; None when there is nobody to be called."""
    row = _todays(conn, office, ticket)
    if row is None or row.task_id is None or row.state not in ("called", "parked", "no_show"):
        return None
    return _called(conn, row, counter, officer_id, "recall")


def no_show(conn: Connection, office: str, ticket: str, officer_id: str, reason: str = "") -> bool:
    """Nobody came to the counter. False when this officer did not call that ticket."""
    return _aside(conn, office, ticket, officer_id, "no_show", reason)


def park(conn: Connection, office: str, ticket: str, officer_id: str, reason: str = "") -> bool:
    """The person waits aside until a recall. False when this officer did not call that ticket."""
    return _aside(conn, office, ticket, officer_id, "parked", reason)


def board(conn: Connection, office: str) -> Board:
    """The public board of today."""
    waiting = int(conn.execute(WAITING, {"office": office}).scalar_one())
    standing = conn.execute(STANDING, {"office": office, "most": SHOWN_CALLS})
    called = tuple(BoardCall(**row._mapping) for row in standing)
    return Board(called=called, waiting=waiting, estimate=estimate(conn, office, waiting))


def calls_after(conn: Connection, office: str, seq: int) -> tuple[BoardCall, ...]:
    """The calls of today after one, oldest first."""
    return tuple(BoardCall(**row._mapping) for row in conn.execute(AFTER, {"office": office, "seq": seq}))


def estimate(conn: Connection, office: str, ahead: int) -> Estimate:
    """How long `ahead` people take by the pace of the last hour, from a fifth less to a third more."""
    pace = conn.execute(PACE, {"office": office}).one()
    minutes = USUAL_MINUTES / max(1, pace.counters)
    if pace.calls >= FEW_CALLS:
        minutes = float(pace.minutes) / (pace.calls - 1)
    return Estimate(from_minutes=math.floor(ahead * minutes * 0.8), to_minutes=math.ceil(ahead * minutes * 4 / 3))


def _called(conn: Connection, row: Row[tuple[object, ...]], counter: str, officer_id: str, what: str) -> Called | None:
    claimed = claims.granted(conn, row.task_id, officer_id, counter=counter)
    if claimed is None:
        return None
    conn.execute(CALLED, {"ticket": row.id, "counter": counter})
    conn.execute(SAY, {"ticket": row.id, "what": what, "officer": officer_id, "reason": ""})
    return Called(ticket=row.label, number=row.number, lease_id=claimed.lease_id, until=claimed.until)


def _aside(conn: Connection, office: str, ticket: str, officer_id: str, state: str, reason: str) -> bool:
    row = _todays(conn, office, ticket)
    if row is None or row.state != "called":
        return False
    if row.lease_id is not None and not claims.drop(conn, str(row.lease_id), officer_id):
        return False
    conn.execute(ASIDE, {"ticket": row.id, "state": state})
    what = "park" if state == "parked" else state
    conn.execute(SAY, {"ticket": row.id, "what": what, "officer": officer_id, "reason": reason})
    return True


def _todays(conn: Connection, office: str, ticket: str) -> Row[tuple[object, ...]] | None:
    return conn.execute(TODAYS, {"office": office, "label": ticket, "steps": ANY_STEP}).first()
