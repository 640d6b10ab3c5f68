"""The contract for applicants: an application and everything that is read of it, field by field."""

import re
from datetime import datetime, timedelta
from types import NoneType

import pytest

from tests.journeys.applying import form
from tests.journeys.case import Case
from tests.journeys.installation import wait_until
from tests.journeys.people import done, fits, refused
from tests.journeys.town import Town
from workers.local.demonstration.citizen import citizen, document

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
NEXT_STEP = {"who": {"applicant", "office", "system"}, "what": str, "by?": MOMENT}
DOCUMENT = {"kind": str, "required": bool, "state": {"missing", "uploaded", "returned", "verified"}}
APPOINTMENT = {"slot_id": str, "office": str, "starts_at": MOMENT, "ends_at": MOMENT, "state": {"held", "confirmed"}}
BILL = {
    "code": str,
    "amount": int,
    "currency": {"IDR"},
    "items": [{"what": str, "amount": int}],
    "due_at": MOMENT,
    "state": {"open", "paid", "lapsed"},
}
PROMISE = {
    "collect_on": DAY,
    "since": MOMENT,
    "rule": str,
    "reason": str,
    "history": [{"collect_on": DAY, "since": MOMENT, "reason": str}],
}
APPLICATION = {
    "number": re.compile(r"\d{16}"),
    "documents": [DOCUMENT],
    "stage": str,
    "ending": (str, NoneType),
    "next_step": NEXT_STEP,
    "appointment?": APPOINTMENT,
    "bill?": BILL,
    "ticket?": {"number": re.compile(r"[APS]-\d{3,5}"), "state": str},
    "promise?": PROMISE,
    "passport?": {"number": re.compile(r"[A-Z]\d{7}"), "state": str},
    "timeline": [{"at": MOMENT, "what": str, "note?": str}],
}


def test_a_filing_is_answered_by_the_application_and_nothing_of_its_future(town: Town) -> None:
    applicant = town.applicant()
    answer = applicant.asks("POST", "/v1/applications", form(citizen()))
    filed = done(answer)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/applications/{filed['number']}"
    fits(filed, APPLICATION)
    assert (filed["stage"], filed["ending"]) == ("filed", None)
    assert (filed["next_step"]["who"], filed["next_step"]["what"]) == ("applicant", "choose_appointment")
    assert [one["kind"] for one in filed["documents"]] == ["id_card", "family_card", "birth_record"]
    assert {one["state"] for one in filed["documents"]} == {"missing"}
    assert not {"appointment", "bill", "ticket", "promise", "passport"} & set(filed)
    applicant.does(f"/v1/applications/{filed['number']}/withdrawal")


def test_every_part_of_an_application_appears_at_its_step(town: Town) -> None:
    case = town.files()
    parts = {"booked": "appointment", "checked_in": "ticket", "approved": "promise", "printing": "passport"}
    stages = []
    for stage, _ in Case.STEPS:
        for later, part in parts.items():
            if later == stage:
                assert part not in case.shown()
        case.goes_to(stage)
        now = case.shown()
        fits(now, APPLICATION)
        stages.append(now["stage"])
        if stage in parts:
            assert now[parts[stage]]
    assert now["appointment"]["office"] == "latihan"
    assert now["bill"]["amount"] == sum(item["amount"] for item in now["bill"]["items"]) == 650_000
    assert now["bill"]["state"] == "paid"
    assert (now["stage"], now["ending"], now["passport"]["state"]) == ("collected", "collected", "collected")
    # The interview was a moment ago; what follows it may already have been passed when it is read.
    assert stages[:4] == ["booked", "paid", "checked_in", "documents_examined"]
    assert stages[-3:] == ["printing", "ready", "collected"]
    assert [line["at"] for line in now["timeline"]] == sorted(line["at"] for line in now["timeline"])


def test_office_times_carry_the_offices_offset(town: Town) -> None:
    case = town.case_at("booked")
    appointment = case.shown()["appointment"]
    starts_at = datetime.fromisoformat(appointment["starts_at"])
    assert starts_at.utcoffset() == timedelta(hours=8)
    assert datetime.fromisoformat(appointment["ends_at"]) - starts_at == timedelta(minutes=15)


