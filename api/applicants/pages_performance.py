"""How the service keeps its word, as a public page: only what was counted, and no figure of a handful of people."""

import asyncio
import time
from typing import Any

from starlette.datastructures import State
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
    offices = {one.id: one.name for one in await house.database.read(reads.offices)}
    about: dict[str, Any] = {"measures": MEASURES, "shares": SHARES, "fewest": FEWEST, "span": reads.SPAN_DAYS}
    return page.show("performance.html", found=found, offices=offices, **about)


async def _counted(request: Request, house: Installation) -> Figures:
    """The figures, counted anew every few minutes by one request; the others are shown the old ones meanwhile.

    The page is open to everybody, and a count of many cases takes long: each on its own would hold every connection.
    """
    state = request.app.state
    if not hasattr(state, "performance_counting"):
        state.performance_counting = asyncio.Lock()
    if state.performance_counting.locked() and (old := _kept(state)):
        return old[1]
    async with state.performance_counting:
        kept = _kept(state)
        if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
            kept = state.performance = (time.monotonic(), await house.database.run(reads.performance))
    return kept[1]


def _kept(state: State) -> tuple[float, Figures] | None:
    found: tuple[float, Figures] | None = getattr(state, "performance", None)
    return found
