"""What is pushed, with nobody to hear the answer: it does the same, and a refusal is noted."""

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.workflows.acts import booklet, documents, opinion, quality
from tests.workflows.conftest import Start, serving, starting
from tests.workflows.fakes import Outside, in_turn
from tests.workflows.people import CITIZEN, officer
from workflows.case.facts import Ending, PaperKind, Role
from workflows.case.notifications import PaymentNotice
from workflows.messages import (
    Cancellation,
    CheckIn,
    Completion,
    DocumentsDecision,
    DocumentsOutcome,
    InterviewDecision,
    InterviewOutcome,
    PaperAdded,
    ResumeDecision,
    ResumeOutcome,
    SeatTaken,
    Withdrawal,
)


async def test_pushed_acts_do_the_same(start: Start, outside: Outside) -> None:
    """The whole procedure by signals alone."""
    case = await start()
    await case.push("add_paper", PaperAdded(by=CITIZEN, kind=PaperKind.ID_CARD, sha256="a1", pages=1))
    await case.noted("paper.added")
    await case.noted("claims.verified")
    seat = await case.appointment()
    await case.push("take_seat", SeatTaken(by=CITIZEN, appointment=seat))
    await case.noted("bill.made")
    await case.pay()
    await case.sleep_until(seat.starts_at)
    await case.push("check_in", CheckIn(by=officer(Role.KIOSK)))
    await case.noted("applicant.checked_in")
    returned = DocumentsDecision(by=officer(Role.EXAMINER), outcome=DocumentsOutcome.RETURN, missing=())
    await case.push("decide_documents", returned)
    await case.noted("documents.examined")
    await case.push("complete_papers", Completion(by=CITIZEN))
    await case.noted("documents.completed")
    await case.push("decide_documents", documents(officer(Role.EXAMINER)))
    await case.noted("booth.opened")
    await case.push("enrol", case.capture())
    await case.noted("enrolment.captured")
    suspended = InterviewDecision(by=officer(Role.INTERVIEWER), outcome=InterviewOutcome.SUSPEND, reason="record")
    await case.push("decide_interview", suspended)
    await case.noted("interview.held")
    await case.push("resume", ResumeDecision(by=officer(Role.HEAD), outcome=ResumeOutcome.RESUME))
    await case.match("G-9")
    await case.noted("duplicates.searched")
    await case.push("adjudicate", opinion(officer(Role.ADJUDICATOR, "a-1")))
    await case.noted("adjudication.opinion")
    await case.push("adjudicate", opinion(officer(Role.ADJUDICATOR, "a-2")))
    await case.noted("application.approved")
    await case.push("allocate", booklet(officer(Role.PRINTER)))
    await case.noted("booklet.personalised")
    await case.push("decide_quality", quality(officer(Role.INSPECTOR)))
    await case.noted("passport.ready")
    await case.push("hand_over", case.collection())
    assert await case.ending() is Ending.COLLECTED
    assert await case.refused_pushes() == []


@pytest.mark.parametrize(("push", "ending"), [("withdraw", Ending.WITHDRAWN), ("cancel", Ending.CANCELLED)])
async def test_pushed_exits(start: Start, push: str, ending: Ending) -> None:
    case = await start()
    await case.to_booth()
    if push == "withdraw":
        await case.push(push, Withdrawal(by=CITIZEN))
    else:
        await case.push(push, Cancellation(by=officer(Role.HEAD), reason="false statement"))
    assert await case.ending() is ending


async def test_a_pushed_refusal_is_noted(start: Start, outside: Outside) -> None:
    """Nobody hears it, so the case remembers: what the tray refused, and what the step refused."""
    case = await start()
    await case.to_approved()
    await case.push("decide_quality", quality(officer(Role.INSPECTOR)))
    await case.push("allocate", booklet(officer(Role.EXAMINER)))
    outside.answers["booklets.allocate"] = in_turn(False, True)
    await case.push("allocate", booklet(officer(Role.PRINTER)))
    await case.until(lambda: outside.asked["booklets.allocate"])
    await case.tell("allocate", booklet(officer(Role.PRINTER)))
    assert await case.refused_pushes() == [
        "a quality check: not_your_turn",
        "a booklet: role_not_allowed",
        "a booklet: booklet_not_available",
    ]


async def test_before_the_first_workflow_task(environment: WorkflowEnvironment, outside: Outside) -> None:
    """Sent with the start, while no worker runs: a payment lies on the desk, an act out of turn is refused."""
    early = PaymentNotice(bill_code="820261124000001", amount=350000, paid_at=await environment.get_current_time(),
                          receipt_no="NTPN000000000001")  # fmt: skip
    async with starting(environment, outside) as begin:
        case = await begin()
        await case.handle.signal("payment", early)
        await case.push("decide_documents", documents(officer(Role.EXAMINER)))
        await case.push("add_paper", PaperAdded(by=CITIZEN, kind=PaperKind.ID_CARD, sha256="a1", pages=2))
        async with serving(environment.client, outside):
            await case.file()
            await case.noted("paper.added")
            await case.book()
            await case.noted("bill.paid")
            assert await case.refused_pushes() == ["a document examination: not_your_turn"]
            await case.put_away()


async def test_a_withdrawal_before_the_first_workflow_task(environment: WorkflowEnvironment, outside: Outside) -> None:
    async with starting(environment, outside) as begin:
        case = await begin()
        await case.push("withdraw", Withdrawal(by=CITIZEN))
        async with serving(environment.client, outside):
            assert await case.ending() is Ending.WITHDRAWN
            assert outside.asked["bills.create"] == []
