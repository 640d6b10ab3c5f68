"""Pages of the application form: one question a page, in the order that the answers lead to."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from activities.storage import drafts as kept_drafts
from api.applicants import draft as drafts
from api.applicants import people
from api.applicants.questions import BY_NAME, RULES, Circumstances, Draft, Field, Question, choices
from api.installation import House
from api.pages.dates import money, zone
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.pages.rules import in_force
from api.problems import Problem
from workflows.case.facts import Role
from workflows.case.rules import RuleName

routes = pages()
CHECK = "/apply/check"
PARTS = ("day", "month", "year")


@routes.get("/apply")
async def before(page: Shown, house: House) -> Response:
    """What to have at hand; goes on with a draft where there is one, or throws it away."""
    draft, until = await draft_and_end(page)
    days = await house.database.read(kept_drafts.days)
    return page.show("apply.html", draft=draft, until=until, days=days)


@routes.post("/apply")
async def begin(page: Shown) -> Response:
    """Begin afresh, go on, or throw away what is there."""
    if page.field("how") == "throw_away":
        await forget(page)
        return page.go("/applications")
    if page.field("how") != "go_on":
        await forget(page)
    return page.go(next_page(await draft_of(page), await circumstances(page)))


@routes.get("/apply/{question}")
async def ask(question: str, page: Shown) -> Response:
    """One question; a later one than is due leads back to the one that is."""
    now, draft = await circumstances(page), await draft_of(page)
    asked = BY_NAME.get(question)
    if asked is None:
        raise Problem("not_found")
    due = drafts.first_open(draft, now)
    order = [one.name for one in drafts.questions(draft, now)]
    if question not in order or (due and order.index(question) > order.index(due.name)):
        return page.go(next_page(draft, now))
    return _asked(page, asked, draft, now, _typed(asked, draft), {})


@routes.post("/apply/{question}")
async def answer(question: str, page: Shown) -> Response:
    """Keep the answer, and go on with the next question; what is wrong is said on the same page."""
    now, draft = await circumstances(page), await draft_of(page)
    asked = BY_NAME.get(question)
    if asked is None or not asked.asked(draft, now):
        raise Problem("not_found")
    typed = {name: page.field(name) for one in asked.fields for name in _inputs(one)}
    given = {one.name: _date(typed, one.name) if one.kind == "date" else typed[one.name] for one in asked.fields}
    found, wrong = drafts.read(asked, given, draft, now)
    if wrong:
        return _asked(page, asked, draft, now, typed, wrong)
    draft = await keep(page, {**found, "key": uuid4().hex})
    return page.go(next_page(draft, now))


async def circumstances(page: Page) -> Circumstances:
    """The rules of today, by the capital's clock, and for whom the person at the browser files."""
    assert page.signed is not None
    today = datetime.now(UTC).astimezone(zone()).date()
    assisting = Role.ASSISTANT in page.signed.actor.roles
    return Circumstances(await in_force(page.house, *RULES), today, assisting)


async def draft_of(page: Page) -> Draft:
    """What the person has answered so far, at whichever browser."""
    return (await draft_and_end(page))[0]


async def draft_and_end(page: Page) -> tuple[Draft, datetime | None]:
    """The same, and until when it is kept."""
    assert page.signed is not None
    return await page.house.database.read(kept_drafts.find, page.signed.actor.id, page.house.keys.columns)


async def keep(page: Page, answers: Draft) -> Draft:
    """Keep answers beside those that are there; all of them."""
    assert page.signed is not None
    return await page.house.database.run(kept_drafts.add, page.signed.actor.id, answers, page.house.keys.columns)


async def put(page: Page, draft: Draft) -> None:
    """Keep this draft in place of the one that is there."""
    assert page.signed is not None
    owner, ring = page.signed.actor.id, page.house.keys.columns
    await page.house.database.run(kept_drafts.add, owner, draft, ring, afresh=True)


async def forget(page: Page, key: str = "") -> None:
    """Throw the draft away: whichever it is, or only the one with that key."""
    assert page.signed is not None
    await page.house.database.run(kept_drafts.forget, page.signed.actor.id, page.house.keys.columns, key)


def next_page(draft: Draft, now: Circumstances) -> str:
    """The page of the first question without an answer, or the check."""
    due = drafts.first_open(draft, now)
    return f"/apply/{due.name}" if due else CHECK


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
        before=len(people.others(draft)),
        most=now.rules[RuleName.FAMILY].number("most"),
    )


def _anchor(question: Question, name: str) -> str:
    kinds = {one.name: one.kind for one in question.fields}
    return f"{name}-day" if kinds.get(name) == "date" else name


def _choices(page: Page, name: str, draft: Draft, now: Circumstances) -> list[tuple[str, str, str]]:
    """Value, label and hint of each choice, with the prices that the tariff says."""
    tariff, promise = now.rules[RuleName.TARIFF], now.rules[RuleName.PROMISE]
    found = []
    for value, (label, hint) in choices(name, draft, now).items():
        about = {"days": promise.number("working_days"), "fee": money(tariff.number("same_day"))}
        said = page.t(hint, **about) if hint else ""
        if name == "passport":
            said = " · ".join(part for part in (money(tariff.number(value)), said) if part)
        found.append((value, page.t(label), said))
    return found


def _inputs(one: Field) -> list[str]:
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
