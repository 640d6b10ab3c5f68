"""Acts that come at once, or while a step has its hands full: one is taken, the other is told."""

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from tests.workflows.acts import documents
from tests.workflows.conftest import Start, serving, starting
from tests.workflows.driving import Driven
from tests.workflows.fakes import Outside
from tests.workflows.people import CITIZEN, officer
from workflows.case.facts import Ending, PaperKind, Role, Stage
from workflows.messages import (
    CheckIn,
    InterviewDecision,
    InterviewOutcome,
    PaperAdded,
    Verdict,
)
from workflows.tray import Tray


async def both(case: Driven, update: str, *messages: Any) -> list[str]:
    """Send acts at once; what came of each."""

    async def sent(message: Any) -> str:
        try:
            await case.tell(update, message)
        except WorkflowUpdateFailedError as failed:
            return getattr(failed.cause, "type", "untyped")
        return "applied"

    return sorted(await asyncio.gather(*map(sent, messages)))


async def test_two_decisions_at_once(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_checked_in()
    one, two = documents(officer(Role.EXAMINER, "e-1")), documents(officer(Role.EXAMINER, "e-2"))
    assert await both(case, "decide_documents", one, two) == ["applied", "not_your_turn"]
    assert outside.actions.count("documents.examined") == 1


async def test_an_act_that_comes_while_another_is_entered(start: Start, outside: Outside) -> None:
    """Sent while the first one's entry is being written: it waits for the engine, not for a person."""
    case = await start()
    await case.to_checked_in()
    gate = outside.gate("ledger.note", lambda note: note.entry.action == "documents.examined")
    first = asyncio.create_task(case.documents())
    await case.noted("documents.examined")
    second = asyncio.create_task(case.refused("decide_documents", documents(officer(Role.EXAMINER, "e-2"))))
    gate.set()
    assert (await first).stage is Stage.DOCUMENTS_EXAMINED
    assert await second == "not_your_turn"


async def test_an_earlier_place_of_a_seat_that_comes_late(start: Start, outside: Outside) -> None:
    """Told by two who do not know of each other: the case keeps the later place, paid or not."""
    case = await start()
    await case.file()
    places = [await case.appointment(timedelta(days=days), revision=days) for days in (1, 2, 3)]
    await case.take_seat(places[1])
    before = outside.actions.count("seat.moved")
    await case.take_seat(places[0])
    assert outside.view.appointment == places[1]
    await case.take_seat(places[2])
    assert outside.view.appointment == places[2]
    assert outside.actions.count("seat.moved") == before + 1


def test_two_that_pass_the_validator_together() -> None:
    """Both were in turn when they were checked; the tray takes one."""
    tray: Tray[CheckIn] = Tray("a check-in")
    tray.open()
    one, two = CheckIn(by=officer(Role.EXAMINER, "e-1")), CheckIn(by=officer(Role.EXAMINER, "e-2"))
    tray.check(one)
    tray.check(two)
    tray.put(one)
    with pytest.raises(ApplicationError) as refused:
        tray.put(two)
    assert refused.value.type == "not_your_turn"
    assert refused.value.non_retryable
    taken = tray.take()
    assert taken is not None
    assert taken.message is one


async def test_the_same_update_id_gets_the_same_answer(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_checked_in()
    key = str(uuid.uuid4())
    act = documents(officer(Role.EXAMINER))
    answers = [await case.handle.execute_update("decide_documents", act, id=key, result_type=Verdict) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert outside.actions.count("documents.examined") == 1


async def test_a_paper_on_its_way_when_the_case_ends(environment: WorkflowEnvironment, outside: Outside) -> None:
    """It hears that the case has ended, and does not keep the case from closing."""
    gate = outside.gate("ledger.note", lambda note: note.entry.action == "paper.added")
    outside.answers["ledger.open_case"] = lambda _: None
    paper = PaperAdded(by=CITIZEN, kind=PaperKind.FAMILY_CARD, sha256="b2", pages=3)
    async with starting(environment, outside) as begin:
        case = await begin()
        sent = asyncio.create_task(case.refused("add_paper", paper))
        async with serving(environment.client, outside):
            try:
                async with asyncio.timeout(6):
                    assert await sent == "not_your_turn"
                    assert await case.ending() is Ending.NOT_ACCEPTED
            finally:
                gate.set()


async def test_a_capture_that_comes_with_a_suspension(start: Start, outside: Outside) -> None:
    """The interview is suspended while the capture lies on its tray: it hears so at once, not weeks later."""
    case = await start()
    await case.to_checked_in()
    gate = outside.gate("ledger.note", lambda note: note.entry.action == "booth.opened")
    await case.documents()
    await case.noted("booth.opened")
    suspended = InterviewDecision(by=officer(Role.INTERVIEWER), outcome=InterviewOutcome.SUSPEND, reason="record")
    await case.push("decide_interview", suspended)
    await case.push("enrol", case.capture())
    gate.set()
    await case.noted("interview.held")
    assert await case.refused_pushes() == ["a biometric enrolment: not_your_turn"]
    await case.resume()
    assert await case.waiting_for() != []
    assert outside.asked["biometrics.assess"] == []


def test_who_comes_after_the_step_is_turned_away() -> None:
    tray: Tray[CheckIn] = Tray("a check-in")
    tray.open()
    late = tray.put(CheckIn(by=officer(Role.EXAMINER)))
    heard: list[str] = []
    late.on_refusal = lambda refused: heard.append(refused.type or "")
    tray.turn_away("the step is done")
    assert heard == ["not_your_turn"]
    assert not tray.is_open
    assert not tray.filled
