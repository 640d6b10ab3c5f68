"""Holds: a case waits for the head's decision; the deadline and what happens then were stored with the hold."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from temporalio.exceptions import ActivityError

from workflows.admission import by_decider
from workflows.case.facts import Ending, Role, Turn
from workflows.case.record import TaskStep
from workflows.case.rules import RuleName
from workflows.casework import Casework, is_declined
from workflows.desk import CaseEnds
from workflows.messages import ResumeOutcome

T = TypeVar("T")


async def sit_out(case: Casework) -> None:
    """Wait for the decision on the hold that is in the file. Returns when the case goes on, or ends it."""
    hold = case.file.suspension
    assert hold is not None
    tray = case.desk.resumption
    tray.open(by_decider(TaskStep.RESUME, office=case.file.office, barred=(hold.by,) if hold.by else ()))
    answered = await case.desk.wait(tray, until=hold.until, summary=f"on hold: {hold.reason}")
    tray.shut()
    case.close_task(TaskStep.RESUME)
    case.file.suspension = None
    decision = tray.take() if answered else None
    outcome = decision.message.outcome.value if decision else hold.default_action
    if outcome != ResumeOutcome.RESUME.value:
        reason = decision.message.reason if decision else f"{hold.reason}: nobody decided in time"
        raise CaseEnds(
            Ending.REFUSED, reason, asked=decision, role=Role.HEAD if decision else Role.SYSTEM, rule=hold.rule
        )
    if case.file.complete_by:
        # The applicant's thirty days stand still while the office holds the case.
        case.file.complete_by += case.now() - hold.since
    case.stand(hold.stage_before, Turn.OFFICE, "go_on")
    act, role = (decision.message, Role.HEAD) if decision else (None, Role.SYSTEM)
    verdict = await case.note(case.entry("suspension.ended", act=act, role=role, outcome=outcome, rule=hold.rule))
    if decision:
        decision.answer(verdict)


async def ask_or_hold(case: Casework, what: str, request: Callable[[], Awaitable[T]]) -> T:
    """Ask a partner; where it says no for good, the head looks into it and has it asked again, or refuses."""
    while True:
        try:
            return await request()
        except ActivityError as error:
            if not is_declined(error):
                raise
        stage, turn = case.file.stage, case.file.next_step
        await case.suspend(f"{what}_declined", RuleName.SUSPENSION)
        await case.note(case.entry("suspension.begun", outcome="suspended", reason=f"{what}_declined"))
        await sit_out(case)
        case.file.stage, case.file.next_step = stage, turn
