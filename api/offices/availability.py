"""Offices and their free seats, for everybody."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from activities.storage import reads
from api.fields import IsoDate, OfficeId
from api.installation import House
from api.listing import Listed
from api.problems import Problem, invalid
from api.routing import router
from workflows.case.facts import Lane

routes = router("offices")
MOST_DAYS = 92


class OfficeShown(BaseModel):
    """An office; `time_zone` is the zone of all its dates."""

    id: str
    name: str
    time_zone: str
    lanes: list[Lane]


class SlotShown(BaseModel):
    """A time with seats. `id` is opaque."""

    id: str
    starts_at: datetime
    ends_at: datetime
    seats: int
    left: int


class DayShown(BaseModel):
    """A day at the office: why there are no seats, when the next are released, what the office has least of."""

    date: date
    seats: int
    left: int
    closed_reason: str | None = None
    opens_at: datetime | None = None
    limited_by: str | None = None
    slots: list[SlotShown]


class Availability(BaseModel):
    """Free seats of one lane; `limited_by` is what there is least of, on the first day that the office is open."""

    office: str
    lane: Lane
    days: list[DayShown]
    limited_by: str


@routes.get("/v1/offices")
async def list_offices(house: House) -> Listed[OfficeShown]:
    """All offices."""
    found = await house.database.read(reads.offices)
    return Listed(items=[OfficeShown.model_validate(office, from_attributes=True) for office in found])


@routes.get("/v1/offices/{office}/availability", response_model_exclude_unset=True)
async def availability(
    office: OfficeId,
    house: House,
    first: Annotated[IsoDate, Query(alias="from")],
    last: Annotated[IsoDate, Query(alias="to")],
    lane: Lane = Lane.REGULAR,
) -> Availability:
    """Free seats from one office date to another, both included."""
    if not 0 <= (last - first).days <= MOST_DAYS:
        raise invalid("/query/to", f"is before `from`, or more than {MOST_DAYS} days after it")
    found = await house.database.read(reads.availability, office, lane, first, last)
    if found is None:
        raise Problem("not_found")
    return Availability(
        office=found.office,
        lane=found.lane,
        days=[_day(day) for day in found.days],
        limited_by=found.limited_by,
    )


def _day(day: reads.Day) -> DayShown:
    slots = [SlotShown.model_validate(slot, from_attributes=True) for slot in day.slots]
    why = {"closed_reason": day.closed_reason} if day.closed_reason else {}
    opens = {"opens_at": day.opens_at} if day.opens_at else {}
    limit = {"limited_by": day.limited_by} if day.limited_by else {}
    return DayShown(date=day.date, seats=day.seats, left=day.left, slots=slots, **why, **opens, **limit)
