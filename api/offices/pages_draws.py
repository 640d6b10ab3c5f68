"""Pages of draws: for everybody what was committed to and what came of it; at the desk, opening one."""

from datetime import UTC, datetime, time
from typing import Any

from pydantic import ValidationError
from starlette.responses import Response

from activities.storage.reads import draws as reads
from api.installation import Caller, House
from api.officers.pages_work import DESK, place_of
from api.offices.draws import DrawForm, DrawId, opened, the_draw
from api.pages.dates import zone
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.problems import Problem
from workflows.case.facts import Actor

routes = pages()
DRAWS = DESK + "/draws"
FIELDS = ("lane", "first_day", "last_day", "closes_on", "closes_at")
NOT_NOW = ("nothing_to_draw", "draw_exists")
LISTED = 200  # entries on the page; the document has all of them
DEFAULTS = {"closes_at": "16:00"}


@routes.get("/draws")
async def list_draws(page: Shown, house: House) -> Response:
    """The draws of all offices, the newest first."""
    return page.show("draws.html", draws=await house.database.read(reads.all_draws))


@routes.get("/draws/{draw}")
async def show_draw(draw: DrawId, page: Shown, house: House, id: str = "") -> Response:
    """One draw: the commitment, how many entered, the result by rank, and how to count it again."""
    found = await the_draw(house, draw)
    entries = sorted(await house.database.read(reads.draw_list, draw), key=lambda one: (one.rank, one.id))
    own = next((one for one in entries if one.id == id), None)
    about: dict[str, Any] = {"draw": found, "entries": entries[:LISTED], "more": len(entries) > LISTED, "own": own}
    return page.show("draw.html", asked=id, **about)


@routes.get(DRAWS)
async def at_desk(page: Shown, actor: Caller, house: House) -> Response:
    """The draws of the office, and the form for another."""
    return await _desk(page, house, actor, {})


@routes.post(DRAWS)
async def open_one(page: Shown, actor: Caller, house: House) -> Response:
    """Commit to a seed for the days."""
    place = await place_of(house, actor)
    try:
        form = _form(page, place.offset)
    except ValueError as error:
        named = {str(one["loc"][0]) for one in error.errors()} if isinstance(error, ValidationError) else {"closes_at"}
        return await _desk(page, house, actor, {name: page.t(f"wrong.draw.{name}") for name in named})
    try:
        made = await opened(house, actor, actor.office, form)
    except Problem as problem:
        if problem.code in NOT_NOW:
            return await _desk(page, house, actor, {"first_day": page.t(f"wrong.draw.{problem.code}")})
        if problem.code != "invalid_input":
            raise
        field = str(problem.about["errors"][0]["pointer"]).removeprefix("/")
        return await _desk(page, house, actor, {field: page.t(f"wrong.draw.{field}")})
    return page.go(f"/draws/{made.id}")


def _form(page: Page, offset: int) -> DrawForm:
    """The form as the API knows it; the window opens at once, and closes by the office's clock. Raises `ValueError`."""
    fields = {name: page.field(name) for name in ("lane", "first_day", "last_day")}
    day = datetime.strptime(page.field("closes_on"), "%Y-%m-%d").date()  # noqa: DTZ007 - the office's zone comes next
    closes = datetime.combine(day, time.fromisoformat(page.field("closes_at")), tzinfo=zone(offset))
    return DrawForm.model_validate({**fields, "closes_at": closes})


async def _desk(page: Page, house: House, actor: Actor, wrong: dict[str, str]) -> Response:
    place, days = await place_of(house, actor), await house.database.read(reads.drawable_days, actor.office)
    about: dict[str, Any] = {
        "place": place,
        "draws": await house.database.read(reads.draws_of, actor.office),
        "days": days,
        "lanes": sorted({one.lane for one in days}),
        "today": datetime.now(UTC).astimezone(zone(place.offset)).date(),
        "typed": {name: page.field(name)[:40] or ("" if wrong else DEFAULTS.get(name, "")) for name in FIELDS},
        "wrong": wrong,
        "errors": [(name, wrong[name]) for name in FIELDS if name in wrong],
    }
    return page.show("desk/draws.html", 422 if wrong else 200, **about)
