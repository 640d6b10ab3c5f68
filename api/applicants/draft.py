"""A half-filled application: which questions are asked, which are answered, and the form that comes of it.

A draft is `field: text as it was accepted`. A question whose turn depends on others is asked when those say so; what
was answered to a question that is no longer asked is left out of the form.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from api.fields import BirthDate, Email, IsoDate, NikText, PassportNumber, PersonName, Phone
from workflows.case.dates import age_on
from workflows.case.facts import Kind, ReplacementReason, Sex
from workflows.case.nik import parse_nik
from workflows.case.rules import RuleName, Rules

Draft = dict[str, str]
Choices = dict[str, tuple[str, str]]
RULES = (RuleName.TARIFF, RuleName.VALIDITY, RuleName.ELIGIBILITY, RuleName.PROMISE)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What questions depend on besides the draft: the rules of today."""

    rules: Rules
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a question; `check` is the very check that the API has for it."""

    name: str
    kind: Literal["text", "date", "choice"] = "text"
    check: TypeAdapter[Any] | None = None
    width: str = "wide"
    digits: bool = False
    autocomplete: str = ""
    mail: bool = False
    tel: bool = False
    upper: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One page of the form."""

    name: str
    fields: tuple[Field, ...]
    asked: Callable[[Draft, Circumstances], bool] = field(default=lambda draft, now: True)


def _replaces(draft: Draft, now: Circumstances) -> bool:
    return draft.get("kind") == Kind.REPLACEMENT


def _young(draft: Draft, now: Circumstances) -> bool:
    born = draft.get("birth_date")
    age = now.rules[RuleName.VALIDITY].number("adult_age")
    return born is not None and age_on(date.fromisoformat(born), now.today) < age


def minor(draft: Draft, now: Circumstances) -> bool:
    """Whether the rules call this person a child."""
    return _young(draft, now) and draft.get("married") != "yes"


QUESTIONS = (
    Question(name="kind", fields=(Field(name="kind", kind="choice"),)),
    Question(name="reason", fields=(Field(name="reason", kind="choice"),), asked=_replaces),
    Question(
        name="previous",
        fields=(
            Field(name="passport_number", check=TypeAdapter(PassportNumber), width="short", upper=True),
            Field(name="expires_on", kind="date", check=TypeAdapter(IsoDate)),
        ),
        asked=_replaces,
    ),
    Question(name="nik", fields=(Field(name="nik", check=TypeAdapter(NikText), width="middle", digits=True),)),
    Question(name="name", fields=(Field(name="full_name", check=TypeAdapter(PersonName), autocomplete="name"),)),
    Question(
        name="birth",
        fields=(
            Field(name="birth_date", kind="date", check=TypeAdapter(BirthDate), autocomplete="bday"),
            Field(name="birth_place", check=TypeAdapter(PersonName)),
        ),
    ),
    Question(name="sex", fields=(Field(name="sex", kind="choice"),)),
    Question(name="married", fields=(Field(name="married", kind="choice"),), asked=_young),
    Question(
        name="guardian",
        fields=(
            Field(name="guardian_name", check=TypeAdapter(PersonName)),
            Field(name="guardian_nik", check=TypeAdapter(NikText), width="middle", digits=True),
            Field(name="relation", kind="choice"),
        ),
        asked=minor,
    ),
    Question(
        name="contact",
        fields=(
            Field(name="phone", check=TypeAdapter(Phone), width="middle", autocomplete="tel", tel=True),
            Field(name="email", check=TypeAdapter(Email), autocomplete="email", mail=True),
        ),
    ),
    Question(name="passport", fields=(Field(name="passport", kind="choice"),)),
    Question(name="service", fields=(Field(name="service", kind="choice"),)),
)
BY_NAME = {question.name: question for question in QUESTIONS}
# Where a refusal of the API points to, and the question that answers it.
POINTED = {
    "/replacement_reason": "reason",
    "/previous_passport": "previous",
    "/applicant/nik": "nik",
    "/applicant/full_name": "name",
    "/applicant/birth_date": "birth",
    "/applicant/birth_place": "birth",
    "/applicant/sex": "sex",
    "/applicant/guardians": "guardian",
    "/applicant/phone": "contact",
    "/applicant/email": "contact",
    "/applicant": "nik",
    "/document": "passport",
    "/service": "service",
    "/kind": "kind",
}


def questions(draft: Draft, now: Circumstances) -> list[Question]:
    """The questions that this draft leads to, in order."""
    return [question for question in QUESTIONS if question.asked(draft, now)]


def answered(question: Question, draft: Draft, now: Circumstances) -> bool:
    """Whether every field has an answer that can still be given."""
    return all(
        one.name in draft and (one.kind != "choice" or draft[one.name] in choices(one.name, draft, now))
        for one in question.fields
    )


