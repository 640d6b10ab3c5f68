"""An application in draws: enter with the family, see the own entries with what proves them, leave."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from activities.storage import draws
from activities.storage.reads import draws as reads
from api.fields import Form, IsoDate
from api.installation import House, Installation
from api.listing import Listed
from api.lookup import VisibleCase
from api.problems import Problem, invalid
from api.routing import router

routes = router("applicants")
CASE = "/v1/applications/{number}"
AS_PROBLEM = {"no_draw": "not_found", "not_bookable": "not_your_turn", "holds_seat": "already_has_seat"}


class EntryForm(Form):
    """Which draw, and on which of its days one could come; without days, on all of them."""

    draw: UUID
    first: IsoDate | None = Field(None, alias="from")
    last: IsoDate | None = Field(None, alias="to")


class Offer(BaseModel):
    """The seat that was drawn; it is taken by `PUT appointment` with its slot."""

    slot_id: str
    starts_at: datetime
    until: datetime


class EntryShown(BaseModel):
    """One's own entry. `id` is in the published list; it is `sha256("<number> <salt>")` and nobody else's."""

    draw: UUID
    office: str
    id: str
    salt: str
    first_day: date
    last_day: date
    closes_at: datetime
    rank: int | None
    lots: int | None
    outcome: reads.Outcome | None
    why: str
    offer: Offer | None


@routes.get(CASE + "/draw")
async def own_entries(case: VisibleCase, house: House) -> Listed[EntryShown]:
    """The entries of the application, the newest draw first."""
    return Listed(items=[_shown(one) for one in await house.database.read(reads.own_entries, case.number)])


@routes.post(CASE + "/draw", status_code=201)
async def enter(form: EntryForm, case: VisibleCase, house: House) -> EntryShown:
    """Enter a draw with all of the family, or change the days; who does it again has the same entry as before."""
    await entered(house, case.number, form)
    found = await house.database.read(reads.own_entries, case.number)
    return next(_shown(one) for one in found if one.draw_id == form.draw)


@routes.delete(CASE + "/draw")
async def leave(case: VisibleCase, house: House, draw: Annotated[UUID | None, Query()] = None) -> Listed[EntryShown]:
    """Leave one draw, or all that have not given a seat; the entry stays in the list, and gets nothing."""
    for one in await house.database.read(reads.own_entries, case.number):
        if draw in (None, one.draw_id):
            await house.database.run(draws.leave, case.number, one.draw_id)
    return await own_entries(case, house)


async def entered(house: Installation, number: str, form: EntryForm) -> None:
    """Enter as the form says; raises the problem that stands against it."""
    code = await house.database.run(draws.enter, number, form.draw, form.first, form.last)
    if code == "other_days":
        raise invalid("/from", "the draw has other days")
    if code != "ok":
        raise Problem(AS_PROBLEM.get(code, code))


def _shown(one: reads.OwnEntry) -> EntryShown:
    offer = None
    if one.slot_id and one.starts_at and one.until:
        offer = Offer(slot_id=one.slot_id, starts_at=one.starts_at, until=one.until)
    fields = {name: getattr(one, name) for name in EntryShown.model_fields if hasattr(one, name)}
    return EntryShown(**fields, draw=one.draw_id, offer=offer)
