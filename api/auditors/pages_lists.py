"""Auditors' lists as pages: cases, who looked at what, exceptions, and whether the whole record holds."""

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from activities.storage import reads
from api.auditors import registers
from api.auditors.asked import Asked, CasesAsked, ExceptionsAsked, ReadsAsked, VerificationAsked, asked
from api.installation import Caller, House, Installation
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.problems import CODES
from workflows.case.facts import Ending, Stage

routes = pages()
ON_A_PAGE = 25
NEWEST_SEALS = 12
# What the record of looks calls by its route, and people by what was done.
DID = {
    "GET /v1/applications/{number}": "case",
    "GET /v1/applications/{number}/applicant": "applicant",
    "GET /v1/applications/{number}/documents/{kind}": "document",
    "GET /v1/audit/applications": "cases",
    "GET /v1/audit/applications/{number}/history": "history",
    "GET /v1/audit/reads": "reads",
    "GET /v1/audit/exceptions": "exceptions",
    "GET /v1/audit/verification": "verification",
    "GET /v1/audit/settlements": "settlements",
    "GET /applications/{number}/data": "applicant",
    "GET /desk/applications/{number}/{step}": "task",
    "POST /desk/applications/{number}/{step}": "task",
    "GET /desk/applications/{number}/{step}/doubles/{place}": "portrait",
    "GET /desk/applications/{number}/portrait": "portrait",
    "GET /desk/applications/{number}/papers/{kind}": "document",
    "GET /desk/applications/{number}/cancellation": "case",
    "POST /codec/decode": "decode",
    "GET /audit": "cases",
    "GET /audit/applications/{number}": "history",
    "GET /audit/applications/{number}/history.json": "export",
    "GET /audit/applications/{number}/history.csv": "export",
    "GET /audit/reads": "reads",
    "GET /audit/exceptions": "exceptions",
    "GET /audit/verification": "verification",
    "GET /audit/settlements": "settlements",
}


@routes.get("/audit")
async def cases(request: Request, page: Shown, house: House, auditor: Caller) -> Response:
    """Find cases, and see how many of all found stand where."""
    want = asked(CasesAsked, request)
    form, found = want.form, None
    if not want.wrong:
        found = await registers.list_cases(
            request,
            auditor,
            house,
            number=form.number,
            office=form.office,
            stage=form.stage,
            ending=form.ending,
            first=form.first,
            last=form.last,
            officer=form.officer,
            overdue=form.overdue,
            limit=ON_A_PAGE,
            cursor=form.cursor,
        )
    about = {"stages": list(Stage), "endings": list(Ending), "now": datetime.now(UTC)}
    return await show_list(page, house, "cases", want, found, **about)


@routes.get("/audit/reads")
async def looks(request: Request, page: Shown, house: House, auditor: Caller) -> Response:
    """Who looked at which case, and who tried what they may not."""
    want = asked(ReadsAsked, request)
    form, found = want.form, None
    if not want.wrong:
        found = await registers.list_reads(
            request,
            auditor,
            house,
            form.application,
            form.officer,
            form.refused,
            form.first,
            form.last,
            ON_A_PAGE,
            form.cursor,
        )
    return await show_list(page, house, "reads", want, found, did=DID, codes=CODES)


@routes.get("/audit/exceptions")
async def out_of_the_ordinary(request: Request, page: Shown, house: House, auditor: Caller) -> Response:
    """What is out of the ordinary, with its reason and its person."""
    want = asked(ExceptionsAsked, request)
    form, found = want.form, None
    if not want.wrong:
        found = await registers.list_exceptions(
            request, auditor, house, form.first, form.last, form.kind, form.office, ON_A_PAGE, form.cursor
        )
    return await show_list(page, house, "exceptions", want, found, kinds=reads.EXCEPTION_KINDS)


@routes.get("/audit/verification")
async def whole_record(request: Request, page: Shown, house: House, auditor: Caller) -> Response:
    """Count the record again when somebody says so, and say what was found."""
    want = asked(VerificationAsked, request)
    form, found = want.form, None
    if form.run and not want.wrong:
        found = await registers.verify(request, auditor, house, form.first, form.last)
    seals = list(reversed(found.roots)) if found else []
    about = {
        "broken_seals": [one for one in seals if not one.holds],
        "newest_seals": seals[:NEWEST_SEALS],
        "counted_at": datetime.now(UTC),
    }
    return await show_list(page, house, "verification", want, found, **about)


async def show_list(
    page: Page, house: Installation, name: str, want: Asked[Any], found: object, **about: object
) -> Response:
    """The page of a list; fields that cannot be are pointed at, and nothing is listed."""
    offices = {one.id: one for one in await house.database.read(reads.offices)}
    errors = [(field, page.t(f"audit.wrong.{field}")) for field in want.wrong]
    return page.show(
        f"audit/{name}.html",
        422 if errors else 200,
        room=name,
        want=want,
        found=found,
        offices=offices,
        errors=errors,
        **about,
    )
