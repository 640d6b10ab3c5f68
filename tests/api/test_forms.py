import copy
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from activities.keyring import Keys
from api.applicants.forms import FilingForm
from api.fields import IsoDate, Moment, clean_text
from api.officers import forms
from api.officers.rescheduling import RescheduleForm
from api.offices.closures import ClosureForm, ReopeningForm
from api.offices.walk_ins import QuotaForm
from workflows.case.facts import Actor, Role

NIK_SAID = "sakit, 5171015505900001"
GOOD: dict[str, Any] = {
    "applicant": {
        "nik": "5171015505900001",
        "full_name": "Ni Luh Ayu Suartini",
        "birth_date": "1990-05-15",
        "birth_place": "Denpasar",
        "sex": "F",
        "phone": "+62 812-3456-7890",
        "email": "ayu@example.id",
    },
    "kind": "new",
    "document": {"type": "ordinary", "validity_years": 10},
    "service": "regular",
}


def filing(**changes: Any) -> dict[str, Any]:
    form = copy.deepcopy(GOOD)
    for path, value in changes.items():
        *way, last = path.split("__")
        place = form
        for step in way:
            place = place[step]
        place[last] = value
    return form


def pointers(form: dict[str, Any]) -> set[str]:
    with pytest.raises(ValidationError) as refused:
        FilingForm.model_validate(form)
    return {"/" + "/".join(str(part) for part in error["loc"]) for error in refused.value.errors()}


def test_a_good_filing_becomes_a_message(keys: Keys) -> None:
    owner = Actor(id="applicant-1", roles=(Role.APPLICANT,))
    made = FilingForm.model_validate(GOOD).filing(keys, owner, "/v1/applications", "key", "en")
    assert made.applicant.phone == "+6281234567890"
    assert made.person_key == keys.person_key("5171015505900001")
    assert (made.owner, made.language, made.validity_years) == ("applicant-1", "en", 10)
    assert made.applicant.nik not in made.number + made.key + made.person_key


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("applicant__nik", "517101550590000"),
        ("applicant__nik", "51710155059000011"),
        ("applicant__nik", "517101550590000a"),
        ("applicant__nik", "٥١٧١٠١٥٥٠٥٩٠٠٠٠١"),
        ("applicant__nik", "0171015505900001"),
        ("applicant__nik", "5171017205900001"),
        ("applicant__nik", 5171015505900001),
        ("applicant__nik", "5171011505900001"),  # a man's day, and she is a woman
        ("applicant__nik", "5171015605900001"),  # the sixteenth, and she was born on the fifteenth
        ("applicant__full_name", ""),
        ("applicant__full_name", "   "),
        ("applicant__full_name", "123"),
        ("applicant__full_name", "a" * 101),
        ("applicant__full_name", "Ayu\u202e"),
        ("applicant__full_name", "Ayu\u200b"),
        ("applicant__full_name", "\ufeffAyu"),
        ("applicant__full_name", "Ayu\u0000"),
        ("applicant__full_name", "Ayu\u001f"),
        ("applicant__full_name", "Ayu\nAyu"),
        ("applicant__full_name", "\ud800"),
        ("applicant__full_name", "Ayu\ue000"),
        ("applicant__full_name", ["Ayu"]),
        ("applicant__birth_date", "1990-02-30"),
        ("applicant__birth_date", "15-05-1990"),
        ("applicant__birth_date", 0),
        ("applicant__birth_date", "642729600"),
        ("applicant__birth_date", "2990-05-15"),
        ("applicant__birth_date", "1890-05-15"),
        ("applicant__sex", "female"),
        ("applicant__phone", "12"),
        ("applicant__phone", "0812 call me"),
        ("applicant__phone", "0" * 100),
        ("applicant__email", "ayu"),
        ("applicant__email", "ayu@example"),
        ("applicant__email", "ayu@example.id\nBcc: all@example.id"),
        ("applicant__email", "a yu@example.id"),
        ("applicant__email", "a@b@example.id"),
        ("applicant__married", "yes"),
        ("applicant__guardians", [{"nik": "1"}]),
        ("kind", "renewal"),
        ("service", None),
        ("replacement_reason", "bored"),
        ("document__validity_years", 7),
        ("document__validity_years", "10"),
        ("document__type", "paper"),
        ("previous_passport", {"number": "a1", "expires_on": "2027-01-01"}),
    ],
)
def test_what_can_never_be_right_is_pointed_at(path: str, value: Any) -> None:
    found = pointers(filing(**{path: value}))
    assert all(pointer.startswith("/" + path.replace("__", "/")) for pointer in found if "nik" not in pointer)
    assert found


