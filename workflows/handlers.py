"""Acts of people: updates that are refused at once when out of turn, and answer with the step's verdict.

Handlers only put a message on the desk; the work is the steps'.
"""

from temporalio import workflow

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
    Verdict,
    Withdrawal,
)


class Counter:
    """Where people are served: one update an act."""

    case: Casework

    @workflow.update
    async def take_seat(self, message: SeatTaken) -> Verdict:
        """PostgreSQL gave the case a seat. An earlier place of one that has moved since is no news."""
        if message.appointment.is_before(self.case.file.appointment):
            return self.case.verdict()
        return await self.case.desk.seat.submit(message)

    @take_seat.validator
    def _may_take_seat(self, message: SeatTaken) -> None:
        if not message.appointment.is_before(self.case.file.appointment):
            self.case.desk.seat.check(message)

    @workflow.update
    async def add_paper(self, message: PaperAdded) -> Verdict:
        """A document was uploaded."""
        return await self.case.desk.papers.submit(message)

    @add_paper.validator
    def _may_add_paper(self, message: PaperAdded) -> None:
        self.case.desk.papers.check(message)

    @workflow.update
    async def withdraw(self, message: Withdrawal) -> Verdict:
        """The applicant takes the application back."""
        return await self.case.desk.withdrawal.submit(message)

    @withdraw.validator
    def _may_withdraw(self, message: Withdrawal) -> None:
        self.case.desk.withdrawal.check(message)

    @workflow.update
    async def cancel(self, message: Cancellation) -> Verdict:
        """The head cancels the case."""
        return await self.case.desk.cancellation.submit(message)

    @cancel.validator
    def _may_cancel(self, message: Cancellation) -> None:
        self.case.desk.cancellation.check(message)

    @workflow.update
    async def check_in(self, message: CheckIn) -> Verdict:
        """The person is at the office."""
        return await self.case.desk.check_in.submit(message)

    @check_in.validator
    def _may_check_in(self, message: CheckIn) -> None:
        self.case.desk.check_in.check(message)

    @workflow.update
    async def complete_papers(self, message: Completion) -> Verdict:
        """What was missing is there."""
        return await self.case.desk.completion.submit(message)

    @complete_papers.validator
    def _may_complete_papers(self, message: Completion) -> None:
        self.case.desk.completion.check(message)

    @workflow.update
    async def decide_documents(self, message: DocumentsDecision) -> Verdict:
        """The examiner's decision."""
        return await self.case.desk.documents.submit(message)

    @decide_documents.validator
    def _may_decide_documents(self, message: DocumentsDecision) -> None:
        self.case.desk.documents.check(message)

    @workflow.update
    async def decide_interview(self, message: InterviewDecision) -> Verdict:
        """The interviewer's decision."""
        return await self.case.desk.interview.submit(message)

    @decide_interview.validator
    def _may_decide_interview(self, message: InterviewDecision) -> None:
        self.case.desk.interview.check(message)

    @workflow.update
    async def resume(self, message: ResumeDecision) -> Verdict:
        """The head's decision on a suspension."""
        return await self.case.desk.resumption.submit(message)

    @resume.validator
    def _may_resume(self, message: ResumeDecision) -> None:
        self.case.desk.resumption.check(message)

    @workflow.update
    async def enrol(self, message: Enrolment) -> Verdict:
        """Portrait, signature and fingers."""
        return await self.case.desk.enrolment.submit(message)

    @enrol.validator
    def _may_enrol(self, message: Enrolment) -> None:
        self.case.desk.enrolment.check(message)

    @workflow.update
    async def adjudicate(self, message: AdjudicationDecision) -> Verdict:
        """One adjudicator's opinion."""
        return await self.case.desk.adjudication.submit(message)

    @adjudicate.validator
    def _may_adjudicate(self, message: AdjudicationDecision) -> None:
        self.case.desk.adjudication.check(message)

    @workflow.update
    async def allocate(self, message: AllocationDecision) -> Verdict:
        """A booklet for this case."""
        return await self.case.desk.allocation.submit(message)

    @allocate.validator
    def _may_allocate(self, message: AllocationDecision) -> None:
        self.case.desk.allocation.check(message)

    @workflow.update
    async def answer_print(self, message: PrintAnswer) -> Verdict:
        """Whether a booklet is printed."""
        return await self.case.desk.print_answer.submit(message)

    @answer_print.validator
    def _may_answer_print(self, message: PrintAnswer) -> None:
        self.case.desk.print_answer.check(message)

    @workflow.update
    async def decide_quality(self, message: QualityDecision) -> Verdict:
        """The inspector's decision."""
        return await self.case.desk.quality.submit(message)

    @decide_quality.validator
    def _may_decide_quality(self, message: QualityDecision) -> None:
        self.case.desk.quality.check(message)

    @workflow.update
    async def hand_over(self, message: HandoverDecision) -> Verdict:
        """The passport leaves the office."""
        return await self.case.desk.handover.submit(message)

    @hand_over.validator
    def _may_hand_over(self, message: HandoverDecision) -> None:
        self.case.desk.handover.check(message)
