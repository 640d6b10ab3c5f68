"""Walk-ins: the quota that a supervisor states for a day, and its places for people who need no appointment."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import Query, Response
from pydantic import BaseModel, Field

from activities.storage import walk_ins
from activities.storage.walk_ins import Placed, Quota, TooFew
from api.fields import Form, IsoDate, Reason
from api.idempotency import MessageId
from api.installation import Caller, House, Installation
from api.listing import Listed
from api.lookup import NUMBER, KnownOffice
from api.problems import Problem
from api.routing import SHOWN, router

routes = router("offices")
QUOTA = "/v1/offices/{office}/quota"
WALK_INS = "/v1/offices/{office}/walk-ins"
MOST_PLACES = 1000
AS_PROBLEM = {"not_bookable": "not_your_turn", "has_seat": "already_has_seat"}


class QuotaForm(Form):
    """How many people are served on a day without an appointment, and why."""

    date: IsoDate
    walk_ins: Annotated[int, Field(ge=0, le=MOST_PLACES, strict=True)]
    reason: Reason


class QuotaShown(BaseModel):
    """The quota of a day: `left` is for who comes now, `noted` are those of an earlier day, who come first."""

    office: str
    date: date
    walk_ins: int
    taken: int
    noted: int
    left: int
    reason: str


class WalkInForm(Form):
    """Somebody is here without an appointment: the application that was filed, and the ground for the lane."""

    number: Annotated[str, Field(pattern=NUMBER)]
    lane: Literal["priority"]
    ground: Reason


class WalkInSeat(BaseModel):
    """The seat of today."""

    slot_id: str
    starts_at: datetime
    ends_at: datetime


class WalkInShown(BaseModel):
    """`seated` today, or `noted` for the office's next day as the `place`-th of its list."""

    number: str
    state: Literal["seated", "noted"]
    date: date
    place: int
    appointment: WalkInSeat | None = None


class WalkInLine(BaseModel):
    """One line of the office's list."""

    number: str
    ground: str
    state: str
    at: datetime


@routes.get(QUOTA)
async def read_quota(
    office: KnownOffice, house: House, day: Annotated[IsoDate | None, Query(alias="date")] = None
) -> QuotaShown:
    """The quota of today, or of another day."""
    on = await _day(house, office, day)
    return _shown(await house.database.read(walk_ins.quota, office, on))


@routes.put(QUOTA)
async def set_quota(office: KnownOffice, form: QuotaForm, actor: Caller, house: House) -> QuotaShown:
    """State it; who did so and why is recorded. `too_late` below what was given already, and for a day that is over."""
    if form.date < await house.database.read(walk_ins.today, office):
        raise Problem("too_late")
    try:
        found = await house.database.run(walk_ins.set_quota, office, form.date, form.walk_ins, form.reason, actor.id)
    except TooFew:
        raise Problem("too_late") from None
    return _shown(found)


@routes.post(WALK_INS, status_code=201, **SHOWN)
async def come(
    office: KnownOffice, form: WalkInForm, actor: Caller, house: House, message_id: MessageId, response: Response
) -> WalkInShown:
    """Give the person a seat of today and its bill; where the quota is used, 202 and a place on the next day's list.

    Check-in is as for everybody, by number, once the bill is paid.
    """
    ring = house.keys.columns
    found = await house.database.run(walk_ins.take, office, form.number, form.ground, actor.id, message_id, ring)
    if found.code not in ("ok", "quota_used"):
        raise Problem(AS_PROBLEM.get(found.code, found.code))
    if found.code == "quota_used":
        response.status_code = 202
    return _placed(form.number, found)


@routes.get(WALK_INS)
async def list_walk_ins(
    office: KnownOffice, house: House, day: Annotated[IsoDate | None, Query(alias="date")] = None
) -> Listed[WalkInLine]:
    """Who was noted for a day, in order, and who was seated on it."""
    on = await _day(house, office, day)
    rows = await house.database.read(walk_ins.of_day, office, on, house.keys.columns)
    return Listed(items=[WalkInLine.model_validate(row, from_attributes=True) for row in rows])


async def _day(house: Installation, office: str, day: date | None) -> date:
    if day is not None:
        return day
    return await house.database.read(walk_ins.today, office)


def _shown(found: Quota) -> QuotaShown:
    return QuotaShown(
        office=found.office,
        date=found.day,
        walk_ins=found.places,
        taken=found.taken,
        noted=found.noted,
        left=found.left,
        reason=found.reason,
    )


def _placed(number: str, found: Placed) -> WalkInShown:
    about: dict[str, Any] = {"number": number, "date": found.day, "place": found.place}
    if found.code == "ok":
        seat = {"slot_id": found.slot_id, "starts_at": found.starts_at, "ends_at": found.ends_at}
        about["appointment"] = WalkInSeat.model_validate(seat)
    return WalkInShown.model_validate({**about, "state": "seated" if found.code == "ok" else "noted"})
