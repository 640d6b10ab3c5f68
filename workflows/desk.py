"""The desk of one case: all its trays, and the one way in which a step waits."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from workflows.admission import by_head, by_owner
from workflows.case.facts import Ending, Role
from workflows.case.notifications import MatchResult, News, PaymentNotice
from workflows.messages import (
    AdjudicationDecision,
    AllocationDecision,
    Cancellation,
    CheckIn,
    Completion,
    DocumentsDecision,
    Enrolment,
    HandoverDecision,
    InterviewDecision,
    PaperAdded,
    PrintAnswer,
    QualityDecision,
    ResumeDecision,
    SeatTaken,
    Withdrawal,
)
from workflows.tray import Delivery, Tray

T = TypeVar("T")


class CaseEnds(Exception):
    """The case is over before its last step. Caught once, by the entry of the workflow."""

    def __init__(
        self,
        ending: Ending,
        reason: str,
        *,
        asked: Delivery[Any] | None = None,
        role: Role = Role.SYSTEM,
        rule: str = "",
        refused: ApplicationError | None = None,
    ) -> None:
        super().__init__(ending.value)
        self.ending, self.reason, self.asked, self.role, self.rule = ending, reason, asked, role, rule
        # What who asked hears, where the case ends against what they asked for.
        self.refused = refused


class Desk:
    """Trays by the message that lands in them. Standing ones are open all case long; the others by their step."""

    def __init__(self, owner: str, office: Callable[[], str]) -> None:
        self._deadline: datetime | None = None
        self._alarm: asyncio.Task[None] | None = None
        self.withdrawal: Tray[Withdrawal] = Tray("a withdrawal", standing=True, rule=by_owner(owner))
        self.cancellation: Tray[Cancellation] = Tray("a cancellation", standing=True, rule=by_head(office))
        self.papers: Tray[PaperAdded] = Tray("documents", standing=True, rule=by_owner(owner))
        self.payments: Tray[PaymentNotice] = Tray("a payment", standing=True)
        self.matches: Tray[MatchResult] = Tray("a match result", standing=True)
        self.news: Tray[News] = Tray("news", standing=True)
        self.seat: Tray[SeatTaken] = Tray("a seat")
        self.check_in: Tray[CheckIn] = Tray("a check-in")
        self.completion: Tray[Completion] = Tray("missing documents")
        self.documents: Tray[DocumentsDecision] = Tray("a document examination")
        self.interview: Tray[InterviewDecision] = Tray("an interview")
        self.resumption: Tray[ResumeDecision] = Tray("a decision on the suspension")
        self.enrolment: Tray[Enrolment] = Tray("a biometric enrolment")
        self.adjudication: Tray[AdjudicationDecision] = Tray("an adjudication")
        self.allocation: Tray[AllocationDecision] = Tray("a booklet")
        self.print_answer: Tray[PrintAnswer] = Tray("an answer about a booklet")
        self.quality: Tray[QualityDecision] = Tray("a quality check")
        self.handover: Tray[HandoverDecision] = Tray("a handover")

    def trays(self) -> tuple[Tray[Any], ...]:
        """All trays, in a fixed order."""
        return tuple(tray for tray in vars(self).values() if isinstance(tray, Tray))

    async def wait(self, *trays: Tray[Any], until: datetime | None = None, summary: str) -> bool:
        """Wait until a message lies in one of the trays: True; or until the deadline: False.

        Raises `CaseEnds` when the applicant withdraws or the head cancels meanwhile.
        """
        alarm = self._alarm_at(until, summary)
        await workflow.wait_condition(
            lambda: self._leaving() or any(tray.filled for tray in trays) or (alarm is not None and alarm.done())
        )
        self.heed_exits()
        return any(tray.filled for tray in trays)

    def _alarm_at(self, until: datetime | None, summary: str) -> asyncio.Task[None] | None:
        """One timer a deadline, however many waits it spans: the thirty days of a visit are one timer, not five."""
        if until == self._deadline and self._alarm is not None:
            return self._alarm
        if self._alarm is not None:
            self._alarm.cancel()
        self._deadline, self._alarm = until, None
        if until is not None:
            left = max(until - workflow.now(), timedelta())
            self._alarm = asyncio.create_task(workflow.sleep(left, summary=summary))
        return self._alarm

    async def unless_left(self, work: Awaitable[T]) -> T:
        """Wait for an answer that may take days, unless the case ends first.

        For questions, and for effects that nobody knows of until they are answered, such as a bill.
        """
        task = asyncio.ensure_future(work)
        await workflow.wait_condition(lambda: task.done() or self._leaving())
        if not task.done():
            task.cancel()
            task.add_done_callback(_let_go)
            self.heed_exits()
        return await task

    def bar_exits(self) -> None:
        """Refuse withdrawals and cancellations at once, while something goes on that cannot be taken back."""
        self.withdrawal.shut()
        self.cancellation.shut()

    def open_exits(self) -> None:
        """Take them again."""
        self.withdrawal.reopen()
        self.cancellation.reopen()

    def heed_exits(self) -> None:
        """End the case if that was asked for."""
        if withdrawn := self.withdrawal.take():
            reason = withdrawn.message.reason or "applicant"
            raise CaseEnds(Ending.WITHDRAWN, reason, asked=withdrawn, role=Role.APPLICANT)
        if cancelled := self.cancellation.take():
            raise CaseEnds(Ending.CANCELLED, cancelled.message.reason, asked=cancelled, role=Role.HEAD)

    def clear(self) -> None:
        """Shut every tray; who still waits for a verdict hears that the case has ended. What systems pushed stays."""
        self._alarm_at(None, "")
        for tray in self.trays():
            if tray in (self.payments, self.matches, self.news):
                continue
            tray.turn_away("the case has ended")

    def _leaving(self) -> bool:
        return self.withdrawal.filled or self.cancellation.filled


def _let_go(task: asyncio.Future[Any]) -> None:
    """Nobody hears the answer of a question that was taken back, nor that it failed by that."""
    if not task.cancelled():
        task.exception()
