"""Where an application stands, for who knows its number and the birth date: open also while the issuer is away.

It says no more than whose turn it is and when to come: no name, no document, nothing to do. A wrong number and a wrong
date are answered alike, and the tries are counted by number and by address (rule `limits`, `status`).
"""

import secrets
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.requests import Request

from activities.keyring import KeyRing
from activities.storage import reads
from api.fields import BirthDate, Form
from api.installation import House, Installation
from api.lookup import NUMBER
from api.problems import Problem
from api.routing import SHOWN, router
from workflows.case.facts import Ending, Stage, Turn
from workflows.case.record import CaseView

routes = router("applicants")
NO_ONES = date(1, 1, 1)


class StatusForm(Form):
    """What only the applicant should know."""

    number: Annotated[str, Field(pattern=NUMBER)]
    birth_date: BirthDate


class TurnShown(BaseModel):
    """Whose turn it is."""

    who: Turn


class PromisedShown(BaseModel):
    """The one collection date."""

    collect_on: date


class VisitShown(BaseModel):
    """When and where the person is expected, in the office's time."""

    office: str
    starts_at: datetime


class StatusShown(BaseModel):
    """Where the application stands."""

    stage: Stage
    ending: Ending | None
    next_step: TurnShown
    appointment: VisitShown | None = None
    promise: PromisedShown | None = None


@routes.post("/v1/status", **SHOWN)
async def status(form: StatusForm, request: Request, house: House) -> StatusShown:
    """Stage, whose turn it is, the appointment and the promised date; `not_found` unless number and date belong."""
    return await looked_up(house, request, form)


async def looked_up(house: Installation, request: Request, form: StatusForm) -> StatusShown:
    """The same for a page; raises `not_found` and `too_many_requests`."""
    await house.limits.check_about(request, "status", "number", form.number)
    view = await house.database.read(_found, form, house.keys.columns)
    if view is None:
        raise Problem("not_found")
    # Who knows both guesses nothing, and may look as often as they like.
    await house.limits.give_back("status", "number", form.number)
    return _shown(view)


def _found(connection: Connection, form: StatusForm, ring: KeyRing) -> CaseView | None:
    person = reads.applicant(connection, form.number, ring)
    row = reads.application(connection, form.number)
    born = person.birth_date if person else NO_ONES
    same = secrets.compare_digest(born.isoformat(), form.birth_date.isoformat())
    return row.view if row and same else None


def _shown(view: CaseView) -> StatusShown:
    about: dict[str, object] = {}
    seat = view.appointment
    if seat is not None and view.ending is None:
        about["appointment"] = VisitShown(office=seat.office, starts_at=seat.local(seat.starts_at))
    if view.promise is not None:
        about["promise"] = PromisedShown(collect_on=view.promise.collect_on)
    turn = TurnShown(who=view.next_step.who)
    return StatusShown.model_validate({"stage": view.stage, "ending": view.ending, "next_step": turn, **about})
