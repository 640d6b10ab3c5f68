"""Which offices serve people without an appointment today, and how many places are left; for everybody."""

from starlette.responses import Response

from activities.storage import reads, walk_ins
from api.installation import House
from api.pages.layout import Shown
from api.pages.routing import pages

routes = pages()


@routes.get("/walk-ins")
async def today(page: Shown, house: House) -> Response:
    """One line an office."""
    found = []
    for office in await house.database.read(reads.offices):
        on = await house.database.read(walk_ins.today, office.id)
        found.append(await house.database.read(walk_ins.quota, office.id, on))
    return page.show("walk_ins.html", stated=[one for one in found if one.places], count=len(found))
