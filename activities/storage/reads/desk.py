"""What officers see of their work: open tasks and who holds them, who was called, what was captured of a person."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from workflows.case.facts import Role
from workflows.case.record import TaskStep

MOST_TASKS = 200
COLUMNS = """
    SELECT t.id, t.number, t.step, t.role, t.office, t.since, t.due_at, t.barred,
           l.until, l.counter, l.reason AS chosen,
           CASE WHEN l.id IS NULL THEN NULL ELSE t.owner END AS owner,
           CASE WHEN l.id IS NULL THEN NULL ELSE t.lease_id END AS lease_id,
           a.kind, a.service, a.document_type, a.validity_years,
           coalesce(a.view #>> '{appointment,lane}', 'regular') AS lane,
           CAST(a.view #>> '{promise,collect_on}' AS date) AS promised
      FROM paspor.task t JOIN paspor.application a ON a.number = t.number
      LEFT JOIN paspor.lease l ON l.id = t.lease_id AND t.lease_until > clock_timestamp()"""
OPEN = text(
    COLUMNS
    + """
     WHERE t.office = :office AND t.state = 'open' AND t.role = ANY (:roles)
     ORDER BY coalesce(t.due_at, CAST(a.view #>> '{promise,collect_on}' AS date)) NULLS LAST, t.since, t.id
     LIMIT :most"""
)
ONE = text(COLUMNS + " WHERE t.number = :number AND t.step = :step AND t.state = 'open' ORDER BY t.since LIMIT 1")
PORTRAIT = text("SELECT portrait FROM paspor.search WHERE number = :number AND portrait <> '' ORDER BY at DESC LIMIT 1")
FOUND = text("""
    SELECT details FROM paspor.case_event
     WHERE number = :number AND action = 'duplicates.searched' AND outcome = 'candidates' ORDER BY seq DESC LIMIT 1""")
KNOWN = text("SELECT number, portrait FROM paspor.search WHERE reference_id = :reference ORDER BY at DESC LIMIT 1")
PLACES = text("""
    SELECT k.label AS ticket, k.number, k.state, k.counter, k.called_at,
           (SELECT min(t.lease_until) FROM paspor.task t
             WHERE t.number = k.number AND t.state = 'open' AND t.owner = :officer
               AND t.lease_until > clock_timestamp()) AS until,
           (SELECT array_agg(t.step ORDER BY t.since, t.step DESC) FROM paspor.task t
             WHERE t.number = k.number AND t.state = 'open' AND t.step IN ('documents', 'interview', 'enrolment'))
             AS steps
      FROM paspor.ticket k JOIN paspor.office o ON o.id = k.office
     WHERE k.office = :office AND k.day = (clock_timestamp() AT TIME ZONE o.time_zone)::date
       AND k.counter = :counter AND k.state IN ('called', 'parked', 'no_show')
     ORDER BY k.called_at DESC NULLS LAST LIMIT 30""")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskTask:
    """An open task with what an officer needs to choose it. `owner`, `lease_id`, `until`: who holds it, while they do.

    `counter` is where it was called to, `chosen` why it was chosen out of turn.
    """

    id: UUID
    number: str
    step: TaskStep
    role: Role
    office: str
    since: datetime
    due_at: datetime | None
    barred: tuple[str, ...]
    owner: str | None
    lease_id: UUID | None
    until: datetime | None
    counter: str
    chosen: str
    kind: str
    service: str
    document_type: str
    validity_years: int
    lane: str
    promised: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Whom the matcher named: a reference, and the case and captured portrait of it where they are ours."""

    reference_id: str
    number: str | None
    portrait: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AtCounter:
    """A ticket of today that was called to a counter; `until` is the end of the asking officer's lease on its case."""

    ticket: str
    number: str
    state: str
    called_at: datetime | None
    until: datetime | None
    steps: tuple[TaskStep, ...]


def open_tasks(conn: Connection, office: str, roles: Collection[Role]) -> tuple[DeskTask, ...]:
    """The open tasks of an office for these roles, the most urgent first; at most two hundred."""
    values = {"office": office, "roles": [role.value for role in roles], "most": MOST_TASKS}
    return tuple(_task(row) for row in conn.execute(OPEN, values))


def open_task(conn: Connection, number: str, step: TaskStep) -> DeskTask | None:
    """The open task of a step in a case, or None when nothing waits there."""
    row = conn.execute(ONE, {"number": number, "step": step.value}).first()
    return _task(row) if row else None


def portrait(conn: Connection, number: str) -> str | None:
    """The portrait that was captured in a case, by the SHA-256 of its file; None before enrolment."""
    found: str | None = conn.execute(PORTRAIT, {"number": number}).scalar()
    return found


def likenesses(conn: Connection, number: str) -> tuple[Likeness, ...]:
    """Whom the matcher held to be perhaps the person of this case, in its order."""
    details = conn.execute(FOUND, {"number": number}).scalar()
    named = json.loads(details).get("candidates", "").split() if details else []
    return tuple(_likeness(conn, reference) for reference in named)


def at_counter(conn: Connection, office: str, counter: str, officer: str) -> tuple[AtCounter, ...]:
    """Who was called to a counter today and has not been served, the latest first."""
    rows = conn.execute(PLACES, {"office": office, "counter": counter, "officer": officer})
    return tuple(
        AtCounter(
            ticket=row.ticket,
            number=row.number,
            state=row.state,
            called_at=row.called_at,
            until=row.until,
            steps=tuple(TaskStep(step) for step in row.steps or ()),
        )
        for row in rows
    )


def _likeness(conn: Connection, reference: str) -> Likeness:
    row = conn.execute(KNOWN, {"reference": reference}).first()
    number, picture = (row.number, row.portrait) if row else (None, "")
    return Likeness(reference_id=reference, number=number, portrait=picture)


def _task(row: Row[Any]) -> DeskTask:
    values = row._asdict()
    known = {"step": TaskStep(row.step), "role": Role(row.role), "barred": tuple(row.barred)}
    blank = {"counter": row.counter or "", "chosen": row.chosen or ""}
    return DeskTask(**{**values, **known, **blank})
