"""What several people, or one in a hurry, do at the same moment: one of them has it, and nothing is in between."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from tests.journeys.applying import form
from tests.journeys.case import Case
from tests.journeys.installation import wait_until
from tests.journeys.notifying import MONEY
from tests.journeys.people import done, refused
from tests.journeys.town import Town
from workers.local.demonstration.citizen import citizen, document

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey


def at_once(*acts: Callable[[], httpx2.Response]) -> list[httpx2.Response]:
    """All of them at the same moment."""
    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result() for each in [pool.submit(act) for act in acts]]


def test_one_person_filed_by_two_at_once_has_one_live_application(town: Town) -> None:
    person, applicants = citizen(), [town.applicant() for _ in range(4)]
    answers = at_once(*(lambda who=who: who.asks("POST", "/v1/applications", form(person)) for who in applicants))
    filed = [answer for answer in answers if answer.status_code == 201]
    assert len(filed) == 1
    for who, answer in zip(applicants, answers, strict=True):
        if answer.status_code == 503:  # who came before the case knew itself may ask again
            answer = who.asks("POST", "/v1/applications", form(person))
        if answer is not filed[0]:
            refused(answer, 409, "live_application_exists")
    owner = applicants[answers.index(filed[0])]
    owner.does(f"/v1/applications/{filed[0].json()['number']}/withdrawal")


def test_two_decisions_under_one_lease_are_one(town: Town) -> None:
    case = town.case_at("checked_in")
    lease = case.lease("documents")
    answers = at_once(
        lambda: case.tries("documents", lease=lease, outcome="complete"),
        lambda: case.tries("documents", lease=lease, outcome="return", missing=["id_card"]),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert next(one for one in answers if one.status_code == 409).json()["code"] in ("not_your_turn", "lease_lost")
    assert [line["what"] for line in case.shown()["timeline"]].count("documents.examined") == 1


def test_two_counters_call_two_people(town: Town) -> None:
    office = town.office("serentak")
    cases = {town.case_at("checked_in", office=office).number for _ in range(2)}
    path, step = f"/v1/offices/{office}/counters", {"step": "documents"}
    answers = at_once(
        lambda: town.person("examiner", office).asks("POST", f"{path}/1/next", step),
        lambda: town.person("examiner-2", office).asks("POST", f"{path}/2/next", step),
    )
    assert {done(answer)["application"] for answer in answers} == cases


def test_two_officers_claim_one_task(town: Town) -> None:
    case = town.case_at("checked_in")
    path = f"/v1/tasks/{case.task('documents')['id']}/claim"
    one, other = case.officer("examiner"), case.officer("examiner-2")
    answers = at_once(*(lambda who=who: who.asks("POST", path, {"reason": "mine"}) for who in (one, other)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_one_in_a_hurry_takes_many_seats_and_has_one(town: Town) -> None:
    office = town.office("tergesa", opening={"seats": {"regular": 1, "priority": 1, "same_day": 1}})
    case = town.files(office=office)
    slots = [slot["id"] for slot in case.slots()[:5]]
    answers = at_once(*(lambda slot=slot: case.takes(slot) for slot in slots))
    assert any(answer.is_success for answer in answers)
    assert {answer.status_code for answer in answers} <= {200, 409, 503}
    held = "SELECT paspor.public_slot(slot_id) AS slot FROM paspor.booking WHERE number = :number AND state = 'held'"

    def settled() -> bool:
        rows = town.sql(held, number=case.number)
        return len(rows) == 1 and case.shown()["appointment"]["slot_id"] == rows[0].slot

    wait_until(settled, "one seat, known to the case and to the office", 10.0)
    full = "SELECT count(*) FROM paspor.slot WHERE office = :office AND taken > 0"
    assert town.sql(full, office=office)[0][0] == 1
    case.goes_to("filed")
    case.pays()
    assert case.shown()["stage"] == "paid"


@pytest.mark.parametrize("_again", range(3))
def test_paid_and_withdrawn_at_once_leaves_no_money_without_a_word(town: Town, _again: int) -> None:
    case, bank = town.case_at("booked"), town.standins["billing"].http
    case.billed()
    answers = at_once(
        lambda: bank.post("pay", json={"bill_code": case.bill}),
        lambda: case.owner.asks("POST", case.path("/withdrawal")),
    )
    assert done(answers[1])["ending"] == "withdrawn"
    if answers[0].is_success:
        wait_until(lambda: _spoken_of(town, case), "a word of the payment", 20.0)


def _spoken_of(town: Town, case: Case) -> bool:
    """Whether the payment is in the record, or among the exceptions."""
    told = {line["what"] for line in case.shown()["timeline"]}
    found = town.person("auditor").reads("/v1/audit/exceptions")["items"]
    left = any(one["number"] == case.number and one["kind"] in MONEY for one in found)
    return left or bool(told & {"bill.paid", "payment.stray"})


@pytest.mark.parametrize("_again", range(3))
def test_an_upload_and_a_withdrawal_at_once_are_both_answered(town: Town, _again: int) -> None:
    case = town.files()
    page = {"file": ("k.png", document("id_card"), "image/png")}
    answers = at_once(
        lambda: case.owner.asks("PUT", case.path("/documents/id_card"), files=page),
        lambda: case.owner.asks("POST", case.path("/withdrawal")),
    )
    assert answers[0].status_code in (200, 409)
    assert done(answers[1])["ending"] == "withdrawn"


def test_checked_in_at_two_kiosks_gets_one_ticket(town: Town) -> None:
    case = town.case_at("paid")
    desk, path = case.officer("kiosk"), f"/v1/offices/{case.office}/check-ins"
    answers = at_once(*(lambda: desk.asks("POST", path, {"number": case.number}) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    # While the first is being entered it is nobody's turn; from then on the person is here already.
    second = next(one for one in answers if one.status_code == 409)
    assert second.json()["code"] in ("already_checked_in", "not_your_turn")
    refused(desk.asks("POST", path, {"number": case.number}), 409, "already_checked_in")
    assert town.sql("SELECT count(*) FROM paspor.ticket WHERE number = :number", number=case.number)[0][0] == 1
