"""What comes of a draft is the very form of the API."""

from datetime import date

import pytest

from api.applicants import draft as drafts
from api.applicants.forms import FilingForm
from api.applicants.questions import Circumstances, Draft, choices
from workflows.case.rules import Rule, RuleName, Rules

ON = date(2026, 11, 24)
TARIFF = {"ordinary_5": 350_000, "ordinary_10": 650_000, "electronic_10": 950_000, "same_day": 1_000_000}
VALUES: dict[RuleName, dict[str, object]] = {
    RuleName.TARIFF: dict(TARIFF),
    RuleName.VALIDITY: {"adult_age": 17, "adult_years": 10, "minor_years": 5},
    RuleName.ELIGIBILITY: {"walk_in_reasons": ["lost"], "same_day_reasons": ["new", "expired"]},
    RuleName.PROMISE: {"working_days": 4},
}
NOW = Circumstances(
    Rules(rules=tuple(Rule(name=name, effective_from=ON, value=value) for name, value in VALUES.items())), ON
)
ADULT: Draft = {
    "kind": "new",
    "nik": "5171014107900001",
    "full_name": "Ni Made Contoh",
    "birth_date": "1990-07-01",
    "birth_place": "Denpasar",
    "sex": "F",
    "phone": "+6281100000000",
    "email": "contoh@example.invalid",
    "passport": "electronic_10",
    "service": "same_day",
}
OLD: Draft = {"kind": "replacement", "reason": "expired", "passport_number": "X1234567", "expires_on": "2027-01-31"}
CHILD: Draft = {
    "nik": "5171014107150001",
    "birth_date": "2015-07-01",
    "married": "no",
    "guardian_name": "I Made Contoh",
    "guardian_nik": "5171010107850001",
    "relation": "father",
    "passport": "ordinary_5",
}


@pytest.mark.parametrize("more", [{}, OLD, CHILD, {**OLD, **CHILD}])
def test_a_complete_draft_is_a_valid_form(more: Draft) -> None:
    draft = {**ADULT, **more}
    assert drafts.first_open(draft, NOW) is None
    form = FilingForm.model_validate(drafts.payload(draft, NOW))
    assert form.applicant.nik == draft["nik"]
    assert (form.previous_passport is not None) == ("reason" in more)
    assert len(form.applicant.guardians) == ("guardian_nik" in more)
    assert f"{form.document.type}_{form.document.validity_years}" == draft["passport"]


def test_what_is_no_longer_asked_is_left_out() -> None:
    form = drafts.payload({**ADULT, **OLD, "kind": "new"}, NOW)
    assert not {"replacement_reason", "previous_passport"} & form.keys()


def test_an_answer_that_is_no_longer_offered_is_asked_for_again() -> None:
    grown: Draft = {**ADULT, **CHILD, "passport": "electronic_10"}
    due = drafts.first_open(grown, NOW)
    assert due is not None
    assert due.name == "passport"
    full: Draft = {**ADULT, **OLD, "reason": "pages_full"}
    assert list(choices("service", full, NOW)) == ["regular"]
    assert drafts.first_open(full, NOW) is not None


@pytest.mark.parametrize(
    ("pointer", "question"),
    [
        ("/applicant", "nik"),
        ("/applicant/full_name", "name"),
        ("/applicant/guardians/0/nik", "guardian"),
        ("/document/validity_years", "passport"),
        ("/unheard_of", "kind"),
    ],
)
def test_every_refusal_leads_to_a_question(pointer: str, question: str) -> None:
    assert drafts.pointed_question(pointer) == question
