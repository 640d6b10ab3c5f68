"""The page of a closed day: what happened to the appointment and why, and the refusals."""

from starlette.responses import Response

from activities.storage import moving
from api.applicants.reseating import refuse, shown
from api.installation import Installation
from api.lookup import VisibleCase
from api.pages.acting import Acting, SeenCase
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.problems import Problem

routes = pages()
MINE = "/applications/{number}/reseating"
REFUSED = ("no_other_seat", "refusals_used", "too_late", "not_your_turn", "overloaded")


@routes.get(MINE)
async def explain(case: SeenCase, page: Shown) -> Response:
    """What happened and why; the tracker where nothing did."""
    return await _page(page, page.house, case.number)


@routes.post(MINE)
async def say_no(case: VisibleCase, page: Shown, speaker: Acting) -> Response:
    """Refuse by the very code of the API; where that cannot be, the page says why."""
    try:
        await refuse(speaker)
    except Problem as problem:
        if problem.code not in REFUSED:
            raise
        return await _page(page, page.house, case.number, f"wrong.reseated.{problem.code}")
    return page.go(MINE.format(number=case.number))


async def _page(page: Page, house: Installation, number: str, wrong: str = "") -> Response:
    found = await house.database.read(moving.standing, number)
    if found is None:
        return page.go(f"/applications/{number}")
    about = {"number": number, "one": shown(found), "offset": found.utc_offset}
    errors = [("now", page.t(wrong))] if wrong else []
    return page.show("reseated.html", 409 if wrong else 200, errors=errors, **about)
