"""Documents: made anew, stored sealed, told to the case by hash, and read again by who may see the person."""

import asyncio

from fastapi import Response, UploadFile
from pydantic import BaseModel
from starlette.requests import Request

from api import trail
from api.acts import Speaking
from api.current import view_of
from api.installation import Caller, House
from api.lookup import CaseInHand
from api.problems import Problem
from api.routing import made_of, router
from api.uploads import MOST_FILE_BYTES, SCANS, cleaned, document, media_of
from workflows.case.facts import PaperKind
from workflows.case.record import CaseView
from workflows.messages import PaperAdded

routes = router("applicants")
DOCUMENT = "/v1/applications/{number}/documents/{kind}"


class Stored(BaseModel):
    """The document as it was stored: the hash is of our own copy, without metadata and active content."""

    kind: PaperKind
    sha256: str
    pages: int


@routes.put(DOCUMENT)
async def upload(kind: PaperKind, file: UploadFile, speaker: Speaking) -> Stored:
    """Upload a scan (JPEG, PNG or PDF) in place of an earlier one of its kind."""
    made = await cleaned(document, await file.read(MOST_FILE_BYTES + 1))
    sha256 = await asyncio.to_thread(speaker.house.files.put, made.content)
    await speaker.says("add_paper", PaperAdded(by=speaker.actor, kind=kind, sha256=sha256, pages=made.pages))
    return Stored(kind=kind, sha256=sha256, pages=made.pages)


@routes.get(DOCUMENT, **made_of(*(media for media, _ in SCANS.values())))
async def download(kind: PaperKind, case: CaseInHand, request: Request, actor: Caller, house: House) -> Response:
    """The scan as it was stored. Officers need a lease on the case (`lease_required`), unless they head its office."""
    sha256 = _stored_as(await view_of(house, case.number), kind)
    await trail.looked(house, actor, request, case.number, kind)
    content = await asyncio.to_thread(house.files.get, sha256)
    media, ending = media_of(content)
    named = {"Content-Disposition": f"attachment; filename={kind}.{ending}"}
    return Response(content, media_type=media, headers=named)


def _stored_as(view: CaseView, kind: PaperKind) -> str:
    for paper in view.papers:
        if paper.kind is kind and paper.sha256:
            return paper.sha256
    raise Problem("not_found")
