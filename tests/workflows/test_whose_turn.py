"""Who may act, and when: out of turn, twice, by the wrong role, for another, by one pair of eyes."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.workflows.acts import DECISIONS, documents, interview, opinion
from tests.workflows.conftest import Start
from tests.workflows.fakes import Outside
from tests.workflows.people import CITIZEN, officer
from workflows.case.facts import Actor, PaperKind, Role
from workflows.case.record import TaskStep
from workflows.messages import (
    AdjudicationOutcome,
    Cancellation,
    CheckIn,
    Completion,
    PaperAdded,
    ResumeDecision,
    ResumeOutcome,
    SeatTaken,
    Withdrawal,
)

STRANGER = Actor(id="applicant-2", roles=(Role.APPLICANT,))


async def test_out_of_turn(start: Start, outside: Outside) -> None:
    """Before its step has opened its tray, no act is taken; the case stands as it stood."""
    case = await start()
    await case.file()
    version = outside.view.version
    acts: list[tuple[str, Any]] = [(update, act(officer(role))) for _, update, role, act in DECISIONS]
    acts += [
        ("enrol", case.capture()),
        ("hand_over", case.collection()),
        ("check_in", CheckIn(by=officer(Role.EXAMINER))),
        ("complete_papers", Completion(by=CITIZEN)),
        ("resume", ResumeDecision(by=officer(Role.HEAD), outcome=ResumeOutcome.RESUME)),
    ]
    for update, act in acts:
        assert await case.refused(update, act) == "not_your_turn", update
    assert outside.view.version == version
    assert await case.refused_pushes() == []


async def test_nothing_is_taken_twice(start: Start) -> None:
    case = await start()
    await case.to_booth()
    assert await case.refused("decide_documents", documents(officer(Role.EXAMINER))) == "not_your_turn"
    assert await case.refused("check_in", CheckIn(by=officer(Role.EXAMINER))) == "already_checked_in"
    await case.interview()
    assert await case.refused("decide_interview", interview(officer(Role.INTERVIEWER))) == "not_your_turn"


@pytest.mark.parametrize(("step", "update", "role", "act"), DECISIONS, ids=[one[0] for one in DECISIONS])
async def test_wrong_role_and_office(
    start: Start, outside: Outside, step: str, update: str, role: Role, act: Callable[[Actor], Any]
) -> None:
    case = await start()
    await case.to_step(step)
    assert TaskStep(step).value in outside.tasks
    assert outside.tasks[step].role is role
    for wrong in set(Role) - {role}:
        assert await case.refused(update, act(officer(wrong))) == "role_not_allowed", wrong
    assert await case.refused(update, act(officer(role, office="tabanan"))) == "role_not_allowed"
    verdict = await case.tell(update, act(Actor(id="both", roles=(Role.AUDITOR, role), office="denpasar")))
    assert verdict.version > 0


async def test_another_persons_case(start: Start) -> None:
    case = await start()
    await case.file()
    seat = await case.appointment()
    assert await case.refused("take_seat", SeatTaken(by=STRANGER, appointment=seat)) == "role_not_allowed"
    assert await case.refused("withdraw", Withdrawal(by=STRANGER)) == "role_not_allowed"
    paper = PaperAdded(by=STRANGER, kind=PaperKind.ID_CARD, sha256="0", pages=1)
    assert await case.refused("add_paper", paper) == "role_not_allowed"
    assert await case.refused("cancel", Cancellation(by=CITIZEN, reason="mine")) == "role_not_allowed"
    helped = SeatTaken(by=officer(Role.ASSISTANT), appointment=seat)
    assert await case.refused("take_seat", helped) == "role_not_allowed"


async def test_four_eyes(start: Start, outside: Outside) -> None:
    """Neither the interviewer nor whoever has said an opinion says the next one."""
    case = await start()
    await case.to_adjudication()
    assert outside.tasks["adjudication"].barred == ("interviewer",)
    interviewer = Actor(id="interviewer", roles=(Role.ADJUDICATOR,), office="denpasar")
    assert await case.refused("adjudicate", opinion(interviewer)) == "same_officer"
    await case.opinion("adjudicator-1", AdjudicationOutcome.NO_MATCH)
    again = officer(Role.ADJUDICATOR, "adjudicator-1")
    assert await case.refused("adjudicate", opinion(again)) == "same_officer"
    assert outside.tasks["adjudication"].barred == ("interviewer", "adjudicator-1")
    await case.opinion("adjudicator-2", AdjudicationOutcome.NO_MATCH)
    await case.noted("application.approved")


async def test_the_head_is_a_third_person(start: Start) -> None:
    case = await start()
    await case.to_adjudication()
    await case.opinion("adjudicator-1", AdjudicationOutcome.UNSURE)
    await case.opinion("adjudicator-2", AdjudicationOutcome.UNSURE)
    same = officer(Role.HEAD, "adjudicator-2")
    assert await case.refused("adjudicate", opinion(same)) == "same_officer"
    assert await case.refused("adjudicate", opinion(officer(Role.ADJUDICATOR, "third"))) == "role_not_allowed"
    await case.opinion("head", AdjudicationOutcome.NO_MATCH, role=Role.HEAD)
