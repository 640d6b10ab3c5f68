"""Pages of the application form: one question a page, check your answers, send. Sending is what the API does."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from pydantic import ValidationError
from starlette.responses import Response

from api.applicants import draft as drafts
from api.applicants.draft import Circumstances, Draft, Question
from api.applicants.filing import FILE, filed
from api.applicants.forms import FilingForm
from api.installation import House, Installation
from api.pages import sessions
from api.pages.dates import money, short_day, zone
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.pages.rules import in_force
from api.problems import Problem
from workflows.case.rules import RuleName

routes = pages()
CHECK = "/apply/check"
# Refusals that another answer may change; what only time changes is told by the page of its own.
MENDABLE = ("nik_mismatch", "already_holds_passport", "live_application_exists", "not_eligible", "invalid_input")
PARTS = ("day", "month", "year")
PERSON = ("nik", "name", "birth", "sex", "married", "guardian", "contact")


@routes.get("/apply")
async def before(page: Shown, house: House) -> Response:
    """What to have at hand; goes on with a draft where there is one."""
    return page.show("apply.html", draft=_draft(page))


@routes.post("/apply")
async def begin(page: Shown, house: House) -> Response:
    """Begin afresh, or go on."""
    now = await _now(house)
    draft = _draft(page) if page.field("how") == "go_on" else {}
    await _keep(page, draft)
    return page.go(_next(draft, now))


@routes.get(CHECK)
async def check(page: Shown, house: House) -> Response:
    """All answers, each with a way to change it."""
    now, draft = await _now(house), _draft(page)
    return page.go(_next(draft, now)) if drafts.first_open(draft, now) else _checked(page, draft, now)


@routes.post(CHECK)
async def send(page: Shown, house: House) -> Response:
    """File it. The draft is forgotten when it is filed, and not before."""
    now, draft = await _now(house), _draft(page)
    if drafts.first_open(draft, now):
        return page.go(_next(draft, now))
    try:
        number = await _file(page, house, draft, now)
    except ValidationError as error:
        pointers = {"/" + "/".join(str(part) for part in found["loc"]): "wrong.unsaid" for found in error.errors()}
        return _checked(page, draft, now, pointers)
    except Problem as problem:
        if problem.code not in MENDABLE:
            raise
        # Another answer is another filing: the next try must not hear what this one heard.
        draft["key"] = uuid4().hex
        await _keep(page, draft)
        found = [one["pointer"] for one in problem.about.get("errors", [])] or ["/applicant"]
        return _checked(page, draft, now, dict.fromkeys(found, f"refused.{problem.code}"))
    await _keep(page, {})
    return page.go(f"/applications/{number}?filed=true")


@routes.get("/apply/{question}")
async def ask(question: str, page: Shown, house: House) -> Response:
    """One question; a later one than is due leads back to the one that is."""
    now, draft = await _now(house), _draft(page)
    asked = drafts.BY_NAME.get(question)
    if asked is None:
        raise Problem("not_found")
    due = drafts.first_open(draft, now)
    order = [one.name for one in drafts.questions(draft, now)]
    if question not in order or (due and order.index(question) > order.index(due.name)):
        return page.go(_next(draft, now))
    return _asked(page, asked, draft, now, _typed(asked, draft), {})


@routes.post("/apply/{question}")
async def answer(question: str, page: Shown, house: House) -> Response:
    """Keep the answer, and go on with the next question; what is wrong is said on the same page."""
    now, draft = await _now(house), _draft(page)
    asked = drafts.BY_NAME.get(question)
    if asked is None or not asked.asked(draft, now):
        raise Problem("not_found")
    typed = {name: page.field(name) for one in asked.fields for name in _inputs(one)}
    given = {one.name: _date(typed, one.name) if one.kind == "date" else typed[one.name] for one in asked.fields}
    found, wrong = drafts.read(asked, given, draft, now)
    if wrong:
        return _asked(page, asked, draft, now, typed, wrong)
    draft = {**draft, **found, "key": uuid4().hex}
    await _keep(page, draft)
    return page.go(_next(draft, now))


async def _now(house: Installation) -> Circumstances:
    today = datetime.now(UTC).astimezone(zone()).date()
    return Circumstances(await in_force(house, *drafts.RULES), today)


def _draft(page: Page) -> Draft:
    assert page.signed is not None
    return dict(page.signed.draft)


async def _keep(page: Page, draft: Draft) -> None:
    assert page.signed is not None
    await sessions.keep_draft(page.house, page.signed, draft)


def _next(draft: Draft, now: Circumstances) -> str:
    due = drafts.first_open(draft, now)
    return f"/apply/{due.name}" if due else CHECK


async def _file(page: Page, house: Installation, draft: Draft, now: Circumstances) -> str:
    assert page.signed is not None
    actor, key = page.signed.actor, draft["key"]
    form = FilingForm.model_validate(drafts.payload(draft, now))
    message_id = house.keys.digest("message", f"{actor.id}|POST {FILE}|{key}")
    return await filed(house, form.filing(house.keys, actor, FILE, key, page.language), message_id)


def _asked(
    page: Page, question: Question, draft: Draft, now: Circumstances, typed: dict[str, str], wrong: dict[str, str]
) -> Response:
    order = [one.name for one in drafts.questions(draft, now)]
    place = order.index(question.name)
    complete = drafts.first_open(draft, now) is None
    back = CHECK if complete else f"/apply/{order[place - 1]}" if place else "/apply"
    errors = [(_anchor(question, name), page.t(key)) for name, key in wrong.items()]
    return page.show(
        "question.html",
        422 if wrong else 200,
        question=question,
        choices={one.name: _choices(page, one.name, draft, now) for one in question.fields if one.kind == "choice"},
        typed=typed,
        wrong={name: page.t(key) for name, key in wrong.items()},
        errors=errors,
        back_to=back,
    )


def _anchor(question: Question, name: str) -> str:
    kinds = {one.name: one.kind for one in question.fields}
    return f"{name}-day" if kinds.get(name) == "date" else name


def _choices(page: Page, name: str, draft: Draft, now: Circumstances) -> list[tuple[str, str, str]]:
    """Value, label and hint of each choice, with the prices that the tariff says."""
    tariff, promise = now.rules[RuleName.TARIFF], now.rules[RuleName.PROMISE]
    found = []
    for value, (label, hint) in drafts.choices(name, draft, now).items():
        about = {"days": promise.number("working_days"), "fee": money(tariff.number("same_day"))}
        said = page.t(hint, **about) if hint else ""
        if name == "passport":
            said = " · ".join(part for part in (money(tariff.number(value)), said) if part)
        found.append((value, page.t(label), said))
    return found


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


def _inputs(one: drafts.Field) -> list[str]:
    return [f"{one.name}-{part}" for part in PARTS] if one.kind == "date" else [one.name]


def _typed(question: Question, draft: Draft) -> dict[str, str]:
    typed: dict[str, Any] = {}
    for one in question.fields:
        value = draft.get(one.name, "")
        if one.kind == "date":
            year, month, day = value.split("-") if value else ("", "", "")
            parts = (day.lstrip("0"), month.lstrip("0"), year)
            typed |= dict(zip(_inputs(one), parts, strict=True))
        else:
            typed[one.name] = value
    return typed


def _date(typed: dict[str, str], name: str) -> str:
    day, month, year = (typed[f"{name}-{part}"] for part in PARTS)
    return f"{year}-{month:0>2}-{day:0>2}"
