"""Scans and portraits inside the screens of tasks: shown, not handed out; each look is recorded."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from activities.storage.reads import desk
from api import trail
from api.applicants.documents import download
from api.installation import Caller, House, Installation
from api.lookup import CaseInHand
from api.officers.pages_work import Working, refused
from api.pages.routing import pages
from api.problems import Problem
from api.uploads import media_of
from workflows.case.facts import PaperKind
from workflows.case.record import TaskStep

routes = pages()
CASE = "/desk/applications/{number}"
# A scan opens by itself or inside a page of ours, and loads nothing. A browser's own viewer of PDF needs its styles.
POLICY = "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@routes.get(CASE + "/papers/{kind}")
async def paper(kind: PaperKind, case: CaseInHand, request: Request, actor: Caller, house: House) -> Response:
    """A document as the API gives it, to be looked at in place."""
    return _shown(await download(kind, case, request, actor, house))


@routes.get(CASE + "/portrait")
async def captured(case: CaseInHand, request: Request, actor: Caller, house: House) -> Response:
    """The portrait of this enrolment, for who compares somebody with it."""
    sha256 = await house.database.read(desk.portrait, case.number)
    if sha256 is None:
        raise Problem("not_found")
    await trail.looked(house, actor, request, case.number, "portrait")
    return await _picture(house, sha256)


@routes.get(CASE + "/{step}/doubles/{place}")
async def double(place: int, work: Working) -> Response:
    """The portrait of somebody whom the matcher named, for who adjudicates this very case."""
    if work.step is not TaskStep.ADJUDICATION:
        raise Problem("not_found")
    if not work.mine:
        return await refused(work, Problem("lease_required"))
    found = await work.house.database.read(desk.likenesses, work.case.number)
    if not 0 <= place < len(found) or not found[place].portrait:
        raise Problem("not_found")
    await trail.looked(work.house, work.actor, work.request, found[place].number, "portrait, named by the matcher")
    return await _picture(work.house, found[place].portrait)


async def _picture(house: Installation, sha256: str) -> Response:
    content = await asyncio.to_thread(house.files.get, sha256)
    media, _ = media_of(content)
    return _shown(Response(content, media_type=media))


def _shown(response: Response) -> Response:
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = POLICY
    return response
