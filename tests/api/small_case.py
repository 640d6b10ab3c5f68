"""A case of few words, so that each way in which the engine answers can be brought about at will."""

import asyncio
from dataclasses import replace

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from workflows.case.facts import CaptureQuality, Ending, Filing, FingerQuality, Stage, Ticket
    from workflows.case.names import same_name
    from workflows.case.notifications import PaymentNotice
    from workflows.messages import (
        CheckIn,
        Claims,
        DocumentsDecision,
        Enrolment,
        Outcome,
        PaperAdded,
        Recognition,
        SeatTaken,
        Verdict,
        Withdrawal,
    )

VERDICT = Verdict(stage=Stage.FILED, version=1)


@workflow.defn(name="PassportApplication")
class SmallCase:
    """What it does is told by the applicant's birth place: `refuse`, `close`, or anything else."""

    @workflow.init
    def __init__(self, filing: Filing) -> None:
        self.filing, self.told, self.paid, self.over = filing, 0, 0, False

    @workflow.run
    async def run(self, filing: Filing) -> Outcome:
        if filing.applicant.birth_place == "close":
            return Outcome(ending=Ending.NOT_ACCEPTED, reason="already_holds_passport")
        await workflow.wait_condition(lambda: self.over)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return Outcome(ending=Ending.WITHDRAWN)

    @workflow.update(unfinished_policy=workflow.HandlerUnfinishedPolicy.ABANDON)
    async def admission(self) -> Verdict:
        if self.filing.applicant.birth_place == "close":
            await workflow.wait_condition(lambda: False)
        if self.filing.applicant.birth_place == "refuse":
            raise ApplicationError("no", {"pointer": "/applicant"}, type="nik_mismatch", non_retryable=True)
        return VERDICT

    @workflow.update
    async def withdraw(self, message: Withdrawal) -> Verdict:
        if message.reason == "never":
            await asyncio.sleep(3600)
        self.told += 1
        self.over = message.reason == "end"
        return replace(VERDICT, version=self.told)

    @withdraw.validator
    def _may_withdraw(self, message: Withdrawal) -> None:
        if message.reason == "early":
            raise ApplicationError("no", {"retry_after": 3}, type="not_your_turn", non_retryable=True)

    @workflow.update
    async def decide_documents(self, message: DocumentsDecision) -> Verdict:
        return await self.withdraw(Withdrawal(by=message.by, reason=message.reason))

    @workflow.update
    async def take_seat(self, message: SeatTaken) -> Verdict:
        if message.appointment.lane == "priority":
            raise ApplicationError("no", type="not_your_turn", non_retryable=True)
        self.told += 1
        return VERDICT

    @workflow.update
    async def add_paper(self, message: PaperAdded) -> Verdict:
        self.told += 1
        return VERDICT

    @workflow.update
    async def check_in(self, message: CheckIn) -> Verdict:
        if self.told:
            raise ApplicationError("no", type="already_checked_in", non_retryable=True)
        self.told += 1
        return replace(VERDICT, ticket=Ticket(number="A-007", state="waiting", ahead=3))

    @workflow.update
    async def enrol(self, message: Enrolment) -> Verdict:
        if not message.fingers:
            raise ApplicationError(
                "no", {"findings": ["fingers:too_few"]}, type="capture_not_accepted", non_retryable=True
            )
        self.told += 1
        found = tuple(FingerQuality(finger=one.finger, quality=80) for one in message.fingers)
        return replace(VERDICT, quality=CaptureQuality(face_quality=90, fingers=found))

    @workflow.query
    def how_often_told(self) -> int:
        return self.told

    @workflow.signal
    def payment(self, notice: PaymentNotice) -> None:
        self.paid += 1

    @workflow.query
    def how_often_paid(self) -> int:
        return self.paid

    @workflow.query
    def recognise(self, claims: Claims) -> Recognition:
        mine = self.filing.applicant
        if mine.birth_place == "unknown":
            return Recognition.NOT_YET_KNOWN
        if claims.key == self.filing.key:
            return Recognition.SAME_FILING
        return Recognition.SAME_PERSON if same_name(claims.full_name, mine.full_name) else Recognition.STRANGER
