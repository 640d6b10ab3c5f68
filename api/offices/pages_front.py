"""The front desk: somebody is here, by the number of their application."""

import re
from typing import Any

from pydantic import ValidationError
from starlette.responses import Response

from api.current import view_of
from api.installation import Caller, House
from api.lookup import NUMBER, find_case
from api.officers.pages_work import DESK, Place, place_of
from api.offices.checkin import ArrivalForm, Arrived, arrived, check_in
from api.pages import dates
from api.pages.acting import FormId
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.problems import Problem
from workflows.case.record import CaseView

routes = pages()
CHECK_IN = DESK + "/check-in"
# What a person at the front desk hears; each has its words.
SAID = ("wrong_day", "already_checked_in", "not_your_turn", "not_found")


@routes.get(CHECK_IN)
async def front(page: Shown, actor: Caller, house: House, here: str = "") -> Response:
    """The one field; above it the ticket of who was checked in just now."""
    came = await _ticket(house, actor, here, page.language) if re.fullmatch(NUMBER, here) else None
    return page.show("desk/check_in.html", typed="", came=came, **await _about(house, actor))


@routes.post(CHECK_IN)
async def comes(page: Shown, actor: Caller, house: House, message_id: FormId) -> Response:
    """Check in by the very code of the API, and show the ticket; else say what to do."""
    written = page.field("number")
    try:
        form = ArrivalForm(number=re.sub(r"\s", "", written))
        await check_in(actor.office, form, actor, house, message_id, page.language)
    except ValidationError:
        return await _not(page, house, actor, written, page.t("desk.wrong.number"))
    except Problem as problem:
        if problem.code not in SAID:
            raise
        said = await _advice(page, house, actor, form.number or "", problem.code)
        return await _not(page, house, actor, written, said)
    return page.go(f"{CHECK_IN}?here={form.number}")


async def _not(page: Page, house: House, actor: Caller, written: str, said: str) -> Response:
    about = await _about(house, actor)
    return page.show("desk/check_in.html", 422, typed=written[:40], came=None, errors=[("number", said)], **about)


async def _about(house: House, actor: Caller) -> dict[str, Any]:
    return {"place": await place_of(house, actor)}


async def _ticket(house: House, actor: Caller, number: str, language: str) -> Arrived | None:
    case = await find_case(house, actor, number)
    view = await view_of(house, case.number)
    if view.ticket is None or case.office != actor.office:
        return None
    return await arrived(house, actor.office, case.number, view.ticket, language)


async def _advice(page: Page, house: House, actor: Caller, number: str, code: str) -> str:
    """A refusal in words that help the person at the desk; the appointment's day where that is the point."""
    view = await view_of(house, number) if code != "not_found" else None
    if view is None:
        return page.t("desk.checkin.not_found")
    place = await place_of(house, actor)
    return page.t(f"desk.checkin.{code}", **_facts(page, view, place))


def _facts(page: Page, view: CaseView, place: Place) -> dict[str, str]:
    seat = view.appointment
    when = dates.moment(seat.starts_at, page.language, place.offset) if seat else "-"
    return {"when": when, "ticket": view.ticket.number if view.ticket else "-"}
