"""Check your answers, and send: filing is what the API does, and its refusals lead to the answers they are about."""

from datetime import date
from uuid import uuid4

from pydantic import ValidationError
from starlette.responses import Response

from api.applicants import draft as drafts
from api.applicants.filing import FILE, filed
from api.applicants.forms import FilingForm
from api.applicants.pages_filing import CHECK, circumstances, draft_of, forget, keep, next_page
from api.applicants.questions import Circumstances, Draft
from api.installation import House, Installation
from api.pages.dates import short_day
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.problems import Problem
from workflows.case.rules import RuleName

routes = pages()
# Refusals that another answer may change; what only time changes is told by the page of its own.
MENDABLE = ("nik_mismatch", "already_holds_passport", "live_application_exists", "not_eligible", "invalid_input")
PERSON = ("nik", "name", "birth", "sex", "married", "guardian", "contact")


@routes.get(CHECK)
async def check(page: Shown, house: House) -> Response:
    """All answers, each with a way to change it."""
    now, draft = await circumstances(house), await draft_of(page)
    return page.go(next_page(draft, now)) if drafts.first_open(draft, now) else _checked(page, draft, now)


@routes.post(CHECK)
async def send(page: Shown, house: House) -> Response:
    """File it. The draft is forgotten when it is filed, and not before."""
    now, draft = await circumstances(house), await draft_of(page)
    if drafts.first_open(draft, now):
        return page.go(next_page(draft, now))
    try:
        number = await _file(page, house, draft, now)
    except ValidationError as error:
        pointers = {"/" + "/".join(str(part) for part in found["loc"]): "wrong.unsaid" for found in error.errors()}
        return _checked(page, draft, now, pointers)
    except Problem as problem:
        if problem.code not in MENDABLE:
            raise
        # Another answer is another filing: the next try must not hear what this one heard.
        draft = await keep(page, {"key": uuid4().hex})
        found = [one["pointer"] for one in problem.about.get("errors", [])] or ["/applicant"]
        return _checked(page, draft, now, dict.fromkeys(found, f"refused.{problem.code}"))
    await forget(page, draft["key"])
    return page.go(f"/applications/{number}?filed=true")


async def _file(page: Page, house: Installation, draft: Draft, now: Circumstances) -> str:
    assert page.signed is not None
    actor, key = page.signed.actor, draft["key"]
    form = FilingForm.model_validate(drafts.payload(draft, now))
    message_id = house.keys.digest("message", f"{actor.id}|POST {FILE}|{key}")
    return await filed(house, form.filing(house.keys, actor, FILE, key, page.language), message_id)


def _checked(page: Page, draft: Draft, now: Circumstances, wrong: dict[str, str] | None = None) -> Response:
    rows: dict[str, list[tuple[str, str, str]]] = {"person": [], "passport": []}
    for question in drafts.questions(draft, now):
        for one in question.fields:
            part = "person" if question.name in PERSON else "passport"
            rows[part].append((one.name, _said(page, one.name, one.kind, draft[one.name]), question.name))
    errors = [(f"row-{drafts.pointed_question(pointer)}", page.t(key)) for pointer, key in (wrong or {}).items()]
    tariff = now.rules[RuleName.TARIFF]
    items = [(page.t(f"product.{draft['passport']}"), tariff.number(draft["passport"]))]
    if draft["service"] == "same_day":
        items.append((page.t("bill.line.same_day"), tariff.number("same_day")))
    total = sum(amount for _, amount in items)
    return page.show("check.html", 422 if errors else 200, rows=rows, items=items, total=total, errors=errors)


def _said(page: Page, name: str, kind: str, value: str) -> str:
    if kind == "date":
        return short_day(date.fromisoformat(value), page.language)
    if kind == "choice":
        return page.t(f"product.{value}" if name == "passport" else f"{name}.{value}")
    return value
