"""The page of the waiting list: join it, see one's place, take or refuse what is offered, leave."""

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.responses import Response

from activities.storage import reads
from activities.storage.reads.waiting import WaitingRow, has_waiting_list, waiting_limits
from activities.storage.reads.waiting import waiting as entry_of
from api.acts import Speaker
from api.applicants.appointment import take_seat
from api.applicants.families import take_seats
from api.applicants.forms import SeatForm
from api.applicants.waiting import WaitingForm, ahead, joined, leave, refused
from api.current import current
from api.installation import House, Installation
from api.lookup import VisibleCase
from api.pages.acting import Acting, SeenCase
from api.pages.dates import zone
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.problems import Problem
from api.shown import Application
from workflows.case.facts import Lane

routes = pages()
WAITING = "/applications/{number}/waiting"
OPEN = ("waiting", "offered")
NOT_NOW = ("no_offer", "already_has_seat", "already_waiting", "no_waiting_list")
SEAT_REFUSED = ("slot_full", "slot_gone", "not_your_turn", "overloaded")


@routes.get(WAITING)
async def show(case: SeenCase, page: Shown, house: House, office: str = "", day: str = "") -> Response:
    """One's place and offer; who does not wait chooses office and days."""
    return await _shown(page, house, case.number, office, day)


@routes.post(WAITING)
async def act(case: VisibleCase, page: Shown, house: House, speaker: Acting) -> Response:
    """Join, take, refuse or leave: each button says which."""
    number, office, what = case.number, page.field("office"), page.field("do")
    try:
        if what == "join":
            return await _join(page, house, speaker)
        if what == "take":
            await _take(page, speaker)
            return page.go(f"/applications/{number}/bill")
        if what == "refuse":
            await _refuse(page, house, speaker)
        elif what == "leave":
            await leave(case, house)
    except Problem as problem:
        if problem.code not in (*NOT_NOW, *SEAT_REFUSED):
            raise
        return await _shown(page, house, number, office, "", f"refused.{problem.code}")
    return page.go(f"/applications/{number}/waiting")


async def _join(page: Page, house: Installation, speaker: Speaker) -> Response:
    number, office = speaker.case.number, page.field("office")
    shown = await current(house, number, Response())
    try:
        form = WaitingForm.model_validate(
            {"office": office, "lane": await _lane(house, shown), "from": page.field("from"), "to": page.field("to")}
        )
        await joined(house, number, form.wish(), speaker.message_id)
    except (ValueError, Problem) as error:
        if isinstance(error, Problem) and error.code != "invalid_input":
            raise
        return await _shown(page, house, number, office, page.field("from"), "wrong.waiting_days")
    return page.go(f"/applications/{number}/waiting")


async def _take(page: Page, speaker: Speaker) -> None:
    house, case = speaker.house, speaker.case
    entry = await house.database.read(entry_of, case.number)
    if entry is None or entry.offer is None or entry.offer.slot_id != page.field("slot"):
        raise Problem("no_offer")
    if case.family is None or not await house.database.read(reads.to_be_seated_together, case.number):
        await take_seat(SeatForm(slot_id=entry.offer.slot_id), speaker)
        return
    family = await house.database.read(reads.family, case.family)
    assert family is not None
    await take_seats(SeatForm(slot_id=entry.offer.first_slot_id), family, speaker.actor, house, speaker.message_id)


async def _refuse(page: Page, house: Installation, speaker: Speaker) -> None:
    """Refuse the very offer that the page showed, not one that came after it."""
    entry = await house.database.read(entry_of, speaker.case.number)
    if entry is None or (entry.offer is not None and entry.offer.slot_id != page.field("slot")):
        raise Problem("no_offer")
    await refused(house, speaker.case.number, speaker.message_id)


async def _shown(page: Page, house: Installation, number: str, office: str, day: str, wrong: str = "") -> Response:
    shown = await current(house, number, Response())
    if shown.ending or shown.ticket:
        return page.go(f"/applications/{number}")
    entry = await house.database.read(entry_of, number)
    status = 422 if wrong else 200
    errors = [("slot", page.t(wrong))] if wrong else []
    if entry and entry.state in OPEN:
        about = await _limits(house, entry.office, entry.utc_offset)
        return page.show("waiting.html", status, shown=shown, errors=errors, **_place(page, entry), **about)
    if shown.appointment and shown.appointment.state != "released":
        return page.go(f"/applications/{number}")
    offices = await house.database.read(reads.offices)
    place = next((one for one in offices if one.id == office), None)
    if place is None:
        return page.go(f"/applications/{number}/appointment")
    return await _form(page, house, shown, place, entry, day, errors)


def _place(page: Page, entry: WaitingRow) -> dict[str, Any]:
    return {"entry": entry, "ahead": ahead(entry, page.language), "left": entry.most_refusals - entry.refusals}


async def _form(
    page: Page,
    house: Installation,
    shown: Application,
    place: reads.OfficeRow,
    last_entry: WaitingRow | None,
    day: str,
    errors: list[tuple[str, str]],
) -> Response:
    today = datetime.now(UTC).astimezone(zone(place.utc_offset)).date()
    if not await house.database.read(has_waiting_list, place.id, today):
        errors = [*errors, ("slot", page.t("refused.no_waiting_list"))]
    about = await _limits(house, place.id, place.utc_offset)
    days = [today + timedelta(days=ahead) for ahead in range(about["limits"]["most_days"])]
    chosen = next((one for one in days if one.isoformat() == day), None)
    dropped = last_entry if last_entry and last_entry.state == "dropped" else None
    about |= {"office": place, "lane": await _lane(house, shown), "days": days, "dropped": dropped}
    about |= {"first": chosen or days[0], "last": chosen or days[-1]}
    return page.show("waiting_join.html", 422 if errors else 200, shown=shown, errors=errors, **about)


async def _limits(house: Installation, office: str, utc_offset: int) -> dict[str, Any]:
    today = datetime.now(UTC).astimezone(zone(utc_offset)).date()
    limits = await house.database.read(waiting_limits, office, today)
    return {"limits": limits, "hours": f"{limits['minutes'] / 60:g}"}


async def _lane(house: Installation, shown: Application) -> Lane:
    filing = await house.database.read(reads.application, shown.number)
    return Lane.SAME_DAY if filing is not None and filing.service == "same_day" else Lane.REGULAR
