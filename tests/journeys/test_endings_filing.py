"""What is answered at filing, before any bill; a replacement and a child from filing to handover."""

from datetime import date, timedelta

import pytest

from tests.journeys.applying import form
from tests.journeys.case import Case
from tests.journeys.installation import wait_until
from tests.journeys.people import refused
from tests.journeys.town import Town
from workers.local.demonstration.citizen import Citizen, citizen

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey


def nik_of(birth_date: date, sex: str, serial: int) -> str:
    """A well-formed number of a person of that birth date and sex."""
    return f"517101{birth_date.day + (40 if sex == 'F' else 0):02d}{birth_date:%m%y}{serial:04d}"


def test_not_accepted_where_the_claims_do_not_match_the_register(town: Town) -> None:
    person, applicant = citizen(), town.applicant()
    town.standins["population"].plants(
        "people",
        nik=person.nik,
        full_name="Somebody Else",
        birth_date=person.birth_date.isoformat(),
        sex=person.sex,
    )
    answer = applicant.asks("POST", "/v1/applications", form(person))
    problem = refused(answer, 422, "nik_mismatch")
    assert "Somebody" not in answer.text
    assert problem["errors"][0]["pointer"] == "/applicant"


def test_not_accepted_where_the_register_does_not_know_the_person(town: Town) -> None:
    person = citizen()
    values = {"nik": person.nik, "full_name": person.full_name, "birth_date": person.birth_date.isoformat()}
    town.standins["population"].plants("people", **values, status="inactive")
    refused(town.applicant().asks("POST", "/v1/applications", form(person)), 422, "nik_mismatch")


def test_already_holds_passport_is_said_before_any_bill(town: Town) -> None:
    person, applicant = citizen(), town.applicant()
    town.standins["passports"].plants("passports", nik=person.nik, number="C1234567", expires_on="2035-01-01")
    answer = applicant.asks("POST", "/v1/applications", form(person))
    refused(answer, 409, "already_holds_passport")
    assert "C1234567" not in answer.text
    found = "SELECT number, ending FROM paspor.application WHERE owner = :owner"
    row = town.sql(found, owner=applicant.name)[0]
    assert row.ending == "not_accepted"
    assert town.standins["billing"].log(row.number) == []


def test_already_holds_passport_is_not_said_to_who_guesses(town: Town) -> None:
    person = citizen()
    town.standins["passports"].plants("passports", nik=person.nik, number="C1234568", expires_on="2035-01-01")
    values = {"nik": person.nik, "full_name": person.full_name, "birth_date": person.birth_date.isoformat()}
    town.standins["population"].plants("people", **values, birth_place=person.birth_place, sex=person.sex)
    guess = form(person, applicant={"full_name": "Wayan Menebak"})
    refused(town.applicant().asks("POST", "/v1/applications", guess), 422, "nik_mismatch")


def test_a_live_application_is_said_only_where_all_claims_match(town: Town) -> None:
    case = town.files()
    refused(town.applicant().asks("POST", "/v1/applications", form(case.citizen)), 409, "live_application_exists")
    refused(case.owner.asks("POST", "/v1/applications", form(case.citizen)), 409, "live_application_exists")
    stranger = town.applicant()
    guess = stranger.asks("POST", "/v1/applications", form(case.citizen, applicant={"full_name": "Wayan Menebak"}))
    problem = refused(guess, 422, "nik_mismatch")
    # In the same words as of somebody who has no application at all.
    other = citizen()
    town.standins["population"].plants(
        "people", nik=other.nik, full_name="X Y", birth_date=other.birth_date.isoformat(), sex=other.sex
    )
    same = refused(stranger.asks("POST", "/v1/applications", form(other)), 422, "nik_mismatch")
    assert {**problem, "trace": ""} == {**same, "trace": ""}
    assert (case.shown()["stage"], case.shown()["ending"]) == ("filed", None)


