"""What officers fill in, step by step, as the API's own forms; and which field a refusal is about."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from api.officers import decisions, forms
from api.officers.decisions import Decider
from api.pages.dates import zone
from api.pages.layout import Page
from api.problems import Problem
from api.shown import Application
from workflows.case.record import TaskStep

Raw = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How one step is answered: its form, what of the page goes into it, and where the form misses a reason."""

    form: type[forms.DecisionForm]
    decide: Callable[[Any, Decider], Awaitable[Application]]
    fields: tuple[str, ...]
    reason: str = "reason"
    booklet: str = ""
    more: Callable[[Page, int], Raw] = lambda page, offset: {}


def _missing(page: Page, offset: int) -> Raw:
    return {"missing": [one for one in page.form.getlist("missing") if isinstance(one, str)]}


def _until(page: Page, offset: int) -> Raw:
    """The end of the day that was written, by the office's clock; what is no day is left for the form to say so."""
    parts = [page.field(f"until-{part}") for part in ("year", "month", "day")]
    if page.field("outcome") != "suspend" or not any(parts):
        return {}
    try:
        year, month, day = (int(part) for part in parts)
        return {"until": datetime(year, month, day, 23, 59, tzinfo=zone(offset)).isoformat()}
    except ValueError:
        return {"until": "-".join(parts)}


def _collector(page: Page, offset: int) -> Raw:
    names = ("relation", "id_kind", "id_number", "letter")
    return {"collector": {name: page.field(name) for name in names}}


ANSWERS = {
    TaskStep.DOCUMENTS: Answer(
        form=forms.DocumentsForm, decide=decisions.documents, fields=("outcome", "reason"), more=_missing
    ),
    TaskStep.INTERVIEW: Answer(
        form=forms.InterviewForm, decide=decisions.interview, fields=("outcome", "reason"), more=_until
    ),
    TaskStep.RESUME: Answer(form=forms.ResumeForm, decide=decisions.resume, fields=("outcome", "reason")),
    TaskStep.ADJUDICATION: Answer(
        form=forms.AdjudicationForm, decide=decisions.adjudication, fields=("outcome", "reason")
    ),
    TaskStep.ALLOCATION: Answer(
        form=forms.AllocationForm, decide=decisions.allocation, fields=("booklet",), booklet="booklet"
    ),
    TaskStep.PRINT_QUESTION: Answer(
        form=forms.PrintAnswerForm, decide=decisions.print_question, fields=("outcome", "booklet"), booklet="booklet"
    ),
    TaskStep.QUALITY: Answer(
        form=forms.QualityForm,
        decide=decisions.quality,
        fields=("outcome", "booklet_number", "defect"),
        reason="defect",
        booklet="booklet_number",
    ),
    TaskStep.HANDOVER: Answer(
        form=forms.HandoverForm,
        decide=decisions.handover,
        fields=("booklet_number",),
        booklet="booklet_number",
        more=_collector,
    ),
}

# As the fields stand on the screen, from top to bottom: so are errors told.
ORDER = (
    "outcome",
    "missing",
    "reason",
    "until",
    "relation",
    "id_kind",
    "id_number",
    "letter",
    "booklet",
    "booklet_number",
    "defect",
)
FIRST = {TaskStep.QUALITY: "booklet_number"}


async def decide(step: TaskStep, page: Page, officer: Decider, offset: int) -> Application:
    """Decide as the page says, by the very code of the API. Raises `ValidationError` and `Problem`."""
    answer = ANSWERS[step]
    written = {name: page.field(name) for name in answer.fields}
    if answer.booklet:
        written[answer.booklet] = written[answer.booklet].replace(" ", "").upper()
    # A form without its lease is one without a right, and hears so.
    written["lease"] = page.field("lease") or "none"
    return await answer.decide(answer.form.model_validate({**written, **answer.more(page, offset)}), officer)


def wrong_fields(step: TaskStep, error: Exception) -> dict[str, str]:
    """What is wrong with what was written, `field: key of a text`; empty where a refusal is about no field."""
    if isinstance(error, ValidationError):
        places = [[str(part) for part in found["loc"]] for found in error.errors()]
        return {name: f"desk.wrong.{name}" for name in (_named(step, place) for place in places)}
    if not isinstance(error, Problem):
        return {}
    if error.code in ("wrong_booklet", "booklet_not_available") and step in ANSWERS:
        return {ANSWERS[step].booklet: f"desk.wrong.{error.code}"}
    if error.code == "partner_away":
        return {"send": "desk.wrong.partner_away"}
    pointed = [str(found.get("pointer", "")).strip("/").split("/") for found in error.about.get("errors", ())]
    if error.code == "collector_not_entitled":
        name = pointed[0][-1] if pointed else "relation"
        return {name: f"desk.wrong.not_entitled.{name}"}
    return {name: f"desk.wrong.{name}" for name in (_named(step, place) for place in pointed)}


def in_order(step: TaskStep, wrong: dict[str, str]) -> dict[str, str]:
    """What is wrong, from the top of the screen to its bottom."""
    order = (FIRST.get(step, ""), *ORDER)
    return dict(sorted(wrong.items(), key=lambda one: order.index(one[0]) if one[0] in order else len(order)))


def _named(step: TaskStep, place: list[str]) -> str:
    """The field of the page that a place of the form stands for; the form as a whole misses its reason."""
    if not place or place == [""]:
        return ANSWERS[step].reason
    return place[0] if place[0] == "missing" else place[-1]
