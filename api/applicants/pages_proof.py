"""Pages of the booking proof: one sheet to show or print, and the same as files."""

from markupsafe import Markup
from starlette.responses import Response

from api.applicants.proofs import PDF, SVG, proof_as, sheet_of
from api.current import current
from api.installation import House
from api.pages.acting import SeenCase
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.proof import qr_svg
from api.shown import Application

routes = pages()
MINE = "/applications/{number}"


@routes.get(MINE + "/proof")
async def show_proof(case: SeenCase, page: Shown, house: House) -> Response:
    """The proof of the appointment on one sheet, to print or to show; the tracker where there is none."""
    shown = await current(house, case.number, Response())
    sheet = await sheet_of(house, case.number, page.language) if is_proven(shown) else None
    if sheet is None:
        return page.go(f"/applications/{case.number}")
    code = Markup(qr_svg(sheet.proof, "Paspor").decode())  # noqa: S704 - drawn by us
    return page.show("proof.html", number=case.number, sheet=sheet, code=code)


@routes.get(MINE + "/proof.pdf")
async def as_pdf(case: SeenCase, page: Shown, house: House) -> Response:
    """The sheet, in the person's language."""
    return await _file(page, house, case.number, PDF)


@routes.get(MINE + "/proof.svg")
async def as_svg(case: SeenCase, page: Shown, house: House) -> Response:
    """The code alone."""
    return await _file(page, house, case.number, SVG)


async def _file(page: Page, house: House, number: str, kind: str) -> Response:
    if not is_proven(await current(house, number, Response())):
        return page.go(f"/applications/{number}")
    return await proof_as(house, number, kind, page.language)


def is_proven(shown: Application) -> bool:
    """Whether there is an appointment that is paid for and still to come: what is only held proves nothing."""
    return shown.ending is None and shown.appointment is not None and not shown.ticket and shown.stage != "booked"
