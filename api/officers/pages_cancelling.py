"""The head of an office cancels a case: found by its number, one question, a reason."""

from pydantic import ValidationError
from starlette.responses import Response

from api.current import current
from api.installation import Caller, House
from api.lookup import VisibleCase
from api.officers.cancellation import CancellationForm, cancel
from api.officers.finding import found
from api.officers.pages_work import DESK, place_of
from api.pages.acting import Acting, SeenCase
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.problems import Problem

routes = pages()
FIND = DESK + "/cancellation"
CANCEL = DESK + "/applications/{number}/cancellation"
BARRED = "not_your_turn"


@routes.get(FIND)
async def find(page: Shown, actor: Caller, house: House, number: str | None = None) -> Response:
    """Which case, by its number."""
    return await found(page, house, actor, number, "desk/find.html", CANCEL)


@routes.get(CANCEL)
async def ask(case: SeenCase, page: Shown, house: House, actor: Caller) -> Response:
    """What stands, and the reason why it is to end."""
    return await _asked(page, house, actor, case.number)


@routes.post(CANCEL)
async def end(case: VisibleCase, page: Shown, house: House, actor: Caller, speaker: Acting) -> Response:
    """Cancel by the very code of the API; a booklet in the printer cannot be taken back, which is said."""
    try:
        await cancel(CancellationForm(reason=page.field("reason")), speaker)
    except ValidationError:
        return await _asked(page, house, actor, case.number, "desk.wrong.reason")
    except Problem as problem:
        if problem.code != BARRED:
            raise
        return await _asked(page, house, actor, case.number, "desk.wrong.in_the_printer")
    return page.go(CANCEL.format(number=case.number))


async def _asked(page: Page, house: House, actor: Caller, number: str, wrong: str = "") -> Response:
    shown = await current(house, number, Response())
    errors = [("reason", page.t(wrong))] if wrong and not shown.ending else []
    place = await place_of(house, actor)
    status = 422 if errors else 200
    return page.show("desk/cancel.html", status, shown=shown, place=place, typed=page.field("reason"), errors=errors)
