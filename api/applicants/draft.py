"""A half-filled application: which questions are due, which are answered, and the form that comes of it.

A draft is `field: text as it was accepted`. A question whose turn depends on others is asked when those say so; what
was answered to a question that is no longer asked is left out of the form.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from api.applicants.questions import QUESTIONS, Circumstances, Draft, Question, choices
from workflows.case.facts import Kind
from workflows.case.nik import parse_nik
from workflows.case.rules import RuleName

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
    "/consent": "consent",
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
    if "consent" in told:
        filing["consent"] = {
            "kind": told["consent"],
            "date": told["consent_on"],
            "statement": told["consent_statement"],
        }
    return filing


def pointed_question(pointer: str) -> str:
    """The question that a problem's pointer is about."""
    fitting = [place for place in POINTED if pointer == place or pointer.startswith(place + "/")]
    return POINTED[max(fitting, key=len)] if fitting else "kind"
