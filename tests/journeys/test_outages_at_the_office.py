"""Devices and the matcher away, slow or forgetful at their step: nothing is lost, doubled or stopped by it."""

import pytest

from tests.journeys.installation import wait_until
from tests.journeys.people import done, refused
from tests.journeys.standins import once_each
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey
KINDS = ("down", "error", "lost_reply", "slow")


def test_capture_away_is_503_and_the_same_lease_goes_on(town: Town) -> None:
    case = town.case_at("documents_examined")
    lease = case.lease("enrolment")
    with town.standins["capture"].failing("down"):
        refused(case.captures(lease=lease), 503, "partner_away")
    assert done(case.captures(lease=lease))["accepted"]


def test_capture_slow_is_awaited(town: Town) -> None:
    case = town.case_at("documents_examined")
    with town.standins["capture"].failing("slow", seconds=2.0):
        assert done(case.captures())["accepted"]


@pytest.mark.parametrize("kind", KINDS)
def test_matcher_troubled(town: Town, kind: str) -> None:
    case = town.case_at("interviewed")
    with town.standins["abis"].failing(kind, seconds=1.0):
        done(case.captures())
        wait_until(lambda: town.standins["abis"].log(case.number), "the question", 10.0)
    case.is_approved()
    once_each(town, case, "abis")


def test_matcher_that_tells_twice_is_heard_once(town: Town) -> None:
    case = town.case_at("interviewed")
    with town.standins["abis"].failing("duplicate"):
        done(case.captures())
        case.is_approved()
        ids = "SELECT 1 FROM paspor.inbox WHERE sender = 'abis' AND body ->> 'request_id' LIKE :about"
        wait_until(lambda: len(town.sql(ids, about=f"{case.number}/%")) == 2, "both notifications", 10.0)
    case.goes_to("ready")
    timeline = [line["what"] for line in case.shown()["timeline"]]
    assert timeline.count("duplicates.searched") == timeline.count("application.approved") == 1


def test_printer_jam_spoils_the_booklet_and_a_new_one_is_made(town: Town) -> None:
    case, printer = town.case_at("approved"), town.standins["printer"]
    with printer.failing("jam"):
        case.is_allocated()
        jammed = case.booklet
        case.waits_until(lambda now: now["passport"]["state"] == "spoiled", "the spoiled booklet")
    case.is_allocated()
    assert case.booklet != jammed
    case.is_printed()
    assert sorted(printer.effects(f"{case.number}/print").items()) == [
        (f"{case.number}/print/1", 0),
        (f"{case.number}/print/2", 1),
    ]
    assert town.sql("SELECT state FROM paspor.booklet WHERE serial = :serial", serial=jammed)[0][0] == "spoiled"
    assert case.shown()["passport"]["number"] == case.booklet


@pytest.mark.parametrize("outcome", ["printed", "not_printed"])
def test_printer_that_forgets_its_jobs_is_asked_about_to_a_person(town: Town, outcome: str) -> None:
    case, printer = town.case_at("approved"), town.standins["printer"]
    with printer.failing("stall"):
        case.is_allocated()
        submitted = "SELECT 1 FROM paspor.print_attempt WHERE key LIKE :about AND job_id IS NOT NULL"
        wait_until(lambda: town.sql(submitted, about=f"{case.number}/%"), "the job", 10.0)
        done(printer.http.delete("jobs", params={"printer": "latihan-1"}))
        lease = case.lease("print_question")
    assert case.shown()["next_step"]["what"] == "answer_print_question"
    refused(case.tries("print_question", lease=lease, outcome=outcome, booklet="X2999999"), 409, "wrong_booklet")
    case.decides("print_question", lease=lease, outcome=outcome, booklet=case.booklet)
    if outcome == "not_printed":
        forgotten = case.booklet
        case.is_allocated()
        assert case.booklet != forgotten
    case.is_printed()
    case.is_inspected()


@pytest.mark.parametrize("kind", ["down", "error", "media_empty", "cover_open"])
def test_printer_away_or_empty_is_waited_for_and_prints_once(town: Town, kind: str) -> None:
    case, printer = town.case_at("approved"), town.standins["printer"]
    with printer.failing(kind):
        case.is_allocated()
        wait_until(lambda: printer.log(), "a question to the printer", 10.0)
    case.is_printed()
    once_each(town, case, "printer")


@pytest.mark.parametrize("kind", ["down", "error"])
def test_mail_away_holds_nothing_up_and_goes_out_later(town: Town, kind: str) -> None:
    mail = town.standins["mail"]
    with mail.failing(kind):
        case = town.case_at("ready")
    address = str(case.citizen.claims()["email"])

    def letters() -> list[str]:
        return [one["message_id"] for one in done(mail.http.get("messages", params={"to": address}))["items"]]

    found = wait_until(lambda: len(letters()) >= 2 and letters(), "the letters that were held up", 30.0)
    assert len(set(found)) == len(found) == 2
