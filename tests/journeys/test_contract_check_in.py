"""The contract of arrival: the booking proof, check-in, its day and its window."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.journeys.case import Case
from tests.journeys.people import done, fits, refused
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def today() -> date:
    """The date at the offices of these tests."""
    return (datetime.now(UTC) + timedelta(hours=8)).date()


def tomorrows(case: Case) -> list[str]:
    """Seats of tomorrow and later, where a reschedule may go."""
    return [slot["id"] for slot in case.slots(days=3) if datetime.fromisoformat(slot["starts_at"]).date() > today()]


def test_the_pass_is_a_picture_with_a_proof_that_checks_in(town: Town) -> None:
    case = town.files()
    refused(case.owner.asks("GET", case.path("/pass")), 404, "not_found")
    case.goes_to("paid")
    picture = case.owner.asks("GET", case.path("/pass"))
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert picture.text.startswith("<svg")
    sheets = [case.owner.asks("GET", case.path("/pass"), headers={"Accept": "application/pdf"}) for _ in range(2)]
    assert {sheet.headers["content-type"] for sheet in sheets} == {"application/pdf"}
    assert sheets[0].content.startswith(b"%PDF-")
    assert sheets[0].content == sheets[1].content
    text = case.owner.asks("GET", case.path("/pass"), headers={"Accept": "text/plain"}).text
    assert text.startswith("PASPOR1.")
    assert case.citizen.nik not in text
    arrived = case.officer("kiosk").asks("POST", f"/v1/offices/{case.office}/check-ins", {"proof": text})
    assert arrived.status_code == 201
    shape = {
        "ticket": re.compile(r"A-\d{3,5}"),
        "state": {"waiting", "too_early", "late"},
        "appointment": {"slot_id": str, "office": str, "starts_at": MOMENT, "ends_at": MOMENT},
        "ahead": int,
        "estimate": {"from_minutes": int, "to_minutes": int},
        "why": str,
    }
    fits(arrived.json(), shape)
    assert case.shown()["ticket"]["number"] == arrived.json()["ticket"]
    assert case.shown()["stage"] == "checked_in"


def test_a_proof_that_was_altered_or_is_of_another_office_is_none(town: Town) -> None:
    case = town.case_at("paid")
    text = case.owner.asks("GET", case.path("/pass"), headers={"Accept": "text/plain"}).text
    head, payload, sign = text.split(".")
    altered = ".".join((head, payload, sign[:-3] + ("AAA" if sign[-3:] != "AAA" else "BBB")))
    path = f"/v1/offices/{case.office}/check-ins"
    problem = refused(case.officer("kiosk").asks("POST", path, {"proof": altered}), 422, "invalid_input")
    assert problem["errors"][0]["pointer"] == "/proof"
    elsewhere = town.person("kiosk", "denpasar")
    refused(elsewhere.asks("POST", "/v1/offices/denpasar/check-ins", {"proof": text}), 404, "not_found")
    refused(elsewhere.asks("POST", "/v1/offices/denpasar/check-ins", {"number": case.number}), 404, "not_found")
    both = {"proof": text, "number": case.number}
    refused(case.officer("kiosk").asks("POST", path, both), 422, "invalid_input")
    assert case.shown()["stage"] == "paid"


def test_a_check_in_has_its_day_and_its_window(town: Town) -> None:
    office = town.office("jendela", attendance={"early_minutes": 0, "late_minutes": 15})
    path = f"/v1/offices/{office}/check-ins"
    wrong = town.files(office=office)
    done(wrong.takes(tomorrows(wrong)[0]))
    refused(wrong.officer("kiosk").asks("POST", path, {"number": wrong.number}), 409, "not_your_turn")
    wrong.pays()
    refused(wrong.officer("kiosk").asks("POST", path, {"number": wrong.number}), 409, "wrong_day")
    early = town.files(office=office)
    later = early.slots(days=0)
    if not later:
        pytest.skip("the last quarter of an hour of the office's day")
    done(early.takes(later[-1]["id"]))
    early.pays()
    arrived = early.checks_in()
    assert (arrived["state"], early.shown()["stage"]) == ("too_early", "checked_in")
    examiner = early.officer("examiner")
    called = examiner.asks("POST", f"/v1/offices/{office}/counters/1/next", {"step": "documents"})
    assert called.status_code == 204, "who is too early is not called before the window"


def test_who_was_sent_back_gets_a_ticket_of_the_day_on_which_they_return(town: Town) -> None:
    case = town.case_at(
        "checked_in", office=town.office("lagi", attendance={"early_minutes": 1440, "late_minutes": 15})
    )
    path, examiner = f"/v1/offices/{case.office}", case.officer("examiner")
    case.decides("documents", outcome="return", missing=["id_card"])
    town.sql("UPDATE paspor.ticket SET day = day - 1 WHERE number = :number", number=case.number)
    refused(examiner.asks("POST", f"{path}/check-ins", {"number": case.number}), 409, "already_checked_in")
    case.uploads("id_card")
    case.owner.does(case.path("/completion"))
    case.task("documents")
    nobody = examiner.asks("POST", f"{path}/counters/1/next", {"step": "documents"})
    assert nobody.status_code == 204
    arrived = examiner.asks("POST", f"{path}/check-ins", {"number": case.number})
    assert (arrived.status_code, arrived.json()["state"]) == (201, "waiting")
    refused(examiner.asks("POST", f"{path}/check-ins", {"number": case.number}), 409, "already_checked_in")
    assert case.shown()["ticket"]["number"] == arrived.json()["ticket"]
    called = examiner.does(f"{path}/counters/1/next", {"step": "documents"})
    assert (called["ticket"], called["application"]) == (arrived.json()["ticket"], case.number)
    done(case.tries("documents", lease=called["lease"]["id"], outcome="complete"))
