"""Input that can never be right: refused by its field, never repeated in the answer, and nothing is written."""

from typing import Any

import pytest

from tests.journeys.applying import form
from tests.journeys.nothing import Nothing, pointers
from tests.journeys.people import done
from tests.journeys.town import Town
from workers.local.demonstration.citizen import Citizen, citizen

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey


@pytest.mark.parametrize(
    "nik",
    [
        "",
        "123",
        "51710157089000011",
        "517101570890000A",
        "0071015708900001",
        "5171013208900001",
        "5171015713900001",
        "5171015708900000",
        "５１７１０１５７０８９００００１",
        "5171 0157 0890 0001",
        "-171015708900001",
        5171015708900001,
        None,
        ["5171015708900001"],
    ],
)
def test_malformed_nik(nothing: Nothing, nik: object) -> None:
    assert pointers(nothing.sends(applicant={"nik": nik})) == {"/applicant/nik"}


def test_nik_against_the_birth_date(nothing: Nothing) -> None:
    other = "1950-02-03" if nothing.person.birth_date.year != 1950 else "1951-02-03"
    assert pointers(nothing.sends(applicant={"birth_date": other})) == {"/applicant/nik"}


def test_nik_against_the_sex(nothing: Nothing) -> None:
    assert pointers(nothing.sends(applicant={"sex": "F" if nothing.person.sex == "M" else "M"})) == {"/applicant/nik"}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"kind": "RAHASIA"}, "/kind"),
        ({"kind": 1}, "/kind"),
        ({"replacement_reason": "RAHASIA"}, "/replacement_reason"),
        ({"service": "tomorrow"}, "/service"),
        ({"applicant": {"sex": "X"}}, "/applicant/sex"),
        ({"document": {"type": "gold", "validity_years": 5}}, "/document/type"),
        ({"document": {"type": "ordinary", "validity_years": 7}}, "/document/validity_years"),
        ({"document": {"type": "ordinary", "validity_years": "10"}}, "/document/validity_years"),
        ({"document": "ordinary"}, "/document"),
        ({"applicant": {"married": "yes"}}, "/applicant/married"),
        ({"previous_passport": {"number": "RAHASIA", "expires_on": "2026-01-01"}}, "/previous_passport/number"),
        ({"previous_passport": {"number": "C1234567", "expires_on": "soon"}}, "/previous_passport/expires_on"),
    ],
)
def test_unknown_enum_and_wrong_type(nothing: Nothing, changes: dict[str, Any], pointer: str) -> None:
    assert pointer in pointers(nothing.sends(**changes))


@pytest.mark.parametrize(
    "sign",
    ["\x00", "\x07", "\x1b[31m", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\ue000", "\x7f"],
    ids=lambda sign: f"U+{ord(sign[0]):04X}",
)
@pytest.mark.parametrize("field", ["full_name", "birth_place"])
def test_control_and_bidi_characters_in_names(nothing: Nothing, field: str, sign: str) -> None:
    assert pointers(nothing.sends(applicant={field: f"RAHASIA{sign}Nama"})) == {f"/applicant/{field}"}


@pytest.mark.parametrize("name", ["", "   ", "1234", "-", "N" * 101, "N" * 5000, None, 7, ["Ni", "Luh"]])
def test_names_that_are_none(nothing: Nothing, name: object) -> None:
    assert pointers(nothing.sends(applicant={"full_name": name})) == {"/applicant/full_name"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("birth_date", "1990-02-30"),
        ("birth_date", "01-07-1990"),
        ("birth_date", "2990-07-01"),
        ("birth_date", "1850-07-01"),
        ("birth_date", 646790400),
        ("email", "RAHASIA"),
        ("email", "a@b"),
        ("email", "a@b.c\nBcc: d@e.f"),
        ("phone", "RAHASIA"),
        ("phone", "+62"),
        ("guardians", "mother"),
        ("guardians", [{"nik": "1", "full_name": "RAHASIA", "relation": "mother"}]),
    ],
)
def test_other_claims_that_are_none(nothing: Nothing, field: str, value: object) -> None:
    found = pointers(nothing.sends(applicant={field: value}))
    assert any(pointer.startswith(f"/applicant/{field}") for pointer in found)


def test_every_fault_of_a_form_is_named_at_once(nothing: Nothing) -> None:
    problem = nothing.sends(kind="tea", applicant={"nik": "1", "email": "none", "full_name": ""})
    assert pointers(problem) == {"/kind", "/applicant/nik", "/applicant/email", "/applicant/full_name"}


@pytest.mark.parametrize("name", ["Suharto", "Siti", "D'Arcy", "Ni Luh Ayu Éka-Pütri", "O", "Soekarno"])
def test_names_as_people_have_them_are_accepted(town: Town, name: str) -> None:
    applicant, person = town.applicant(), citizen()
    filed = done(applicant.asks("POST", "/v1/applications", form(person, applicant={"full_name": name})))
    applicant.does(f"/v1/applications/{filed['number']}/withdrawal")


def test_words_of_sql_and_templates_are_only_words(town: Town) -> None:
    applicant = town.applicant()
    for name in ("Robert'); DROP TABLE application;--", "{{7*7}}", "${jndi:ldap://x}", "%s%s%n"):
        person: Citizen = citizen()
        answer = applicant.asks("POST", "/v1/applications", form(person, applicant={"full_name": name}))
        assert answer.status_code in (201, 422), answer.text
        if answer.is_success:
            applicant.does(f"/v1/applications/{answer.json()['number']}/withdrawal")
    assert town.rows()["application"] > 0
