"""What an office works with: its printers and blank booklets."""

from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, Field

from activities.storage import booklets, printers
from api.fields import BookletNumber, Form, Text
from api.installation import Caller, House
from api.lookup import KnownOffice
from api.problems import Problem, invalid
from api.routing import router

routes = router("offices")
PrinterId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,64}$")]
MOST_SERIALS = 1000


class PrinterForm(Form):
    """Whether a printer may be used."""

    state: Literal["up", "down"]
    reason: Text = ""


class PrinterShown(BaseModel):
    """A printer of an office."""

    id: str
    office: str
    state: str
    reason: str


class SerialsForm(Form):
    """Blank booklets that came in."""

    serials: Annotated[list[BookletNumber], Field(min_length=1, max_length=MOST_SERIALS)]


class Received(BaseModel):
    """How many of them are new in the stock."""

    received: int


class Stock(BaseModel):
    """Booklets of the office by state, and the serials that are free."""

    office: str
    counts: dict[str, int]
    serials: list[str]


@routes.post("/v1/printers/{printer}/state")
async def set_printer(printer: PrinterId, form: PrinterForm, actor: Caller, house: House) -> PrinterShown:
    """Take a printer out of use, or back into it; other printers go on."""
    if form.state == "down" and not form.reason:
        raise invalid("/reason", "a printer goes down for a reason")
    known = await house.database.run(printers.of_office, actor.office)
    if printer not in [one.id for one in known]:
        raise Problem("not_found")
    await house.database.run(printers.set_state, printer, form.state, form.reason, actor.id)
    return PrinterShown(id=printer, office=actor.office, state=form.state, reason=form.reason)


@routes.get("/v1/offices/{office}/booklets")
async def stock(office: KnownOffice, house: House) -> Stock:
    """The stock of blank booklets."""
    found = await house.database.run(booklets.stock, office)
    return Stock(office=office, counts=dict(found.counts), serials=list(found.serials))


@routes.post("/v1/offices/{office}/booklets")
async def receive(office: KnownOffice, form: SerialsForm, house: House) -> Received:
    """Take blank booklets into the stock; one that is known already is not counted again."""
    return Received(received=await house.database.run(booklets.receive, office, form.serials))