def test_the_bill_comes_with_code_items_and_two_hours(town: Town) -> None:
    case = town.files(document={"type": "electronic", "validity_years": 5}, service="same_day")
    refused(case.owner.asks("GET", case.path("/bill")), 404, "not_found")
    case.books()
    answer = case.owner.asks("GET", case.path("/bill"))
    if not answer.is_success:
        refused(answer, 404, "bill_not_ready")
        assert int(answer.headers["Retry-After"]) >= 1
    bill = case.billed()
    fits(bill, BILL)
    assert [item["amount"] for item in bill["items"]] == [650_000, 1_000_000]
    assert bill["amount"] == 1_650_000
    held = next(line["at"] for line in case.shown()["timeline"] if line["what"] == "seat.held")
    minutes = (datetime.fromisoformat(bill["due_at"]) - datetime.fromisoformat(held)).total_seconds() / 60
    assert 119.5 < minutes < 120.5


def test_a_read_that_knows_the_version_is_304_until_something_happens(town: Town) -> None:
    case = town.files()
    first = case.owner.asks("GET", case.path())
    tag = first.headers["ETag"]
    again = case.owner.asks("GET", case.path(), headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    case.uploads("id_card")
    changed = case.owner.asks("GET", case.path(), headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_a_read_after_an_act_shows_it(town: Town) -> None:
    case = town.files()
    for kind in ("id_card", "family_card", "birth_record"):
        case.uploads(kind)
        assert next(one for one in case.shown()["documents"] if one["kind"] == kind)["state"] == "uploaded"
    slot = case.slots()[0]["id"]
    taken = done(case.takes(slot))
    assert taken["appointment"]["slot_id"] == slot == case.shown()["appointment"]["slot_id"]
    assert case.owner.does(case.path("/withdrawal"))["ending"] == case.shown()["ending"] == "withdrawn"


def test_an_upload_answers_with_kind_hash_and_pages_and_may_be_repeated(town: Town) -> None:
    case = town.files()
    page = {"file": ("k.png", document("id_card"), "image/png")}
    stored = [case.owner.does(case.path("/documents/id_card"), verb="PUT", files=page) for _ in range(2)]
    fits(stored[0], {"kind": {"id_card"}, "sha256": re.compile("[0-9a-f]{64}"), "pages": int})
    assert stored[0] == stored[1]
    assert stored[0]["pages"] == 1


def test_what_was_missing_is_brought_and_said_to_be_there(town: Town) -> None:
    case = town.case_at("checked_in")
    refused(case.owner.asks("POST", case.path("/completion")), 409, "not_your_turn")
    returned = case.decides("documents", outcome="return", missing=["family_card"], reason="unreadable")
    assert (returned["stage"], returned["next_step"]["who"]) == ("on_hold", "applicant")
    assert returned["next_step"]["by"]
    assert {one["kind"]: one["state"] for one in returned["documents"]}["family_card"] == "returned"
    case.uploads("family_card")
    back = case.owner.does(case.path("/completion"))
    assert (back["stage"], back["next_step"]["who"]) == ("checked_in", "office")
    case.decides("documents", outcome="complete")
    assert {one["state"] for one in case.shown()["documents"]} == {"verified"}
    mail = town.standins["mail"].http
    address = str(case.citizen.claims()["email"])
    wait_until(lambda: len(done(mail.get("messages", params={"to": address}))["items"]) >= 2, "word of the return")


def test_what_the_examiner_has_seen_is_not_exchanged_any_more(town: Town) -> None:
    case = town.case_at("documents_examined")
    page = {"file": ("k.png", document("id_card"), "image/png")}
    refused(case.owner.asks("PUT", case.path("/documents/id_card"), files=page), 409, "not_your_turn")


CONSENT = {"kind": "spoken", "date": "2026-11-20", "statement": "Saya setuju."}


def test_an_assistant_files_for_a_citizen(town: Town) -> None:
    case = Case(town, town.person("assistant", "latihan"))
    filed = case.files(consent=CONSENT)
    town.cases.append(case)
    assert filed["stage"] == "filed"
    case.uploads()
    case.goes_to("paid")
    refused(town.applicant().asks("GET", case.path()), 404, "not_found")
