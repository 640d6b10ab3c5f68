"""The same acts as signals, for devices and systems that can only push, and what other systems tell us.

A refusal has no one to hear it: it is noted in the case file. Payments and match results are never refused for turn.
"""

from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from workflows.case.notifications import MatchResult, News, PaymentNotice
from workflows.casework import Casework
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
from workflows.tray import Tray

M = TypeVar("M")


class Letterbox:
    """Where systems and devices leave their messages: one signal a kind."""

    case: Casework

    @workflow.signal
    def payment(self, message: PaymentNotice) -> None:
        """The billing system was paid."""
        self.case.desk.payments.lay(message)

    @workflow.signal
    def match_result(self, message: MatchResult) -> None:
        """The matcher has an answer."""
        self.case.desk.matches.lay(message)

    @workflow.signal
    def news(self, message: News) -> None:
        """PostgreSQL decided something about the seat that the applicant is to hear."""
        self.case.desk.news.lay(message)

    @workflow.signal
    def push_take_seat(self, message: SeatTaken) -> None:
        """`take_seat`, pushed."""
        self._push(self.case.desk.seat, message)

    @workflow.signal
    def push_withdraw(self, message: Withdrawal) -> None:
        """`withdraw`, pushed."""
        self._push(self.case.desk.withdrawal, message)

    @workflow.signal
    def push_check_in(self, message: CheckIn) -> None:
        """`check_in`, pushed."""
        self._push(self.case.desk.check_in, message)

    @workflow.signal
    def push_decide_documents(self, message: DocumentsDecision) -> None:
        """`decide_documents`, pushed."""
        self._push(self.case.desk.documents, message)

    @workflow.signal
    def push_decide_interview(self, message: InterviewDecision) -> None:
        """`decide_interview`, pushed."""
        self._push(self.case.desk.interview, message)

    @workflow.signal
    def push_resume(self, message: ResumeDecision) -> None:
        """`resume`, pushed."""
        self._push(self.case.desk.resumption, message)

    @workflow.signal
    def push_enrol(self, message: Enrolment) -> None:
        """`enrol`, pushed."""
        self._push(self.case.desk.enrolment, message)

    @workflow.signal
    def push_adjudicate(self, message: AdjudicationDecision) -> None:
        """`adjudicate`, pushed."""
        self._push(self.case.desk.adjudication, message)

    @workflow.signal
    def push_allocate(self, message: AllocationDecision) -> None:
        """`allocate`, pushed."""
        self._push(self.case.desk.allocation, message)

    @workflow.signal
    def push_answer_print(self, message: PrintAnswer) -> None:
        """`answer_print`, pushed."""
        self._push(self.case.desk.print_answer, message)

    @workflow.signal
    def push_decide_quality(self, message: QualityDecision) -> None:
        """`decide_quality`, pushed."""
        self._push(self.case.desk.quality, message)

    @workflow.signal
    def push_hand_over(self, message: HandoverDecision) -> None:
        """`hand_over`, pushed."""
        self._push(self.case.desk.handover, message)

    @workflow.signal
    def push_cancel(self, message: Cancellation) -> None:
        """`cancel`, pushed."""
        self._push(self.case.desk.cancellation, message)

    @workflow.signal
    def push_add_paper(self, message: PaperAdded) -> None:
        """`add_paper`, pushed."""
        self._push(self.case.desk.papers, message)

    @workflow.signal
    def push_complete_papers(self, message: Completion) -> None:
        """`complete_papers`, pushed."""
        self._push(self.case.desk.completion, message)

    def _push(self, tray: Tray[M], message: M) -> None:
        def noted(refused: ApplicationError) -> None:
            self.case.file.refused_pushes.append(f"{tray.what}: {refused.type}")

        try:
            tray.put(message).on_refusal = noted
        except ApplicationError as refused:
            noted(refused)
