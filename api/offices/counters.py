"""Counters: the next person is given by the queue; recall, no-show and park are about the person who was called."""

from typing import Annotated, Literal

from fastapi import Response
from pydantic import BaseModel, Field

from activities.storage import queue
from activities.storage.claims import Refused
from api.fields import CounterId, Form, OfficeId, Text
from api.idempotency import MessageId
from api.installation import Caller, House
from api.officers.tasks import Lease
from api.problems import Problem
from api.routing import router
from workflows.case.record import DECIDERS, TaskStep

routes = router("offices")
COUNTER = "/v1/offices/{office}/counters/{counter}"
ROLE_AT = {"documents": DECIDERS[TaskStep.DOCUMENTS][0], "booth": DECIDERS[TaskStep.INTERVIEW][0]}


class NextForm(Form):
    """For which step the counter serves."""

    step: Literal["documents", "booth"]


class TicketForm(Form):
    """Which ticket, and why."""

    ticket: Annotated[str, Field(pattern=r"^[APS]-[0-9]{1,5}$")]
    reason: Text = ""


class CalledShown(BaseModel):
    """Who was called, and the lease on the decision."""

    ticket: str
    application: str
    lease: Lease


class TicketState(BaseModel):
    """What became of a ticket."""

    ticket: str
    state: str


@routes.post(COUNTER + "/next", response_model=CalledShown, responses={204: {"description": "nobody waits"}})
async def next_person(
    office: OfficeId, counter: CounterId, form: NextForm, actor: Caller, house: House, message: MessageId = ""
) -> CalledShown | Response:
    """Call the next person; 204 when nobody waits."""
    if ROLE_AT[form.step] not in actor.roles:
        raise Problem("role_not_allowed")
    called = await house.database.run(queue.next_person, office, counter, form.step, actor.id, message)
    return _called(called) if called else Response(status_code=204)


@routes.post(COUNTER + "/recall")
async def recall(office: OfficeId, counter: CounterId, form: TicketForm, actor: Caller, house: House) -> CalledShown:
    """Call somebody again, also who was parked or did not show."""
    called = await house.database.run(queue.recall, office, counter, form.ticket, actor.id, actor.roles)
    if isinstance(called, Refused):
        raise Problem(called.code)
    if called is None:
        raise Problem("not_found")
    return _called(called)


@routes.post(COUNTER + "/no-show")
async def no_show(office: OfficeId, counter: CounterId, form: TicketForm, actor: Caller, house: House) -> TicketState:
    """The person did not come to the counter."""
    if not await house.database.run(queue.no_show, office, form.ticket, actor.id, form.reason):
        raise Problem("not_found")
    return TicketState(ticket=form.ticket, state="no_show")


@routes.post(COUNTER + "/park")
async def park(office: OfficeId, counter: CounterId, form: TicketForm, actor: Caller, house: House) -> TicketState:
    """The person waits aside, such as for a copy, and is called again by a recall."""
    if not await house.database.run(queue.park, office, form.ticket, actor.id, form.reason):
        raise Problem("not_found")
    return TicketState(ticket=form.ticket, state="parked")


def _called(called: queue.Called) -> CalledShown:
    lease = Lease(id=called.lease_id, until=called.until)
    return CalledShown(ticket=called.ticket, application=called.number, lease=lease)
