"""Every place where an open case waits: how it comes there, what it waits for, and which wait is next."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio.exceptions import ApplicationError

from tests.workflows.driving import Driven
from tests.workflows.fakes import USUAL, Answer, declines, in_turn
from workflows.case.facts import PaperKind, Role
from workflows.messages import (
    AdjudicationOutcome,
    DocumentsOutcome,
    InterviewOutcome,
    PrintAnswerOutcome,
    ResumeOutcome,
)

COLLECTED = ""
Doing = Callable[[Driven], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Wait:
    """`reach` brings a new case to it, `answer` is what the case waits for, `then` names the wait that follows."""

    reach: Doing
    answer: Doing
    then: str


def _away(_: Any) -> Any:
    """A register that is away, and is asked again in a second."""
    raise ApplicationError("away", type="unknown", next_retry_delay=timedelta(seconds=1))


REGISTER_AWAY: dict[str, Answer] = {"population.verify": _away}


async def _no_register(case: Driven) -> None:
    await case.while_time_passes(case.file())
    await case.noted("claims.waiting")


async def _register_back(case: Driven) -> None:
    case.outside.answers.clear()
    await case.while_time_passes(case.noted("claims.verified"))


async def _to_payment(case: Driven) -> None:
    await case.file()
    await case.book()


async def _bill_declined(case: Driven) -> None:
    case.outside.answers["bills.create"] = in_turn(declines, USUAL)
    await case.file()
    await case.take_seat(await case.appointment())
    await case.noted("suspension.begun")


async def _bill_after_all(case: Driven) -> None:
    await case.resume()
    await case.noted("bill.made")


async def _seat_lost(case: Driven) -> None:
    case.outside.answers["seats.confirm"] = in_turn(False, USUAL)
    await _to_payment(case)
    await case.handle.signal("payment", await case.payment())
    await case.noted("seat.lost")


async def _another_seat(case: Driven) -> None:
    await case.take_seat(await case.appointment(booking="b-2"))
    await case.noted("bill.paid")


async def _attended(case: Driven) -> None:
    seat = case.outside.view.appointment
    assert seat is not None
    await case.attend(seat)


async def _papers_missing(case: Driven) -> None:
    await case.to_checked_in()
    await case.documents(DocumentsOutcome.RETURN, missing=(PaperKind.BIRTH_RECORD,), reason="unreadable")


async def _examined(case: Driven) -> None:
    await case.documents()
    await case.noted("booth.opened")


async def _interviewed(case: Driven) -> None:
    await case.to_booth()
    await case.interview()


async def _both(case: Driven) -> None:
    await case.interview()
    await case.enrol()


async def _suspended(case: Driven) -> None:
    await case.to_booth()
    await case.interview(InterviewOutcome.SUSPEND, reason="examination record needed")


async def _resumed(case: Driven) -> None:
    await case.resume(ResumeOutcome.RESUME)
    await case.noted("booth.opened", times=2)


async def _nobody_alike(case: Driven) -> None:
    await case.match()
    await case.noted("application.approved")


async def _first_opinion(case: Driven) -> None:
    await case.opinion("adjudicator-1", AdjudicationOutcome.NO_MATCH)


async def _second_opinion(case: Driven) -> None:
    await case.opinion("adjudicator-2", AdjudicationOutcome.NO_MATCH)
    await case.noted("application.approved")


async def _to_second_opinion(case: Driven) -> None:
    await case.to_adjudication()
    await _first_opinion(case)


async def _to_the_head(case: Driven) -> None:
    await _to_second_opinion(case)
    await case.opinion("adjudicator-2", AdjudicationOutcome.MATCH)


async def _heads_word(case: Driven) -> None:
    await case.opinion("head", AdjudicationOutcome.NO_MATCH, role=Role.HEAD)
    await case.noted("application.approved")


async def _allocated(case: Driven) -> None:
    await case.allocate()
    await case.noted("booklet.personalised")


async def _printed_after_all(case: Driven) -> None:
    await case.tell("answer_print", case.print_answer(PrintAnswerOutcome.PRINTED))


async def _inspected(case: Driven) -> None:
    await case.inspect()
    await case.noted("passport.ready")


WAITS = {
    "register": Wait(_no_register, _register_back, "seat"),
    "seat": Wait(Driven.file, Driven.book, "payment"),
    "declined": Wait(_bill_declined, _bill_after_all, "payment"),
    "payment": Wait(_to_payment, Driven.pay, "attendance"),
    "another-seat": Wait(_seat_lost, _another_seat, "attendance"),
    "attendance": Wait(Driven.to_paid, _attended, "documents"),
    "documents": Wait(Driven.to_checked_in, _examined, "booth"),
    "completion": Wait(_papers_missing, Driven.complete, "documents"),
    "booth": Wait(Driven.to_booth, _both, "matcher"),
    "enrolment": Wait(_interviewed, Driven.enrol, "matcher"),
    "suspension": Wait(_suspended, _resumed, "enrolment"),
    "matcher": Wait(Driven.to_search, _nobody_alike, "allocation"),
    "adjudication-1": Wait(Driven.to_adjudication, _first_opinion, "adjudication-2"),
    "adjudication-2": Wait(_to_second_opinion, _second_opinion, "allocation"),
    "adjudication-head": Wait(_to_the_head, _heads_word, "allocation"),
    "allocation": Wait(Driven.to_approved, _allocated, "quality"),
    "print-question": Wait(Driven.to_print_question, _printed_after_all, "quality"),
    "quality": Wait(Driven.to_printed, _inspected, "handover"),
    "handover": Wait(Driven.to_ready, Driven.hand_over, COLLECTED),
}

# Answers that must be there before the case is filed.
PLANTED = {"register": REGISTER_AWAY}


async def go_on(case: Driven, wait: str) -> None:
    """From a wait to the handover, each wait answered in turn."""
    while wait != COLLECTED:
        await WAITS[wait].answer(case)
        wait = WAITS[wait].then
