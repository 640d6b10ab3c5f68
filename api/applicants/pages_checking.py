"""Check your answers, and send: filing is what the API does, and its refusals lead to the answers they are about."""

import re
from datetime import date
from uuid import uuid4

from pydantic import ValidationError
from starlette.responses import Response

from api.applicants import draft as drafts
from api.applicants import people
from api.applicants.families import FamilyForm, check_size, filings
from api.applicants.filing import FILE, filed
from api.applicants.forms import FilingForm
from api.applicants.pages_filing import CHECK, circumstances, draft_of, forget, keep, next_page
from api.applicants.pages_people import most
from api.applicants.questions import Circumstances, Draft
from api.applicants.together import family_id, filed_together
from api.installation import House, Installation
from api.pages.dates import short_day
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.pages.texts import has
from api.problems import Problem
from workflows.case.rules import RuleName

routes = pages()
# Refusals that another answer may change; what only time changes is told by the page of its own.
MENDABLE = ("nik_mismatch", "already_holds_passport", "live_application_exists", "not_eligible", "invalid_input")
MEMBER = re.compile(r"/applications/([0-9]{1,2})(/.*)?")
PERSON = ("consent", "nik", "name", "birth", "sex", "married", "guardian", "contact")


@routes.get(CHECK)
async def check(page: Shown) -> Response:
    """All answers, each with a way to change it."""
    now, draft = await circumstances(page), await draft_of(page)
    return page.go(next_page(draft, now)) if drafts.first_open(draft, now) else _checked(page, draft, now)


@routes.post(CHECK)
async def send(page: Shown, house: House) -> Response:
    """File it. The draft is forgotten when it is filed, and not before."""
    now, draft = await circumstances(page), await draft_of(page)
    if drafts.first_open(draft, now):
        return page.go(next_page(draft, now))
    try:
        place = await _file(page, house, draft, now)
    except ValidationError as error:
        pointers = {"/" + "/".join(str(part) for part in found["loc"]): "wrong.unsaid" for found in error.errors()}
        return _checked(page, draft, now, pointers)
    except Problem as problem:
        if problem.code not in MENDABLE:
            raise
        # Another answer is another filing: the next try must not hear what this one heard.
        draft = await keep(page, {"key": uuid4().hex})
        found = {one["pointer"]: f"refused.{one['detail']}" for one in problem.about.get("errors", [])}
        return _checked(page, draft, now, found or {"/applicant": f"refused.{problem.code}"})
    await forget(page, draft["key"])
    return page.go(f"{place}?filed=true")


async def _file(page: Page, house: Installation, draft: Draft, now: Circumstances) -> str:
    """File for the one person, or for all of them in one act; the page where they are followed."""
    assert page.signed is not None
    actor, key = page.signed.actor, draft["key"]
    message_id = house.keys.digest("message", f"{actor.id}|POST {FILE}|{key}")
    everybody = [drafts.payload(one, now) for one in people.everybody(draft)]
    if len(everybody) == 1:
        form = FilingForm.model_validate(everybody[0])
        number = await filed(house, form.filing(house.keys, actor, FILE, key, page.language), message_id)
        return f"/applications/{number}"
    together = FamilyForm.model_validate({"applications": everybody})
    await check_size(house, len(everybody))
    family = family_id(house, actor.id, key)
    filed_for = filings(house, actor, together, family, key, page.language)
    await filed_together(house, family, filed_for, message_id)
    return f"/families/{family}"


def _checked(page: Page, draft: Draft, now: Circumstances, wrong: dict[str, str] | None = None) -> Response:
    rows: dict[str, list[tuple[str, str, str]]] = {"person": [], "passport": []}
    for question in drafts.questions(draft, now):
        for one in question.fields:
            part = "person" if question.name in PERSON else "passport"
            rows[part].append((one.name, _said(page, one.name, one.kind, draft[one.name]), question.name))
    items = [item for one in people.everybody(draft) for item in _items(page, one, now, bool(people.others(draft)))]
    about = {"others": people.others(draft), "most": most(now), "total": sum(amount for _, amount in items)}
    errors = [_error(page, draft, pointer, key) for pointer, key in (wrong or {}).items()]
    return page.show("check.html", 422 if errors else 200, rows=rows, items=items, errors=errors, **about)


def _items(page: Page, draft: Draft, now: Circumstances, named: bool) -> list[tuple[str, int]]:
    """The lines of the cost, with the name in front where there are several people."""
    tariff, product = now.rules[RuleName.TARIFF], page.t(f"product.{draft['passport']}")
    items = [(f"{draft['full_name']}: {product}" if named else product, tariff.number(draft["passport"]))]
    if draft["service"] == "same_day":
        items.append((page.t("bill.line.same_day"), tariff.number("same_day")))
    return items


def _error(page: Page, draft: Draft, pointer: str, key: str) -> tuple[str, str]:
    """Where on the page a refusal is about, and what it says: of a person put aside, with the name in front."""
    said, inside = page.t(key if has(key) else "wrong.unsaid"), MEMBER.match(pointer)
    if inside is None:
        return f"row-{drafts.pointed_question(pointer)}", said
    place, others = int(inside[1]), people.others(draft)
    if place >= len(others):
        return f"row-{drafts.pointed_question(inside[2] or '/applicant')}", said
    return f"person-{place}", page.t("people.wrong", name=others[place]["full_name"], said=said)


def _said(page: Page, name: str, kind: str, value: str) -> str:
    if kind == "date":
        return short_day(date.fromisoformat(value), page.language)
    if kind == "choice":
        return page.t(f"product.{value}" if name == "passport" else f"{name}.{value}")
    return value
