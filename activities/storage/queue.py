"""The office's queue: who is called next, and what the board in the waiting room shows."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, Row, text

from activities.storage import claims, rules
from activities.storage.claims import Claimed, Refused
from workflows.case.facts import Role

STEPS = {"documents": ["documents"], "booth": ["interview", "enrolment"]}
ANY_STEP = ["documents", "interview", "enrolment"]
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
               AND t.role = ANY (:roles) ORDER BY t.id LIMIT 1) AS task_id,
           EXISTS (SELECT 1 FROM paspor.task t WHERE t.number = k.number AND t.state = 'open'
               AND t.step = ANY (:steps)) AS waits,
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
TICKET_OF = text("""
    SELECT k.label FROM paspor.lease l JOIN paspor.office o ON o.id = l.office
      JOIN paspor.ticket k ON k.number = l.number AND k.day = (l.granted_at AT TIME ZONE o.time_zone)::date
     WHERE l.id = :lease""")
TODAY = text("SELECT (clock_timestamp() AT TIME ZONE time_zone)::date FROM paspor.office WHERE id = :office")
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
    conn: Connection,
    office: str,
    counter: str,
    step: Literal["documents", "booth"],
    officer_id: str,
    request: str = "",
) -> Called | None:
    """Call the next person whose decision of this step waits, under a lease; None when nobody may be called.

    The same `request` again is answered with the same person, who is not called once more.
    """
    if before := claims.given_before(conn, officer_id, request):
        return _person(before, conn.execute(TICKET_OF, {"lease": before.lease_id}).scalar_one())
    passed: list[UUID] = []
    while True:
        values = {"office": office, "steps": STEPS[step], "officer": officer_id, "passed": passed}
        row = conn.execute(NEXT, values).first()
        if row is None:
            return None
        if called := _called(conn, row, counter, officer_id, "call", request):
            return called
        passed.append(row.id)


def recall(
    conn: Connection, office: str, counter: str, ticket: str, officer_id: str, roles: Collection[Role] = tuple(Role)
) -> Called | Refused | None:
    """Call a person again, also one who was parked or did not show; None when there is nobody to be called.

    Refused where the person waits for a decision of a role that is none of `roles`.
    """
    row = _todays(conn, office, ticket, roles)
    if row is None or not row.waits or row.state not in ("called", "parked", "no_show"):
        return None
    if row.task_id is None:
        return Refused(code="role_not_allowed")
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
    """How long `ahead` people take by the pace of the last hour, from a fifth less to a third more.

    While there are few calls, by the usual time a person of the rule `queue`.
    """
    pace = conn.execute(PACE, {"office": office}).one()
    rule = rules.value(conn, "queue", office, conn.execute(TODAY, {"office": office}).scalar_one())
    minutes = float(rule["usual_minutes"]) / max(1, pace.counters)
    if pace.calls >= rule["few_calls"]:
        minutes = float(pace.minutes) / (pace.calls - 1)
    return Estimate(from_minutes=math.floor(ahead * minutes * 0.8), to_minutes=math.ceil(ahead * minutes * 4 / 3))


def _called(
    conn: Connection, row: Row[tuple[object, ...]], counter: str, officer_id: str, what: str, request: str = ""
) -> Called | None:
    claimed = claims.granted(conn, row.task_id, officer_id, counter=counter, request=request)
    if claimed is None:
        return None
    conn.execute(CALLED, {"ticket": row.id, "counter": counter})
    conn.execute(SAY, {"ticket": row.id, "what": what, "officer": officer_id, "reason": ""})
    return _person(claimed, row.label)


def _person(claimed: Claimed, label: str) -> Called:
    return Called(ticket=label, number=claimed.task.number, lease_id=claimed.lease_id, until=claimed.until)


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


def _todays(
    conn: Connection, office: str, ticket: str, roles: Collection[Role] = tuple(Role)
) -> Row[tuple[object, ...]] | None:
    values = {"office": office, "label": ticket, "steps": ANY_STEP, "roles": [role.value for role in roles]}
    return conn.execute(TODAYS, values).first()
