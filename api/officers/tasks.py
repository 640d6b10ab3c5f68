"""Officers' tasks: the next one is given, choosing one needs a reason, and a lease keeps two from doing the same."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import BaseModel

from activities.storage import claims
from activities.storage.claims import Claimed, TaskRow
from api.fields import OFFICE_ID, Form, Text
from api.idempotency import MessageId
from api.installation import Caller, House
from api.listing import Cursor, Limit, Listed, paged
from api.problems import Problem, invalid
from api.routing import router
from workflows.case.facts import Actor
from workflows.case.record import DECIDERS, TaskStep

routes = router("officers")
TaskId = Annotated[UUID, Path()]
LeaseId = Annotated[UUID, Path()]

# The usual role of a step's task.
ROLE_OF = {step: roles[0] for step, roles in DECIDERS.items()}


class StepForm(Form):
    """A task of which step."""

    step: TaskStep


class ChoiceForm(Form):
    """Why this task and not the next one."""

    reason: Text = ""


NO_REASON = ChoiceForm()


class TaskShown(BaseModel):
    """Work that waits for an officer; `owner` is who holds it."""

    id: UUID
    step: TaskStep
    application: str
    since: datetime
    due_at: datetime | None
    owner: str | None = None


class Lease(BaseModel):
    """The right to decide, until when. `id` goes into the decision."""

    id: str
    until: datetime


class Given(BaseModel):
    """A task, and the lease on it."""

    task: TaskShown
    lease: Lease


class Dropped(BaseModel):
    """The task that was given back."""

    task: UUID
    lease: None = None


@routes.get("/v1/tasks", response_model_exclude_unset=True)
async def list_tasks(
    actor: Caller,
    house: House,
    step: TaskStep | None = None,
    office: Annotated[str, Query(pattern=OFFICE_ID)] = "",
    state: Literal["open", "done"] = "open",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listed[TaskShown]:
    """The tasks of the caller's office and roles, oldest first."""
    if office not in ("", actor.office):
        raise Problem("role_not_allowed")
    page = await paged(
        house.database.read(claims.tasks, actor.office, actor.roles, step, state, limit=limit, cursor=cursor)
    )
    return Listed(items=[_shown(row) for row in page.items], next=page.next)


@routes.post(
    "/v1/tasks/next",
    response_model=Given,
    response_model_exclude_unset=True,
    responses={204: {"description": "nothing waits"}},
)
async def next_task(form: StepForm, actor: Caller, house: House, message: MessageId = "") -> Given | Response:
    """The most urgent task of a step that nobody holds; 204 when there is none."""
    _require(actor, form.step)
    claimed = await house.database.run(claims.next_task, form.step, actor.office, actor.id, actor.roles, message)
    return _given(claimed) if claimed else Response(status_code=204)


@routes.post("/v1/tasks/{id}/claim", response_model_exclude_unset=True)
async def claim(id: TaskId, actor: Caller, house: House, form: ChoiceForm = NO_REASON) -> Given:
    """One task by choice, which needs a reason."""
    found = await house.database.run(claims.claim, id, actor.id, actor.roles, actor.office, form.reason)
    if isinstance(found, Claimed):
        return _given(found)
    if found.code == "reason_required":
        raise invalid("/reason", "choosing a task needs a reason")
    raise Problem("not_found" if found.code == "no_such_task" else found.code)


@routes.delete("/v1/tasks/{id}/claim")
async def drop(id: TaskId, actor: Caller, house: House) -> Dropped:
    """Give a task back, so that somebody else can take it."""
    if not await house.database.run(claims.drop_task, id, actor.id):
        raise Problem("lease_lost")
    return Dropped(task=id)


@routes.post("/v1/leases/{id}")
async def renew(id: LeaseId, actor: Caller, house: House) -> Lease:
    """Hold a lease for its full length from now."""
    until = await house.database.run(claims.renew, str(id), actor.id)
    if until is None:
        raise Problem("lease_lost")
    return Lease(id=str(id), until=until)


def _require(actor: Actor, step: TaskStep) -> None:
    if not set(DECIDERS[step]) & set(actor.roles):
        raise Problem("role_not_allowed")


def _given(claimed: Claimed) -> Given:
    return Given(task=_shown(claimed.task), lease=Lease(id=claimed.lease_id, until=claimed.until))


def _shown(row: TaskRow) -> TaskShown:
    held = {"owner": row.owner} if row.owner else {}
    return TaskShown(id=row.id, step=row.step, application=row.number, since=row.since, due_at=row.due_at, **held)
