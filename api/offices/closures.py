"""Days that an office closes: nobody gets a seat of them any more, and their people are given others."""

from datetime import datetime

from fastapi import Response
from pydantic import BaseModel

from activities.storage import closures
from api.fields import Form, IsoDate, Reason
from api.installation import Caller, House, Installation
from api.listing import Listed
from api.lookup import KnownOffice
from api.problems import Problem, invalid
from api.routing import router

routes = router("offices")
CLOSURES = "/v1/offices/{office}/closures"


class ClosureForm(Form):
    """A day on which the office is closed."""

    date: IsoDate
    reason: Reason


class ReopeningForm(Form):
    """Why a closure is taken back."""

    reason: Reason


class ClosureShown(BaseModel):
    """The office is closed on that day; how many people had a seat of it, and how many have another one by now.

    `unplaced` are those of the `waiting` for whom no seat is free yet: they come first when one appears.
    """

    office: str
    date: IsoDate
    reason: str
    people: int
    moved: int
    waiting: int
    unplaced: int


class ReopenedShown(BaseModel):
    """The day is open again, and everybody has the seat that they had."""

    office: str
    date: IsoDate


class PersonShown(BaseModel):
    """Somebody of a closed day, by the office's clock; `now_at` is left out while they have no other seat."""

    application: str
    state: str
    was_at: datetime
    now_at: datetime | None = None
    refusals: int


class ProgressShown(ClosureShown):
    """A closed day with its people."""

    moves: list[PersonShown]


@routes.post(CLOSURES, responses={202: {"model": ClosureShown}})
async def close(office: KnownOffice, form: ClosureForm, actor: Caller, house: House, answer: Response) -> ClosureShown:
    """Close the office for a day; 202 when people have to be moved, which the next pass of the relay does."""
    if form.date < await house.database.read(closures.today, office):
        raise invalid("/date", "is over")
    await house.database.run(closures.close_day, office, form.date, form.reason, actor.id)
    closed = await _closed(house, office, form.date)
    answer.status_code = 202 if closed.people else 200
    # Closed twice is closed once: the reason that stands is the first one.
    return _shown(office, closed)


@routes.get(CLOSURES)
async def closed_days(office: KnownOffice, house: House) -> Listed[ClosureShown]:
    """The closed days ahead, and earlier ones whose people have no other seat yet."""
    found = await house.database.read(closures.closed_days, office)
    return Listed(items=[_shown(office, one) for one in found])


@routes.get(CLOSURES + "/{day}", response_model_exclude_none=True)
async def progress(office: KnownOffice, day: IsoDate, house: House) -> ProgressShown:
    """How far the people of a closed day are: first who has no other seat yet, in the order of booking."""
    closed = await _closed(house, office, day)
    people = await house.database.read(closures.people_of, office, day)
    moves = [
        PersonShown(
            application=one.number, state=one.state, was_at=one.was_at, now_at=one.now_at, refusals=one.refusals
        )
        for one in people
    ]
    return ProgressShown(**_shown(office, closed).model_dump(), moves=moves)


@routes.post(CLOSURES + "/{day}/reopening")
async def reopen(office: KnownOffice, day: IsoDate, form: ReopeningForm, actor: Caller, house: House) -> ReopenedShown:
    """Take back a closure that was a mistake; 409 `people_moved` when somebody has another seat already."""
    code = await house.database.run(closures.reopen_day, office, day, form.reason, actor.id)
    if code != "ok":
        raise Problem("not_found" if code == "not_closed" else code)
    return ReopenedShown(office=office, date=day)


async def _closed(house: Installation, office: str, day: IsoDate) -> closures.Closed:
    found = await house.database.read(closures.closed_day, office, day)
    if found is None:
        raise Problem("not_found")
    return found


def _shown(office: str, closed: closures.Closed) -> ClosureShown:
    return ClosureShown(
        office=office,
        date=closed.day,
        reason=closed.reason,
        people=closed.people,
        moved=closed.moved,
        waiting=closed.waiting,
        unplaced=closed.unplaced,
    )
