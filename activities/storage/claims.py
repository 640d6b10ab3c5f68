"""Officers' tasks and the leases on them. "Give me the next one" is the rule; choosing one needs a reason."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection, select, text, update

from activities.storage import rules
from activities.storage.tables import Lease, Task
from activities.storage.tasks import TaskRow, one, tasks, uuid_of
from workflows.case.facts import Role
from workflows.case.record import TaskStep

__all__ = [
    "Claimed",
    "Refused",
    "TaskRow",
    "claim",
    "drop",
    "drop_task",
    "given_before",
    "granted",
    "holds",
    "next_task",
    "objection",
    "renew",
    "steps_with",
    "tasks",
    "works_on",
]

BOOTH = (TaskStep.INTERVIEW, TaskStep.ENROLMENT)

# One task of a case stands for all that are served with it, so that two officers never wait for each other's rows.
NEXT = text("""
    SELECT t.id FROM paspor.task t
     WHERE t.state = 'open' AND t.office = :office AND t.step = ANY (:steps)
       AND t.role = ANY (:roles) AND NOT :officer = ANY (t.barred)
       AND (t.lease_until IS NULL OR t.lease_until <= clock_timestamp()) AND t.id <> ALL (CAST(:passed AS uuid[]))
       AND NOT EXISTS (SELECT 1 FROM paspor.task o WHERE o.number = t.number AND o.state = 'open'
                          AND o.step = ANY (:steps) AND o.id < t.id)
     ORDER BY t.due_at NULLS LAST, t.since, t.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED""")
GRANT = text("SELECT paspor.grant_lease(:task, :officer, :counter, :reason, :minutes, :request)")
END = text("SELECT paspor.end_lease(:lease, :officer)")
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:request, 14))")
# The task that the lease was given for, or what became of it.
GIVEN = text("""
    SELECT l.id AS lease_id, l.until, t.id AS task_id FROM paspor.lease l
      JOIN paspor.task t ON t.number = l.number AND t.step = ANY (l.steps)
     WHERE l.officer = :officer AND l.request = :request
     ORDER BY t.lease_id IS DISTINCT FROM l.id, t.state <> 'open', t.id LIMIT 1""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A task with the lease on it."""

    task: TaskRow
    lease_id: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a task was not given."""

    code: str


def next_task(
    conn: Connection,
    step: TaskStep,
    office: str,
    officer_id: str,
    roles: Collection[Role] = tuple(Role),
    request: str = "",
) -> Claimed | None:
    """The most urgent task that nobody holds and this officer may take, claimed; None when there is none.

    With `roles`, a task of another role (a doubt of two adjudicators goes to the head) is left to others. The same
    `request` again is given the same task again, whatever has become of it.
    """
    if before := given_before(conn, officer_id, request):
        return before
    passed: list[UUID] = []
    while True:
        who = {"officer": officer_id, "roles": [role.value for role in roles]}
        values = {"office": office, "steps": steps_with(step), "passed": passed, **who}
        task_id = conn.execute(NEXT, values).scalar()
        if task_id is None:
            return None
        if claimed := granted(conn, task_id, officer_id, request=request):
            return claimed
        passed.append(task_id)


def claim(
    conn: Connection, task_id: UUID | str, officer_id: str, roles: Collection[Role], office: str, reason: str
) -> Claimed | Refused:
    """Claim one chosen task of one's own office; who holds it already gets the same lease again."""
    found = one(conn, task_id)
    if found is None or found.office != office or found.state != "open":
        return Refused(code="no_such_task")
    if found.role not in roles:
        return Refused(code="role_not_allowed")
    if officer_id in found.barred:
        return Refused(code="same_officer")
    if not reason.strip():
        return Refused(code="reason_required")
    return granted(conn, found.id, officer_id, reason=reason) or Refused(code="already_claimed")


def given_before(conn: Connection, officer_id: str, request: str) -> Claimed | None:
    """What an officer was given for a request; no request is no memory. Two of the same request come one by one."""
    if not request:
        return None
    conn.execute(ONE_AT_A_TIME, {"request": request})
    row = conn.execute(GIVEN, {"officer": officer_id, "request": request}).first()
    task = one(conn, row.task_id) if row else None
    return Claimed(task=task, lease_id=str(row.lease_id), until=row.until) if row and task else None


