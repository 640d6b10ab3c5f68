"""Biometric enrolment: images come in one multipart form, are made anew, sealed, and told to the case by hash."""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.requests import Request

from api.cases import CAPTURE_PATIENCE
from api.installation import Installation
from api.officers.decisions import ADDRESS, Decider, Deciding
from api.officers.forms import missing_fingers
from api.problems import invalid
from api.routing import router
from api.uploads import CleanFile, cleaned, fingerprint, picture, signature
from workflows.case.facts import CaptureQuality, FingerImage
from workflows.case.record import TaskStep
from workflows.messages import Enrolment

routes = router("officers")
FINGER = re.compile(r"finger_(10|[1-9])")
MOST_FIELDS = 24


class FaceFound(BaseModel):
    """Quality of the portrait, 0 to 100, and codes of what is wrong with it."""

    quality: int
    findings: list[str]


class FingerFound(BaseModel):
    """Quality of one finger, 0 to 100."""

    finger: int
    quality: int


class CaptureFound(BaseModel):
    """What was accepted."""

    face: FaceFound
    fingers: list[FingerFound]
    accepted: bool


def _image(name: str) -> dict[str, Any]:
    return {name: {"type": "string", "format": "binary"}}


FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["lease", "portrait", "signature"],
                    "properties": {
                        "lease": {"type": "string"},
                        **_image("portrait"),
                        **_image("signature"),
                        **{field: value for n in range(1, 11) for field, value in _image(f"finger_{n}").items()},
                        "exceptions": {"type": "string", "description": "JSON: [{finger, reason}]"},
                    },
                }
            }
        },
    }
}


@routes.post(ADDRESS + "/enrolment", openapi_extra=FORM)
async def enrol(request: Request, officer: Deciding) -> CaptureFound:
    """Portrait, signature and fingers were captured at the booth; 422 `capture_not_accepted` says what to do again."""
    async with request.form(max_files=MOST_FIELDS, max_fields=MOST_FIELDS) as form:
        fields = dict(form)
        images = {name: await field.read() for name, field in fields.items() if isinstance(field, UploadFile)}
    return await enrolled(officer, {name: field for name, field in fields.items() if isinstance(field, str)}, images)


async def enrolled(officer: Decider, texts: Mapping[str, str], images: Mapping[str, bytes]) -> CaptureFound:
    """Store what was captured, and tell the case; `texts` and `images` are the fields of the form, by their names."""
    house = officer.speaker.house
    act = Enrolment(
        by=officer.speaker.actor,
        lease=texts.get("lease", "") or _missing("lease"),
        portrait=await _stored(house, picture, images.get("portrait") or _missing("portrait")),
        signature=await _stored(house, signature, images.get("signature") or _missing("signature")),
        fingers=await _fingers(house, images),
        exceptions=missing_fingers(texts.get("exceptions") or "[]"),
    )
    verdict = await officer.decides(TaskStep.ENROLMENT, "enrol", act, CAPTURE_PATIENCE)
    return _found(verdict.quality)


def _missing(name: str) -> Any:
    raise invalid(f"/{name}", "is missing")


async def _fingers(house: Installation, images: Mapping[str, bytes]) -> tuple[FingerImage, ...]:
    numbered = {int(found.group(1)): raw for name, raw in images.items() if (found := FINGER.fullmatch(name))}
    return tuple(
        [
            FingerImage(finger=finger, sha256=await _stored(house, fingerprint, raw))
            for finger, raw in sorted(numbered.items())
        ]
    )


async def _stored(house: Installation, clean: Callable[[bytes], CleanFile], raw: bytes) -> str:
    made = await cleaned(clean, raw)
    return await asyncio.to_thread(house.files.put, made.content)


def _found(quality: CaptureQuality | None) -> CaptureFound:
    if quality is None:
        return CaptureFound(face=FaceFound(quality=0, findings=[]), fingers=[], accepted=True)
    return CaptureFound(
        face=FaceFound(quality=quality.face_quality, findings=list(quality.face_findings)),
        fingers=[FingerFound(finger=one.finger, quality=one.quality) for one in quality.fingers],
        accepted=True,
    )
