"""Uploads: made anew, stored sealed, told to the case by hash."""

import asyncio

from fastapi import UploadFile
from pydantic import BaseModel

from api.acts import Speaking
from api.routing import router
from api.uploads import MOST_FILE_BYTES, cleaned, document
from workflows.case.facts import PaperKind
from workflows.messages import PaperAdded

routes = router("applicants")


class Stored(BaseModel):
    """The document as it was stored: the hash is of our own copy, without metadata and active content."""

    kind: PaperKind
    sha256: str
    pages: int


@routes.put("/v1/applications/{number}/documents/{kind}")
async def upload(kind: PaperKind, file: UploadFile, speaker: Speaking) -> Stored:
    """Upload a scan (JPEG, PNG or PDF) in place of an earlier one of its kind."""
    made = await cleaned(document, await file.read(MOST_FILE_BYTES + 1))
    sha256 = await asyncio.to_thread(speaker.house.files.put, made.content)
    await speaker.says("add_paper", PaperAdded(by=speaker.actor, kind=kind, sha256=sha256, pages=made.pages))
    return Stored(kind=kind, sha256=sha256, pages=made.pages)