def granted(
    conn: Connection, task_id: UUID, officer_id: str, counter: str = "", reason: str = "", request: str = ""
) -> Claimed | None:
    """A lease of the rule's length on the task; None when somebody else was quicker."""
    values = {"task": task_id, "officer": officer_id, "counter": counter, "reason": reason, "request": request}
    lease_id = conn.execute(GRANT, {**values, "minutes": _minutes(conn, task_id)}).scalar()
    if lease_id is None:
        return None
    until = conn.execute(select(Lease.until).where(Lease.id == lease_id)).scalar_one()
    task = one(conn, task_id)
    assert task is not None
    return Claimed(task=task, lease_id=str(lease_id), until=until)


def drop(conn: Connection, lease_id: str, officer_id: str) -> bool:
    """Give a lease back; False when it was over, or another's."""
    lease = uuid_of(lease_id)
    return lease is not None and bool(conn.execute(END, {"lease": lease, "officer": officer_id}).scalar())


def drop_task(conn: Connection, task_id: UUID | str, officer_id: str) -> bool:
    """Give back the lease on a task."""
    known = uuid_of(task_id)
    lease_id = conn.execute(select(Task.lease_id).where(Task.id == known)).scalar() if known else None
    return lease_id is not None and drop(conn, str(lease_id), officer_id)


def renew(conn: Connection, lease_id: str, officer_id: str) -> datetime | None:
    """Hold a live lease for the rule's length from now; its new end, or None when it is lost."""
    lease = uuid_of(lease_id)
    task_id = conn.execute(select(Task.id).where(Task.lease_id == lease)).scalar() if lease else None
    if task_id is None:
        return None
    until = text(f"now() + interval '{_minutes(conn, task_id)} minutes'")
    live = (Task.lease_id == lease, Task.owner == officer_id, Task.lease_until > text("clock_timestamp()"))
    held = conn.execute(update(Task).where(*live).values(lease_until=until).returning(Task.lease_until)).scalars()
    end = next((one_end for one_end in held if one_end is not None), None)
    if end is not None:
        conn.execute(update(Lease).where(Lease.id == lease).values(until=end))
    return end


def holds(conn: Connection, lease_id: str, officer_id: str, number: str, step: TaskStep) -> bool:
    """Whether the officer holds the lease of an open task of this step in this case."""
    return objection(conn, lease_id, officer_id, number, step) is None


def objection(conn: Connection, lease_id: str, officer_id: str, number: str, step: TaskStep) -> str | None:
    """Why a decision under this lease may not be: `not_your_turn`, `same_officer`, `lease_lost`, or None."""
    of_step = (Task.number == number, Task.step == step.value, Task.state == "open")
    row = conn.execute(select(Task.barred, Task.owner, Task.lease_id, Task.lease_until).where(*of_step)).first()
    if row is None:
        return "not_your_turn"
    if officer_id in row.barred:
        return "same_officer"
    live = row.lease_id is not None and row.lease_id == uuid_of(lease_id) and row.owner == officer_id
    return None if live and row.lease_until > datetime.now(UTC) else "lease_lost"


def works_on(conn: Connection, number: str, officer_id: str) -> bool:
    """Whether the officer holds a live lease on any open task of this case."""
    live = (Task.number == number, Task.owner == officer_id, Task.lease_until > text("clock_timestamp()"))
    return conn.execute(select(Task.id).where(*live).limit(1)).first() is not None


def steps_with(step: TaskStep) -> list[str]:
    """The steps that one lease covers: interview and enrolment are one visit to a booth."""
    return [one.value for one in (BOOTH if step in BOOTH else (step,))]


def _minutes(conn: Connection, task_id: UUID) -> int:
    office = conn.execute(select(Task.office).where(Task.id == task_id)).scalar_one()
    return int(rules.value(conn, "lease", office, datetime.now(UTC).date())["minutes"])