def first_open(draft: Draft, now: Circumstances) -> Question | None:
    """The first question without an answer; None when the form is complete."""
    return next((one for one in questions(draft, now) if not answered(one, draft, now)), None)


def choices(name: str, draft: Draft, now: Circumstances) -> Choices:
    """The answers that a choice offers: `value: (key of its text, key of its hint)`."""
    if name == "passport":
        return {product: (f"product.{product}", _chip(product)) for product in _products(draft, now)}
    if name == "service":
        quick = (draft.get("reason") if _replaces(draft, now) else "new") in now.rules[RuleName.ELIGIBILITY].texts(
            "same_day_reasons"
        )
        return {one: (f"service.{one}", f"service.{one}.hint") for one in ("regular", "same_day")[: 1 + quick]}
    if name == "reason":
        desk = now.rules[RuleName.ELIGIBILITY].texts("walk_in_reasons")
        return {one: (f"reason.{one}", "reason.at_the_office" if one in desk else "") for one in ReplacementReason}
    fixed = {
        "kind": {one.value: (f"kind.{one}", f"kind.{one}.hint") for one in Kind},
        "sex": {one.value: (f"sex.{one}", "") for one in Sex},
        "married": {one: (f"married.{one}", "") for one in ("yes", "no")},
        "relation": {one: (f"relation.{one}", "") for one in ("mother", "father", "guardian")},
    }
    return fixed[name]


def _products(draft: Draft, now: Circumstances) -> list[str]:
    validity, tariff = now.rules[RuleName.VALIDITY], now.rules[RuleName.TARIFF]
    most = validity.number("minor_years" if minor(draft, now) else "adult_years")
    offered = (f"{kind}_{years}" for kind in ("ordinary", "electronic") for years in (5, 10) if years <= most)
    return [product for product in offered if product in tariff.value]


def _chip(product: str) -> str:
    return "passport.chip" if product.startswith("electronic") else ""


def read(
    question: Question, given: Mapping[str, str], draft: Draft, now: Circumstances
) -> tuple[Draft, dict[str, str]]:
    """The answers in what was sent, and what is wrong with the others, by field: the key of a text."""
    found: Draft = {}
    wrong: dict[str, str] = {}
    for one in question.fields:
        sent = given.get(one.name, "")
        if one.kind == "choice":
            if sent in choices(one.name, draft, now):
                found[one.name] = sent
            else:
                wrong[one.name] = "wrong.choice"
            continue
        try:
            assert one.check is not None
            found[one.name] = str(one.check.validate_python(sent.upper() if one.upper else sent))
        except ValidationError:
            wrong[one.name] = f"wrong.{one.name}"
    return found, wrong or _across(found, draft, now)


def _across(found: Draft, draft: Draft, now: Circumstances) -> dict[str, str]:
    """What does not agree with earlier answers; better said now than at the end."""
    if found.get("reason") in now.rules[RuleName.ELIGIBILITY].texts("walk_in_reasons"):
        return {"reason": "wrong.at_the_office"}
    if "nik" in draft and ("birth_date" in found or "sex" in found):
        nik = parse_nik(draft["nik"])
        if "birth_date" in found and not nik.agrees_with(date.fromisoformat(found["birth_date"])):
            return {"birth_date": "wrong.nik_birth"}
        if "sex" in found and nik.sex != found["sex"]:
            return {"sex": "wrong.nik_sex"}
    return {}


def payload(draft: Draft, now: Circumstances) -> dict[str, Any]:
    """The draft as the API's form has it."""
    asked = {one.name for question in questions(draft, now) for one in question.fields}
    told = {name: value for name, value in draft.items() if name in asked}
    person: dict[str, Any] = {
        name: told.get(name) for name in ("nik", "full_name", "birth_date", "birth_place", "sex", "phone", "email")
    }
    person["married"] = told.get("married") == "yes"
    if "guardian_nik" in told:
        guardian = {"nik": told["guardian_nik"], "full_name": told["guardian_name"], "relation": told["relation"]}
        person["guardians"] = [guardian]
    product, _, years = told["passport"].partition("_")
    filing: dict[str, Any] = {
        "applicant": person,
        "kind": told["kind"],
        "document": {"type": product, "validity_years": int(years)},
        "service": told["service"],
    }
    if told["kind"] == Kind.REPLACEMENT:
        filing["replacement_reason"] = told["reason"]
        filing["previous_passport"] = {"number": told["passport_number"], "expires_on": told["expires_on"]}
    return filing


def pointed_question(pointer: str) -> str:
    """The question that a problem's pointer is about."""
    fitting = [place for place in POINTED if pointer == place or pointer.startswith(place + "/")]
    return POINTED[max(fitting, key=len)] if fitting else "kind"
