"""Booklets and printers: each serial is bound to one attempt, nothing is printed twice, nobody pays twice."""

from datetime import timedelta

import pytest

from tests.workflows.conftest import Start
from tests.workflows.driving import Driven
from tests.workflows.fakes import USUAL, Outside, away, in_turn
from tests.workflows.people import BOOKLET, officer
from workflows.case.facts import Ending, Role, Stage, Turn
from workflows.messages import AllocationDecision, PrintAnswerOutcome, QualityDecision, QualityOutcome
from workflows.partners.printers import PrintReport, PrintState

SECOND = "X0000002"
ABORTED = PrintReport(state=PrintState.ABORTED, printer="p1", note="paper jam")


def fates(outside: Outside) -> list[tuple[str, str, str]]:
    """What became of each booklet."""
    return [(one.booklet, one.fate.value, one.reason) for one in outside.asked["booklets.settle"]]


async def to_the_end(case: Driven, booklet: str) -> None:
    """Inspected, collected."""
    await case.inspect(booklet)
    await case.noted("passport.ready")
    assert (await case.tell("hand_over", case.collection(booklet))).stage is Stage.COLLECTED
    assert await case.ending() is Ending.COLLECTED


async def test_what_the_printer_is_told(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_printed()
    [order] = outside.asked["printers.personalise"]
    person = case.filing.applicant
    assert (order.full_name, order.birth_date, order.sex) == (person.full_name, person.birth_date, person.sex)
    assert (order.passport_number, order.office, order.portrait) == (BOOKLET, "denpasar", "p")
    assert order.key == f"{case.filing.number}/print/1"
    assert outside.view.passport is not None
    assert outside.view.passport.state == "printed"


async def test_an_aborted_print_spoils_the_booklet(start: Start, outside: Outside) -> None:
    outside.answers["printers.personalise"] = in_turn(ABORTED, USUAL)
    case = await start()
    await case.to_approved()
    await case.allocate()
    await case.noted("booklet.personalised")
    assert fates(outside) == [(BOOKLET, "spoiled", "paper jam")]
    assert (outside.view.stage, outside.view.next_step.what) == (Stage.APPROVED, "allocate_booklet")
    assert list(outside.tasks) == ["allocation"]
    await case.allocate(SECOND)
    await case.noted("booklet.personalised", times=2)
    keys = [key.split("/", 1)[1] for key in outside.keys("printers.personalise")]
    assert keys == ["print/1", "print/2"]
    assert [one.attempt for one in outside.asked["booklets.allocate"]] == [1, 2]
    await to_the_end(case, SECOND)
    assert fates(outside) == [(BOOKLET, "spoiled", "paper jam"), (SECOND, "used", "handed over")]
    assert len(outside.asked["bills.create"]) == 1


async def test_withdrawn_between_two_booklets(start: Start, outside: Outside) -> None:
    """A spoiled booklet is spoiled already."""
    outside.answers["printers.personalise"] = lambda _: ABORTED
    case = await start()
    await case.to_approved()
    await case.allocate()
    await case.noted("booklet.personalised")
    await case.withdraw()
    assert await case.ending() is Ending.WITHDRAWN
    assert fates(outside) == [(BOOKLET, "spoiled", "paper jam")]


async def test_a_busy_printer_is_asked_again_by_the_same_key(start: Start, outside: Outside) -> None:
    """A print that timed out is unknown, never failed: no second job, no second booklet."""
    outside.answers["printers.personalise"] = in_turn(away, away, USUAL)
    case = await start()
    await case.to_approved()
    await case.allocate()
    await case.sleep(timedelta(minutes=5))
    await case.noted("booklet.personalised")
    assert len(outside.asked["printers.personalise"]) == 3
    assert len(set(outside.keys("printers.personalise"))) == 1
    assert fates(outside) == []


async def test_a_print_of_unknown_end_is_asked_of_a_person(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_print_question()
    assert outside.view.next_step.who is Turn.OFFICE
    assert outside.view.next_step.what == "answer_print_question"
    assert outside.tasks["print_question"].role is Role.PRINTER
    wrong = case.print_answer(PrintAnswerOutcome.PRINTED, booklet="X9999999")
    assert await case.refused("answer_print", wrong) == "wrong_booklet"
    verdict = await case.tell("answer_print", case.print_answer(PrintAnswerOutcome.PRINTED))
    assert verdict.stage is Stage.PRINTING
    entry = outside.entry("booklet.personalised")
    assert (entry.role, entry.actor, entry.outcome) == (Role.PRINTER, "printer", "printed")
    assert len(outside.asked["printers.personalise"]) == 1  # never printed again by itself
    await to_the_end(case, BOOKLET)


async def test_a_person_says_that_it_is_not_printed(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_print_question()
    verdict = await case.tell("answer_print", case.print_answer(PrintAnswerOutcome.NOT_PRINTED))
    assert verdict.stage is Stage.APPROVED
    assert [fate[:2] for fate in fates(outside)] == [(BOOKLET, "spoiled")]
    await case.allocate(SECOND)
    await case.noted("booklet.personalised", times=2)
    await to_the_end(case, SECOND)


async def test_the_wrong_booklet_is_refused(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_printed()
    wrong = QualityDecision(by=officer(Role.INSPECTOR), outcome=QualityOutcome.PASS, booklet_number=SECOND)
    assert await case.refused("decide_quality", wrong) == "wrong_booklet"
    await case.inspect()
    await case.noted("passport.ready")
    assert await case.refused("hand_over", case.collection(SECOND)) == "wrong_booklet"
    assert (await case.hand_over()).stage is Stage.COLLECTED


async def test_a_defect_means_another_booklet_without_a_new_bill(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_printed()
    verdict = await case.inspect(outcome=QualityOutcome.FAIL)
    assert verdict.stage is Stage.APPROVED
    assert fates(outside) == [(BOOKLET, "spoiled", "smudge")]
    assert outside.entry("quality.checked").reason == "smudge"
    await case.allocate(SECOND)
    await case.noted("booklet.personalised", times=2)
    first = QualityDecision(by=officer(Role.INSPECTOR), outcome=QualityOutcome.PASS, booklet_number=BOOKLET)
    assert await case.refused("decide_quality", first) == "wrong_booklet"
    await to_the_end(case, SECOND)
    assert len(outside.asked["bills.create"]) == 1
    assert [issue.number for issue in outside.asked["passports.record_issue"]] == [SECOND]


@pytest.mark.parametrize("serial", [BOOKLET, SECOND])
async def test_a_booklet_that_is_not_available(start: Start, outside: Outside, serial: str) -> None:
    """Not in stock, or bound to somebody else: another one is brought, and the attempt is not counted."""
    outside.answers["booklets.allocate"] = in_turn(False, True)
    case = await start()
    await case.to_approved()
    act = AllocationDecision(by=officer(Role.PRINTER), booklet=BOOKLET)
    assert await case.refused("allocate", act) == "booklet_not_available"
    assert list(outside.tasks) == ["allocation"]
    await case.allocate(serial)
    await case.noted("booklet.personalised")
    assert [one.attempt for one in outside.asked["booklets.allocate"]] == [1, 1]
    assert outside.keys("printers.personalise") == [f"{case.filing.number}/print/1"]


async def test_the_date_of_issue_is_the_day_of_print(start: Start, outside: Outside) -> None:
    outside.answers["printers.personalise"] = in_turn(ABORTED, USUAL)
    case = await start()
    await case.to_approved()
    await case.allocate()
    await case.noted("booklet.personalised")
    await case.sleep(timedelta(days=3))
    await case.allocate(SECOND)
    await case.noted("booklet.personalised", times=2)
    first, second = outside.asked["printers.personalise"]
    assert second.issued_on - first.issued_on == timedelta(days=3)
    assert outside.view.passport is not None
    assert outside.view.passport.issued_on == second.issued_on
