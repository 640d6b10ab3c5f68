"""The desk's page of notices: what everybody is told, by who is in charge of the office."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from starlette.responses import Response

from activities.storage import notices
from api.installation import Caller, House
from api.officers.pages_work import DESK, Place, place_of
from api.offices.notices import NoticeForm, closed, given
from api.pages.dates import zone
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from workflows.case.facts import Actor

routes = pages()
NOTICES = DESK + "/notices"
FIELDS = ("text_id", "text_en", "until", "repair")
# Where the form's own checks point to, and the field of the page.
POINTED = {"text.id": "text_id", "text.en": "text_en", "until": "until", "repair_expected_at": "repair", "": "until"}


@routes.get(NOTICES)
async def list_notices(page: Shown, actor: Caller, house: House) -> Response:
    """What is told and what was, and the form for another."""
    return await _listed(page, house, actor, {})


@routes.post(NOTICES)
async def open_one(page: Shown, actor: Caller, house: House) -> Response:
    """Open it by the very form of the API; times are the office's."""
    place = await place_of(house, actor)
    typed = {name: page.field(name) for name in FIELDS}
    sent: dict[str, Any] = {"text": {"id": typed["text_id"], "en": typed["text_en"]}}
    for name, field in (("until", "until"), ("repair_expected_at", "repair")):
        if typed[field]:
            sent[name] = _moment(typed[field], place)
    try:
        form = NoticeForm.model_validate(sent)
    except ValidationError as error:
        places = {".".join(str(part) for part in one["loc"]) for one in error.errors()}
        wrong = {POINTED[one]: page.t(f"wrong.notice.{POINTED[one]}") for one in places}
        return await _listed(page, house, actor, wrong)
    await given(house, actor.office, form, actor)
    return page.go(NOTICES)


@routes.post(NOTICES + "/{id}/close")
async def close_one(id: UUID, page: Shown, actor: Caller, house: House) -> Response:
    """It is over."""
    await closed(house, actor.office, id, actor)
    return page.go(NOTICES)


def _moment(typed: str, place: Place) -> str:
    """What a field of date and time sends, with the office's zone; anything else is left for the form to refuse."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=zone(place.offset)).isoformat()
    except ValueError:
        return typed


async def _listed(page: Page, house: House, actor: Actor, wrong: dict[str, str]) -> Response:
    rows = await house.database.read(notices.of_office, actor.office)
    errors = [(name, wrong[name]) for name in FIELDS if name in wrong]
    about: dict[str, Any] = {
        "place": await place_of(house, actor),
        "told": [one for one in rows if one.closed_at is None],
        "over": [one for one in rows if one.closed_at is not None],
        "typed": {name: page.field(name)[:2000] for name in FIELDS},
        "wrong": wrong,
        "errors": errors,
    }
    return page.show("desk/notices.html", 422 if errors else 200, **about)
