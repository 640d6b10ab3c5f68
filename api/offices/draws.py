"""Draws of an office's days: what is committed to, what came of it, all of it for everybody; a supervisor opens one."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path
from pydantic import BaseModel

from activities.storage import draws
from activities.storage.reads import draws as reads
from api.fields import Form, IsoDate, Moment
from api.installation import Caller, House, Installation
from api.listing import Listed
from api.lookup import KnownOffice
from api.problems import Problem, invalid
from api.routing import router
from workflows.case.facts import Actor, Lane

routes = router("offices")
DrawId = Annotated[UUID, Path()]
MOST_DAYS = 31
HOW = (
    "sha256(seed) = seed_hash; list_hash = sha256 of the lines '<id> <lot>\\n' by id; rank = place of"
    " sha256('<seed> <list_hash> <draw id> <lot>') among all lots, smallest first. `paspor draw verify` does it."
)


class DrawForm(Form):
    """Days to give by lot, and the window in which people enter; without `opens_at` it opens at once."""

    lane: Lane = Lane.REGULAR
    first_day: IsoDate
    last_day: IsoDate
    opens_at: Moment | None = None
    closes_at: Moment


class DrawShown(BaseModel):
    """A draw. `seed_hash` is published before anybody enters; `seed` and `list_hash` when the window has closed."""

    id: UUID
    office: str
    lane: Lane
    first_day: date
    last_day: date
    opens_at: datetime
    closes_at: datetime
    committed_at: datetime
    revealed_at: datetime | None
    state: reads.Phase
    seats: int
    count: int
    seed_hash: str
    seed: str | None
    list_hash: str | None


class EntryListed(BaseModel):
    """One entry: a salted id, the lot (a family has one), its rank, and the day of the seat that was offered."""

    id: str
    lot: str
    rank: int
    first_day: date
    last_day: date
    outcome: Literal["won", "not_drawn", "skipped", "left"] | None
    day: date | None


class DrawWhole(DrawShown):
    """A draw with all of its entries, once it is drawn, and how to count it again."""

    lots: int
    how: str
    entries: list[EntryListed]


@routes.get("/v1/offices/{office}/draws")
async def list_draws(office: KnownOffice, house: House) -> Listed[DrawShown]:
    """The draws of an office, the newest first."""
    found = await house.database.read(reads.draws_of, office)
    return Listed(items=[DrawShown(**_about(one)) for one in found])


@routes.get("/v1/draws/{draw}")
async def draw_whole(draw: DrawId, house: House) -> DrawWhole:
    """What anybody needs to count a draw again."""
    found = await the_draw(house, draw)
    listed = await house.database.read(reads.draw_list, draw)
    entries = [EntryListed.model_validate(entry, from_attributes=True) for entry in listed]
    return DrawWhole(**_about(found), lots=found.lots, how=HOW, entries=entries)


@routes.post("/v1/offices/{office}/draws", status_code=201)
async def open_draw(office: KnownOffice, form: DrawForm, actor: Caller, house: House) -> DrawShown:
    """Commit to a seed for days of a lane; nothing of it can be changed afterwards."""
    return DrawShown(**_about(await opened(house, actor, office, form)))


async def opened(house: Installation, actor: Actor, office: str, form: DrawForm) -> reads.DrawRow:
    """Open the draw as the form says; raises the problem that stands against it."""
    if not 0 <= (form.last_day - form.first_day).days < MOST_DAYS:
        raise invalid("/last_day", f"is before the first day, or more than {MOST_DAYS} days are drawn at once")
    new = draws.NewDraw(office=office, opened_by=actor.id, **dict(form))
    try:
        made = await house.database.run(draws.open_draw, new, house.keys.columns)
    except draws.WindowOver as error:
        raise invalid("/closes_at", "the window ends before it begins, or begins before now") from error
    except draws.NothingToDraw as error:
        raise Problem("nothing_to_draw") from error
    except draws.DrawnAlready as error:
        raise Problem("draw_exists") from error
    return await the_draw(house, made)


async def the_draw(house: Installation, draw: UUID) -> reads.DrawRow:
    """One draw; raises `not_found`."""
    found = await house.database.read(reads.draw, draw)
    if found is None:
        raise Problem("not_found")
    return found


def _about(draw: reads.DrawRow) -> dict[str, object]:
    fields = {name: getattr(draw, name) for name in reads.DrawRow.__slots__ if name in DrawShown.model_fields}
    return {**fields, "state": draw.phase, "count": draw.entered}
