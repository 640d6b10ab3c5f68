"""The desk's pages of closed days: what closing a day would do, closing it, and how far its people are."""

from datetime import date
from typing import Any

from pydantic import ValidationError
from starlette.responses import Response

from activities.storage import closures
from api.fields import IsoDate
from api.installation import Caller, House
from api.officers.pages_work import DESK, place_of
from api.offices.closures import ClosureForm, ReopeningForm
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.problems import Problem
from workflows.case.facts import Actor, Role

routes = pages()
CLOSURES = DESK + "/closures"
FIELDS = ("date", "reason")


@routes.get(CLOSURES)
async def list_closures(page: Shown, actor: Caller, house: House) -> Response:
    """The closed days ahead, and the form for another."""
    return await _listed(page, house, actor, {})


@routes.post(CLOSURES)
async def close(page: Shown, actor: Caller, house: House) -> Response:
    """First what it would do; then, when that is confirmed, close the day."""
    today = await house.database.read(closures.today, actor.office)
    try:
        form = ClosureForm.model_validate({name: page.field(name) for name in FIELDS})
    except ValidationError as error:
        names = {str(one["loc"][0]) for one in error.errors()}
        return await _listed(page, house, actor, {name: page.t(f"wrong.closure.{name}") for name in names})
    if form.date < today:
        return await _listed(page, house, actor, {"date": page.t("wrong.closure.date")})
    if page.field("sure") != "yes":
        return await _foreseen(page, house, actor, form)
    await house.database.run(closures.close_day, actor.office, form.date, form.reason, actor.id)
    return page.go(f"{CLOSURES}/{form.date.isoformat()}")


@routes.get(CLOSURES + "/{day}")
async def show(day: IsoDate, page: Shown, actor: Caller, house: House) -> Response:
    """How far the people of a closed day are."""
    return await _progress(page, house, actor, day)


@routes.post(CLOSURES + "/{day}")
async def reopen(day: IsoDate, page: Shown, actor: Caller, house: House) -> Response:
    """Take a closure back that was a mistake."""
    try:
        form = ReopeningForm(reason=page.field("reason"))
    except ValidationError:
        return await _progress(page, house, actor, day, "wrong.closure.why")
    code = await house.database.run(closures.reopen_day, actor.office, day, form.reason, actor.id)
    if code == "people_moved":
        return await _progress(page, house, actor, day, "wrong.closure.people_moved")
    return page.go(CLOSURES)


async def _listed(page: Page, house: House, actor: Actor, wrong: dict[str, str]) -> Response:
    about: dict[str, Any] = {
        "place": await place_of(house, actor),
        "closed": await house.database.read(closures.closed_days, actor.office),
        "today": await house.database.read(closures.today, actor.office),
        "may_close": Role.SUPERVISOR in actor.roles,
        "typed": {name: page.field(name)[:1000] for name in FIELDS},
        "wrong": wrong,
        "errors": [(name, wrong[name]) for name in FIELDS if name in wrong],
    }
    return page.show("desk/closures.html", 422 if wrong else 200, **about)


async def _foreseen(page: Page, house: House, actor: Actor, form: ClosureForm) -> Response:
    found = await house.database.read(closures.foreseen, actor.office, form.date)
    terms = await house.database.read(closures.terms, actor.office, form.date)
    place = await place_of(house, actor)
    return page.show("desk/closing.html", form=form, found=found, terms=terms, place=place)


async def _progress(page: Page, house: House, actor: Actor, day: date, wrong: str = "") -> Response:
    closed = await house.database.read(closures.closed_day, actor.office, day)
    if closed is None:
        raise Problem("not_found")
    people = await house.database.read(closures.people_of, actor.office, day)
    about: dict[str, Any] = {
        "place": await place_of(house, actor),
        "closed": closed,
        "without": [one for one in people if one.unplaced_at and one.now_at is None],
        "moved": [one for one in people if one.now_at],
        "may_open": Role.SUPERVISOR in actor.roles and not closed.moved,
        "typed": page.field("reason")[:1000],
        "errors": [("reason" if wrong.endswith("why") else "stands", page.t(wrong))] if wrong else [],
    }
    return page.show("desk/closure.html", 422 if wrong else 200, **about)
