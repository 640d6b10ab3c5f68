"""The capture at the booth as a page sends it: files by finger, and beside each finger why it could not be taken."""

import json
from collections.abc import Sequence

from pydantic import ValidationError
from starlette.datastructures import UploadFile

from api.officers.decisions import Decider
from api.officers.enrolment import enrolled
from api.pages.layout import Page
from api.problems import Problem
from api.uploads import cleaned, fingerprint, picture, signature

FINGERS = range(1, 11)
IMAGES = ("portrait", "signature", *(f"finger_{finger}" for finger in FINGERS))
KNOWN = ("quality", "too_few", "blurred", "too_dark", "too_bright", "low_contrast", "too_small", "not_an_image")


async def capture(page: Page, officer: Decider) -> None:
    """Enrol, by the very code of the API. Raises `Problem`."""
    images = {}
    for name in IMAGES:
        field = page.form.get(name)
        # A field without a file comes as one without a name.
        if isinstance(field, UploadFile) and field.filename:
            images[name] = await field.read()
    exceptions = [{"finger": finger, "reason": reason} for finger, reason in given_up(page).items()]
    texts = {"lease": page.field("lease") or "none", "exceptions": json.dumps(exceptions)}
    try:
        await enrolled(officer, texts, images)
    except Problem as problem:
        if problem.code in ("unsupported_file", "file_too_large"):
            raise Problem(problem.code, errors=[{"pointer": f"/{await _unfit(images)}"}]) from problem
        raise


async def _unfit(images: dict[str, bytes]) -> str:
    """Which of the files it is that was refused."""
    by_name = {"portrait": picture, "signature": signature}
    for name, raw in images.items():
        try:
            await cleaned(by_name.get(name, fingerprint), raw)
        except Problem:
            return name
    return "portrait"


def given_up(page: Page) -> dict[int, str]:
    """The fingers that could not be captured, each with what was written of it."""
    written = {finger: page.field(f"without_{finger}") for finger in FINGERS}
    return {finger: reason for finger, reason in written.items() if reason}


def found_wrong(error: Exception) -> dict[str, str]:
    """What is wrong with a capture, `field: key of a text`; empty where a refusal is about none."""
    if isinstance(error, ValidationError) or not isinstance(error, Problem):
        return {"exceptions": "desk.wrong.exceptions"}
    if error.code == "capture_not_accepted":
        return _findings(error.about.get("findings", ()))
    if error.code == "partner_away":
        return {"send": "desk.wrong.capture_away"}
    pointed = [str(found.get("pointer", "")).strip("/") for found in error.about.get("errors", ())]
    if error.code in ("unsupported_file", "file_too_large"):
        return dict.fromkeys(pointed, f"desk.wrong.{error.code}")
    return {name: f"desk.wrong.{name}" for name in pointed if name in ("portrait", "signature", "exceptions")}


def _findings(findings: Sequence[str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for found in findings:
        what, _, code = str(found).partition(":")
        place = {"face": "portrait", "fingers": "finger_1"}.get(what, what)
        known = code if code in KNOWN else "quality"
        wrong.setdefault(place if place in IMAGES else "portrait", f"desk.reject.{what.partition('_')[0]}.{known}")
    return wrong
