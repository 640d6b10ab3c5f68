"""The contract of keys: the same request is done once, and answered as often as it is asked."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.journeys.applying import form
from tests.journeys.people import done, refused
from tests.journeys.town import Town
from workers.local.demonstration.citizen import citizen

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey


def test_an_act_without_a_key_is_not_done(town: Town) -> None:
    person, applicant = citizen(), town.applicant()
    refused(applicant.asks("POST", "/v1/applications", form(person), key=None), 400, "idempotency_key_required")
    case = town.files()
    refused(case.owner.asks("POST", case.path("/withdrawal"), key=None), 400, "idempotency_key_required")
    assert case.shown()["ending"] is None


def test_the_same_key_and_body_answer_the_stored_response(town: Town) -> None:
    person, applicant, key = citizen(), town.applicant(), str(uuid.uuid4())
    first = applicant.asks("POST", "/v1/applications", form(person), key=key)
    again = applicant.asks("POST", "/v1/applications", form(person), key=key)
    assert first.status_code == again.status_code == 201
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (again.json(), again.headers["Location"]) == (first.json(), first.headers["Location"])
    assert town.sql("SELECT count(*) FROM paspor.application WHERE owner = :owner", owner=applicant.name)[0][0] == 1
    applicant.does(f"/v1/applications/{first.json()['number']}/withdrawal")


def test_the_same_key_with_another_body_is_refused(town: Town) -> None:
    applicant, key = town.applicant(), str(uuid.uuid4())
    first = applicant.asks("POST", "/v1/applications", form(citizen()), key=key)
    refused(applicant.asks("POST", "/v1/applications", form(citizen()), key=key), 422, "idempotency_key_reused")
    applicant.does(f"/v1/applications/{first.json()['number']}/withdrawal")


def test_keys_are_the_callers_own(town: Town) -> None:
    key = str(uuid.uuid4())
    numbers = set()
    for applicant in (town.applicant(), town.applicant()):
        answer = applicant.asks("POST", "/v1/applications", form(citizen()), key=key)
        assert "Idempotent-Replayed" not in answer.headers
        numbers.add(done(answer)["number"])
        applicant.does(f"/v1/applications/{answer.json()['number']}/withdrawal")
    assert len(numbers) == 2


def test_a_refusal_is_replayed_as_well(town: Town) -> None:
    case, key = town.case_at("checked_in"), str(uuid.uuid4())
    desk, path = case.officer("kiosk"), f"/v1/offices/{case.office}/check-ins"
    first = desk.asks("POST", path, {"number": case.number}, key=key)
    again = desk.asks("POST", path, {"number": case.number}, key=key)
    refused(first, 409, "already_checked_in")
    refused(again, 409, "already_checked_in")
    assert again.headers["Idempotent-Replayed"] == "true"


def test_the_same_filing_sent_at_once_many_times_is_one_case(town: Town) -> None:
    applicant, key, filing = town.applicant(), str(uuid.uuid4()), form(citizen())
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: applicant.asks("POST", "/v1/applications", filing, key=key), range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 1
    applicant.does(f"/v1/applications/{answers[0].json()['number']}/withdrawal")


def test_titles_are_for_people_in_their_language(town: Town) -> None:
    applicant = town.applicant()
    titles = set()
    for language in ("id", "en"):
        answer = applicant.asks("GET", "/v1/applications/1234567890123456", headers={"Accept-Language": language})
        titles.add(refused(answer, 404, "not_found")["title"])
        assert answer.headers["Content-Language"] == language
    assert titles == {"Tidak ditemukan", "Not found"}
