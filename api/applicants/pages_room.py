"""The page of who waits until they may choose a seat: it looks again by itself, without a script."""

from starlette.responses import Response

from api.installation import House
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.room import Waits

routes = pages()


def waiting(page: Page, number: str, waits: Waits) -> Response:
    """The place in the line; shown where the seats would be, so that the next look finds them there."""
    response = page.show("waiting_room.html", number=number, waits=waits)
    response.headers["Refresh"] = str(waits.again)
    return response


@routes.post("/waiting-room/leave")
async def leave(page: Shown, house: House) -> Response:
    """Give the place in the line away."""
    await house.room.leave(page.actor)
    return page.go("/applications")
