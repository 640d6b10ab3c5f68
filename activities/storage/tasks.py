"""The tasks of officers, as lists and one by one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, select, tuple_
from sqlalchemy import cast as as_type
from sqlalchemy.types import DateTime, Uuid

from activities.storage.paging import BadCursor, Page, decode, page, size
from activities.storage.tables import Task
from workflows.case.facts import Role
from workflows.case.record import TaskStep


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A task as officers see it; `owner` is who holds a live lease on it."""

    id: UUID
    key: str
    number: str
    step: TaskStep
    role: Role
    office: str
    since: datetime
    due_at: datetime | None
    barred: tuple[str, ...]
    state: str
    owner: str | None


def tasks(
    conn: Connection,
    office: str,
    roles: Collection[Role],
    step: TaskStep | None = None,
    state: str = "open",
    limit: int = 50,
    cursor: str = "",
) -> Page[TaskRow]:
    """The tasks of one office for these roles, oldest first. Raises `BadCursor`."""
    limit = size(limit)
    question = select(Task).where(Task.office == office, Task.role.in_([role.value for role in roles]))
    question = question.where(Task.state == state)
    if step is not None:
        question = question.where(Task.step == step.value)
    if cursor:
        question = question.where(tuple_(Task.since, Task.id) > _after(cursor))
    rows = conn.execute(question.order_by(Task.since, Task.id).limit(limit + 1)).all()
    return page([_row(row) for row in rows], limit, lambda row: [row.since.isoformat(), str(row.id)])


def one(conn: Connection, task_id: UUID | str) -> TaskRow | None:
    """A task by its id, whatever its state."""
    known = uuid_of(task_id)
    row = conn.execute(select(Task).where(Task.id == known)).first() if known else None
    return _row(row) if row else None


def _row(row: Row[Any]) -> TaskRow:
    held = row.lease_until is not None and row.lease_until > datetime.now(UTC)
    return TaskRow(
        id=row.id,
        key=row.key,
        number=row.number,
        step=TaskStep(row.step),
        role=Role(row.role),
        office=row.office,
        since=row.since,
        due_at=row.due_at,
        barred=tuple(row.barred),
        state=row.state,
        owner=row.owner if held else None,
    )


def uuid_of(identity: UUID | str) -> UUID | None:
    """The id that a text stands for, or None: texts come from callers."""
    try:
        return identity if isinstance(identity, UUID) else UUID(identity)
    except ValueError:
        return None


def _after(cursor: str) -> ColumnElement[Any]:
    since, task_id = decode(cursor, 2)
    try:
        place = datetime.fromisoformat(since), UUID(task_id)
    except ValueError as error:
        raise BadCursor("not a cursor") from error
    return tuple_(as_type(place[0], DateTime(timezone=True)), as_type(place[1], Uuid))
