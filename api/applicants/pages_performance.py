"""How the service keeps its word, as a public page: only what was counted, and no figure of a handful of people."""

import time
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from activities.storage import reads
from api.installation import House, Installation
from api.pages.layout import Shown
from api.pages.routing import pages

routes = pages()
MEASURES = ("promises", "bookings", "days", "waits")
SHARES = ("promises", "bookings")
# A figure of fewer people says more of them than of the service.
FEWEST = 5
KEPT_SECONDS = 300.0

Figures = dict[str, tuple[reads.Measured, ...]]


@routes.get("/performance")
async def performance(request: Request, page: Shown, house: House) -> Response:
    """Each measure, at all offices together and at each."""
    found = await _counted(request, house)
    offices = {one.id: one.name for one in await house.database.run(reads.offices)}
    about: dict[str, Any] = {"measures": MEASURES, "shares": SHARES, "fewest": FEWEST, "span": reads.SPAN_DAYS}
    return page.show("performance.html", found=found, offices=offices, **about)


async def _counted(request: Request, house: Installation) -> Figures:
    """The figures, counted anew every few minutes: the page is open to everybody."""
    now = time.monotonic()
    kept: tuple[float, Figures] | None = getattr(request.app.state, "performance", None)
    if kept is None or now - kept[0] > KEPT_SECONDS:
        kept = (now, await house.database.run(reads.performance))
        request.app.state.performance = kept
    return kept[1]
