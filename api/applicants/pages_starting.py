"""Pages of who has not applied yet: what it is, what it takes and costs, and whether one can."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from activities.storage import drafts, reads
from api.access import FILERS
from api.applicants.pages_filing import draft_and_end
from api.installation import House
from api.pages.layout import Shown
from api.pages.routing import pages
from api.pages.rules import in_force
from workflows.case.facts import Kind, ReplacementReason
from workflows.case.rules import Rule, RuleName, Rules

routes = pages()
PRODUCTS = ("ordinary_5", "ordinary_10", "electronic_5", "electronic_10")


@routes.get("/")
async def start(page: Shown, house: House) -> Response:
    """The start page; who has a half-filled application goes on from here."""
    names = (RuleName.TARIFF, RuleName.PAPERS, RuleName.PAYMENT, RuleName.PROMISE)
    rules = await in_force(house, *names)
    files = page.signed is not None and not set(page.signed.actor.roles).isdisjoint(FILERS)
    draft, until = await draft_and_end(page) if files else ({}, None)
    days = await house.database.read(drafts.days)
    about: dict[str, Any] = {"draft": draft, "until": until, "days": days}
    return page.show("start.html", prices=prices(rules[RuleName.TARIFF]), rules=rules, names=RuleName, **about)


@routes.get("/eligibility")
async def eligibility(page: Shown, request: Request, house: House) -> Response:
    """One question after another, each depending on the answers before; nothing is kept."""
    rules = await in_force(house, RuleName.ELIGIBILITY, RuleName.PAPERS, RuleName.VALIDITY, RuleName.TARIFF)
    answers = {name: value for name, value in request.query_params.items() if name in ASKED}
    values = {
        "months": rules[RuleName.ELIGIBILITY].number("months_left"),
        "age": rules[RuleName.VALIDITY].number("adult_age"),
    }
    question, choices, result = _next(answers, rules)
    wrong = question in request.query_params or "asked" in request.query_params
    errors = [(question, page.t("eligibility.choose"))] if question and wrong else []
    about: dict[str, Any] = {"answers": answers, "values": values, "question": question, "choices": choices}
    papers = rules[RuleName.PAPERS].texts(_papers(answers)) if result == "can" else ()
    if result == "office":
        papers = (*rules[RuleName.PAPERS].texts("new_adult"), f"extra.{answers['reason']}")
    offices = await house.database.read(reads.offices) if result in ("can", "office") else ()
    about |= {"result": result, "papers": papers, "offices": offices, "prices": prices(rules[RuleName.TARIFF])}
    return page.show("eligibility.html", errors=errors, **about)


ASKED = ("kind", "reason", "holds", "left", "age")
YES_NO = {"yes": "eligibility.yes", "no": "eligibility.no"}
LEFT = {"less": "eligibility.left.less", "more": "eligibility.left.more"}
AGE = {"adult": "eligibility.age.adult", "child": "eligibility.age.child"}
KINDS = {kind.value: f"kind.{kind}" for kind in Kind}
REASONS = {reason.value: f"reason.{reason}" for reason in ReplacementReason}


def _next(answers: dict[str, str], rules: Rules) -> tuple[str, dict[str, str], str]:
    """The question that is to be answered next with its choices, or the result."""
    kind, reason = answers.get("kind"), answers.get("reason")
    if kind not in KINDS:
        return "kind", KINDS, ""
    if kind == Kind.NEW:
        if answers.get("holds") not in YES_NO:
            return "holds", YES_NO, ""
        if answers["holds"] == "yes":
            return "", {}, "holds"
    else:
        if reason not in REASONS:
            return "reason", REASONS, ""
        if reason in rules[RuleName.ELIGIBILITY].texts("walk_in_reasons"):
            return "", {}, "office"
        if reason == ReplacementReason.EXPIRED:
            if answers.get("left") not in LEFT:
                return "left", LEFT, ""
            if answers["left"] == "more":
                return "", {}, "not_yet"
    return ("age", AGE, "") if answers.get("age") not in AGE else ("", {}, "can")


def _papers(answers: dict[str, str]) -> str:
    return f"{answers['kind']}_{answers['age']}"


def prices(tariff: Rule) -> dict[str, int]:
    """What each passport costs, by the tariff."""
    return {name: tariff.number(name) for name in PRODUCTS if name in tariff.value}