def test_not_eligible_says_on_which_field(town: Town) -> None:
    adult, applicant = citizen(), town.applicant()
    child = Citizen(nik_of(date(2015, 3, 9), "F", 77), "Ni Putu Kecil", date(2015, 3, 9), "Denpasar", "F")
    ordinary = {"type": "ordinary", "validity_years": 10}
    guardian = {"guardians": [{"nik": adult.nik, "full_name": adult.full_name, "relation": "mother"}]}
    for person, changes, pointer in (
        (adult, {"kind": "replacement"}, "/replacement_reason"),
        (adult, {"kind": "replacement", "replacement_reason": "lost"}, "/replacement_reason"),
        (adult, {"replacement_reason": "expired"}, "/replacement_reason"),
        (adult, {"kind": "replacement", "replacement_reason": "pages_full", "service": "same_day"}, "/service"),
        (child, {"document": {"type": "ordinary", "validity_years": 5}}, "/applicant/guardians"),
        (child, {"document": ordinary, "applicant": guardian}, "/document/validity_years"),
    ):
        answer = applicant.asks("POST", "/v1/applications", form(person, **changes))
        problem = refused(answer, 422, "not_eligible")
        assert problem["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("reason", ["expired", "pages_full"])
def test_a_replacement_from_filing_to_handover(town: Town, reason: str) -> None:
    case = Case(town, town.applicant())
    expires_on = date(2026, 11, 24) + timedelta(days=60 if reason == "expired" else 2000)
    old = {"number": f"C{case.citizen.nik[-4:]}111", "expires_on": expires_on.isoformat()}
    town.standins["passports"].plants("passports", nik=case.citizen.nik, **old)
    refused(case.owner.asks("POST", "/v1/applications", form(case.citizen)), 409, "already_holds_passport")
    change = {"kind": "replacement", "replacement_reason": reason, "previous_passport": old}

    def filed() -> bool:
        answer = case.owner.asks("POST", "/v1/applications", form(case.citizen, **change))
        case.number = answer.json().get("number", "")
        return answer.is_success

    wait_until(filed, "the replacement's filing", 10.0)
    town.cases.append(case)
    wanted = [one["kind"] for one in case.shown()["documents"] if one["required"]]
    assert wanted == ["id_card", "previous_passport"]
    case.uploads()
    case.goes_to("collected")
    address = town.installation.addresses["standins"]["passports"]

    def states() -> dict[str, str]:
        answer = town.nobody.http.post(f"{address}/holdings", json={"nik": case.citizen.nik})
        return {one["number"]: one["state"] for one in answer.json()["passports"]}

    wait_until(lambda: states() == {case.booklet: "valid", old["number"]: "replaced"}, "the register's entry", 10.0)


def test_a_child_applies_with_a_guardian_who_collects(town: Town) -> None:
    case, mother = Case(town, town.applicant()), citizen()
    born = date(2016, 5, 17)
    case.citizen = Citizen(nik_of(born, "M", int(mother.nik[-4:])), "I Gede Kecil", born, "Gianyar", "M")
    guardians = [{"nik": mother.nik, "full_name": mother.full_name, "relation": "mother"}]
    case.files(applicant={"guardians": guardians}, document={"type": "ordinary", "validity_years": 5})
    town.cases.append(case)
    papers = {one["kind"] for one in case.shown()["documents"]}
    assert papers == {"parents_ids", "family_card", "birth_record", "parents_consent"}
    case.goes_to("ready")
    lease = case.lease("handover")
    act = {"lease": lease, "outcome": "collected", "booklet_number": case.booklet}
    alone = {"relation": "self", "id_kind": "id_card", "id_number": case.citizen.nik}
    refused(case.tries("handover", **act, collector=alone), 409, "collector_not_entitled")
    collected = case.decides("handover", **act, collector={**alone, "relation": "guardian", "id_number": mother.nik})
    assert collected["ending"] == "collected"
    expires_on = date.fromisoformat(_expiry(town, case))
    assert expires_on.year - date(2026, 11, 24).year == 5


def _expiry(town: Town, case: Case) -> str:
    address = town.installation.addresses["standins"]["passports"]

    def valid() -> list[str]:
        answer = town.nobody.http.post(f"{address}/holdings", json={"nik": case.citizen.nik})
        return [one["expires_on"] for one in answer.json()["passports"] if one["state"] == "valid"]

    return str(wait_until(valid, "the register's entry", 10.0)[0])


def test_collected_is_the_end_and_the_same_person_holds_a_passport_then(town: Town) -> None:
    case = town.case_at("collected")
    refused(case.owner.asks("POST", case.path("/withdrawal")), 409, "not_your_turn")

    def said() -> str:
        return str(case.owner.asks("POST", "/v1/applications", form(case.citizen)).json().get("code"))

    wait_until(lambda: said() == "already_holds_passport", "the passport on record", 20.0)