@pytest.mark.parametrize(
    "name",
    [
        "Suharto",
        "I Gusti Ayu Agung Putu Made Ngurah Rai",
        "王小明",
        "محمد",
        "Ñandú O'Brien-Smith",
        "e\u0301va",
        "a" * 100,
    ],
)
def test_names_as_people_have_them(name: str) -> None:
    assert FilingForm.model_validate(filing(applicant__full_name=name)).applicant.full_name


def test_unknown_fields_are_let_be() -> None:
    FilingForm.model_validate(filing(newer_field={"deep": 1}, applicant__nickname="A"))


@given(st.text(max_size=200))
def test_free_text_never_lets_the_invisible_in(text: str) -> None:
    try:
        cleaned = clean_text(text)
    except ValueError:
        return
    assert not set(cleaned) & {"\0", "\u202e", "\u200b", "\ufeff", "\x1b"}


@pytest.mark.parametrize(
    ("form", "body"),
    [
        (forms.DocumentsForm, {"outcome": "complete"}),
        (forms.DocumentsForm, {"lease": "x", "outcome": "fine"}),
        (forms.DocumentsForm, {"lease": "x", "outcome": "refuse"}),
        (forms.DocumentsForm, {"lease": "x", "outcome": "return", "missing": ["diary"]}),
        (forms.InterviewForm, {"lease": "x", "outcome": "suspend"}),
        (forms.InterviewForm, {"lease": "x", "outcome": "suspend", "reason": "papers", "until": "2026-12-24"}),
        (forms.InterviewForm, {"lease": "x", "outcome": "suspend", "reason": "papers", "until": 0}),
        (forms.AdjudicationForm, {"lease": "x", "outcome": "no_match"}),
        (forms.AdjudicationForm, {"lease": "x", "outcome": "no_match", "reason": "  "}),
        (forms.AllocationForm, {"lease": "x", "outcome": "allocated", "booklet": "12345678"}),
        (forms.QualityForm, {"lease": "x", "outcome": "fail", "booklet_number": "C1234567"}),
        (forms.HandoverForm, {"lease": "x", "outcome": "collected", "booklet_number": "C1234567"}),
        (forms.HandoverForm, {"lease": "x", "booklet_number": "C1234567", "collector": {"relation": "friend"}}),
    ],
)
def test_decisions_that_can_never_be_right(form: type[forms.DecisionForm], body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        form.model_validate(body)


@pytest.mark.parametrize("moment", ["1999-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "9999-12-31T23:00:00Z"])
def test_a_moment_is_one_that_every_time_zone_can_show(moment: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Moment).validate_python(moment)


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_date_is_one_that_a_calendar_of_ours_reaches(day: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(IsoDate).validate_python(day)


@pytest.mark.parametrize(
    "form",
    [
        ClosureForm(date=date(2027, 1, 4), reason=NIK_SAID),
        ReopeningForm(reason=NIK_SAID),
        RescheduleForm(slot_id="s1", reason=NIK_SAID),
        QuotaForm(date=date(2027, 1, 4), walk_ins=5, reason=NIK_SAID),
    ],
    ids=lambda form: type(form).__name__,
)
def test_no_reason_takes_a_nik_along(form: ClosureForm | ReopeningForm | RescheduleForm | QuotaForm) -> None:
    """It would go on into messages and tables that are never erased."""
    assert form.reason == "sakit, [NIK]"
