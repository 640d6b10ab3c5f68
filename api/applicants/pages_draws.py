"""The applicant's page of draws: enter one, see the own number and what came of it, take the seat, leave."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from starlette.responses import Response

from activities.storage import draws as storage
from activities.storage import reads as all_reads
from activities.storage.reads import draws as reads
from api.acts import Speaker
from api.applicants.appointment import take_seat
from api.applicants.draws import EntryForm, entered
from api.applicants.families import take_seats
from api.applicants.forms import SeatForm
from api.current import current
from api.installation import House, Installation
from api.lookup import VisibleCase
from api.pages.acting import Acting, SeenCase
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.problems import Problem

routes = pages()
MINE = "/applications/{number}/draw"
REFUSED = (
    "draw_closed",
    "draw_not_open",
    "already_entered",
    "wrong_lane",
    "already_has_seat",
    "not_your_turn",
    "slot_full",
    "slot_gone",
    "overloaded",
)


@routes.get(MINE)
async def show(case: SeenCase, page: Shown, house: House) -> Response:
    """The own entries, and the draws that one may enter."""
    return await _shown(page, house, case.number)


@routes.post(MINE)
async def act(case: VisibleCase, page: Shown, house: House, speaker: Acting) -> Response:
    """Enter, leave, or take what was drawn: each button says which."""
    what = page.field("do")
    try:
        if what == "enter":
            await entered(house, case.number, _entry(page))
        elif what == "leave":
            await house.database.run(storage.leave, case.number, UUID(page.field("draw")))
        elif what == "take":
            await _take(speaker, page.field("slot"))
            return page.go(f"/applications/{case.number}/bill")
    except ValueError:
        return await _shown(page, house, case.number, "wrong.draw.days")
    except Problem as problem:
        if problem.code == "invalid_input":
            return await _shown(page, house, case.number, "wrong.draw.days")
        if problem.code not in REFUSED:
            raise
        return await _shown(page, house, case.number, f"refused.{problem.code}")
    return page.go(f"/applications/{case.number}/draw")


def _entry(page: Page) -> EntryForm:
    fields = {name: page.field(name) for name in ("draw", "from", "to")}
    return EntryForm.model_validate({name: value for name, value in fields.items() if value})


async def _take(speaker: Speaker, slot: str) -> None:
    """Take the seat that was drawn, and for a family all of theirs."""
    house, case = speaker.house, speaker.case
    together = await house.database.read(all_reads.to_be_seated_together, case.number)
    family = await house.database.read(all_reads.family, case.family) if case.family and together else None
    if family is None:
        await take_seat(SeatForm(slot_id=slot), speaker)
        return
    found = [await house.database.read(reads.own_entries, member.number) for member in family.members]
    offers = [(one.starts_at, one.slot_id) for entries in found for one in entries if one.starts_at and one.slot_id]
    if not offers:
        raise Problem("slot_gone")
    _, first = min(offers)
    await take_seats(SeatForm(slot_id=first), family, speaker.actor, house, speaker.message_id)


async def _shown(page: Page, house: Installation, number: str, wrong: str = "") -> Response:
    shown = await current(house, number, Response())
    if shown.ending or shown.ticket:
        return page.go(f"/applications/{number}")
    filing = await house.database.read(all_reads.application, number)
    assert filing is not None
    entries = await house.database.read(reads.own_entries, number)
    coming = await house.database.read(reads.coming_draws, filing.service)
    in_already = {one.draw_id for one in entries if one.outcome != "left"}
    about: dict[str, Any] = {
        "entries": [one for one in entries if one.outcome != "left" or not one.open],
        "draws": [(one, _days(one)) for one in coming if one.id not in in_already],
        "seated": shown.appointment is not None and shown.appointment.state != "released",
    }
    errors = [("draws", page.t(wrong))] if wrong else []
    return page.show("my_draw.html", 422 if wrong else 200, shown=shown, errors=errors, **about)


def _days(draw: reads.DrawRow) -> list[Any]:
    return [draw.first_day + timedelta(days=ahead) for ahead in range((draw.last_day - draw.first_day).days + 1)]
