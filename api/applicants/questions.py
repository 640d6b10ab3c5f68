"""The questions of the application form: their fields, when each is asked, and which answers a choice offers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from pydantic import TypeAdapter

from api.fields import BirthDate, Email, IsoDate, NikText, PassportNumber, PersonName, Phone, Reason
from workflows.case.dates import age_on
from workflows.case.facts import ConsentKind, Kind, ReplacementReason, Sex
from workflows.case.rules import RuleName, Rules

Draft = dict[str, str]
Choices = dict[str, tuple[str, str]]
RULES = (RuleName.TARIFF, RuleName.VALIDITY, RuleName.ELIGIBILITY, RuleName.PROMISE, RuleName.FAMILY)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What questions depend on besides the draft: the rules of today, and whether an operator files for a citizen."""

    rules: Rules
    today: date
    assisting: bool = False


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


def replaces(draft: Draft, now: Circumstances) -> bool:
    """Whether a passport is replaced."""
    return draft.get("kind") == Kind.REPLACEMENT


def _young(draft: Draft, now: Circumstances) -> bool:
    born = draft.get("birth_date")
    age = now.rules[RuleName.VALIDITY].number("adult_age")
    return born is not None and age_on(date.fromisoformat(born), now.today) < age


def minor(draft: Draft, now: Circumstances) -> bool:
    """Whether the rules call this person a child."""
    return _young(draft, now) and draft.get("married") != "yes"


def for_a_citizen(draft: Draft, now: Circumstances) -> bool:
    """Whether somebody files for another person, whose consent it takes."""
    return now.assisting


QUESTIONS = (
    Question(
        name="consent",
        fields=(
            Field(name="consent", kind="choice"),
            Field(name="consent_on", kind="date", check=TypeAdapter(IsoDate)),
            Field(name="consent_statement", check=TypeAdapter(Reason)),
        ),
        asked=for_a_citizen,
    ),
    Question(name="kind", fields=(Field(name="kind", kind="choice"),)),
    Question(name="reason", fields=(Field(name="reason", kind="choice"),), asked=replaces),
    Question(
        name="previous",
        fields=(
            Field(name="passport_number", check=TypeAdapter(PassportNumber), width="short", upper=True),
            Field(name="expires_on", kind="date", check=TypeAdapter(IsoDate)),
        ),
        asked=replaces,
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


def choices(name: str, draft: Draft, now: Circumstances) -> Choices:
    """The answers that a choice offers: `value: (key of its text, key of its hint)`."""
    if name == "passport":
        return {product: (f"product.{product}", _chip(product)) for product in _products(draft, now)}
    if name == "service":
        quick = (draft.get("reason") if replaces(draft, now) else "new") in now.rules[RuleName.ELIGIBILITY].texts(
            "same_day_reasons"
        )
        return {one: (f"service.{one}", f"service.{one}.hint") for one in ("regular", "same_day")[: 1 + quick]}
    if name == "reason":
        desk = now.rules[RuleName.ELIGIBILITY].texts("walk_in_reasons")
        return {one: (f"reason.{one}", "reason.at_the_office" if one in desk else "") for one in ReplacementReason}
    fixed = {
        "consent": {one.value: (f"consent.{one}", f"consent.{one}.hint") for one in ConsentKind},
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
