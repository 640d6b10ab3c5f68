"""The treasury's days as a page for auditors."""

from starlette.requests import Request
from starlette.responses import Response

from api.auditors.asked import Span, asked
from api.auditors.pages_lists import ON_A_PAGE, show_list
from api.auditors.settlements import list_days
from api.installation import Caller, House
from api.pages.layout import Shown
from api.pages.routing import pages

routes = pages()


@routes.get("/audit/settlements")
async def settlements(request: Request, page: Shown, house: House, auditor: Caller) -> Response:
    """Which days are even with the treasury, and what differs on those that are not."""
    want = asked(Span, request)
    form, found = want.form, None
    if not want.wrong:
        found = await list_days(request, auditor, house, form.first, form.last, ON_A_PAGE, form.cursor)
    return await show_list(page, house, "settlements", want, found)
