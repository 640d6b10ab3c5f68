"""What people and machines do with a case, each act by its name."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from tests.workflows.people import BOOKLET, CITIZEN, OFFICE, officer
from tests.workflows.talking import Talking
from workflows.case.collection import Collector
from workflows.case.facts import (
    Appointment,
    Candidate,
    FingerImage,
    Lane,
    Relation,
    Role,
)
from workflows.case.notifications import MatchResult, PaymentNotice
from workflows.messages import (
    AdjudicationDecision,
    AdjudicationOutcome,
    AllocationDecision,
    Cancellation,
    CheckIn,
    Completion,
    DocumentsDecision,
    DocumentsOutcome,
    Enrolment,
    HandoverDecision,
    InterviewDecision,
    InterviewOutcome,
    PrintAnswer,
    PrintAnswerOutcome,
    QualityDecision,
    QualityOutcome,
    ResumeDecision,
    ResumeOutcome,
    SeatTaken,
    Verdict,
    Withdrawal,
)


@dataclass
class Acting(Talking):
    """A case, and everybody who has to do with it."""

    async def appointment(self, ahead: timedelta = timedelta(days=3), **changes: Any) -> Appointment:
        """A seat some time ahead."""
        starts_at = await self.now() + ahead
        seat = Appointment(
            booking="b-1", slot_id="s-1", office=OFFICE, lane=Lane.REGULAR,
            starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30), utc_offset=8,
        )  # fmt: skip
        return replace(seat, **changes)

    async def file_refused(self) -> str:
        """The problem code of a filing that is not accepted."""
        with pytest.raises(WorkflowUpdateFailedError) as failed:
            await self.handle.execute_update("admission")
        assert isinstance(failed.value.cause, ApplicationError)
        return failed.value.cause.type or ""

    async def file(self) -> Verdict:
        """Wait for the answer to the filing."""
        verdict: Verdict = await self.handle.execute_update("admission", result_type=Verdict)
        return verdict

    async def take_seat(self, seat: Appointment) -> Verdict:
        """PostgreSQL gave the case this seat."""
        return await self.tell("take_seat", SeatTaken(by=CITIZEN, appointment=seat))

    async def book(self, **changes: Any) -> Appointment:
        """Take a seat, and wait for the bill."""
        seat = await self.appointment(**changes)
        await self.take_seat(seat)
        await self.noted("bill.made")
        return seat

    async def payment(self, **changes: Any) -> PaymentNotice:
        """A payment of this case's bill, in full."""
        bill = self.outside.view.bill
        assert bill is not None
        notice = PaymentNotice(
            bill_code=bill.code, amount=bill.amount, paid_at=await self.now(), receipt_no="NTPN000000000001"
        )
        return replace(notice, **changes)

    async def pay(self) -> None:
        """Pay the bill."""
        await self.handle.signal("payment", await self.payment())
        await self.noted("bill.paid")

    async def attend(self, seat: Appointment) -> Verdict:
        """Come at the hour of the appointment, and check in."""
        await self.sleep_until(seat.starts_at)
        return await self.tell("check_in", CheckIn(by=officer(Role.EXAMINER)))

    async def documents(self, outcome: DocumentsOutcome = DocumentsOutcome.COMPLETE, **more: Any) -> Verdict:
        """The examiner decides."""
        decision = DocumentsDecision(by=officer(Role.EXAMINER), outcome=outcome, **more)
        return await self.tell("decide_documents", decision)

    async def interview(self, outcome: InterviewOutcome = InterviewOutcome.PASS, **more: Any) -> Verdict:
        """The interviewer decides."""
        decision = InterviewDecision(by=officer(Role.INTERVIEWER), outcome=outcome, **more)
        return await self.tell("decide_interview", decision)

    def capture(self) -> Enrolment:
        """What the booth captures."""
        fingers = (FingerImage(finger=1, sha256="f1"), FingerImage(finger=6, sha256="f6"))
        return Enrolment(by=officer(Role.INTERVIEWER), portrait="p", signature="s", fingers=fingers)

    async def enrol(self) -> Verdict:
        """The interviewer captures portrait, signature and fingers."""
        return await self.tell("enrol", self.capture())

    async def match(self, *candidates: str, request_id: str = "") -> None:
        """The matcher answers."""
        await self.until(lambda: self.outside.asked["biometrics.search"], "the search")
        found = tuple(Candidate(reference_id=name, score=0.9) for name in candidates)
        result = MatchResult(request_id=request_id or self.outside.asked["biometrics.search"][0].key, candidates=found)
        await self.handle.signal("match_result", result)

    async def opinion(self, name: str, outcome: AdjudicationOutcome, role: Role = Role.ADJUDICATOR) -> Verdict:
        """An adjudicator's opinion."""
        decision = AdjudicationDecision(by=officer(role, name), outcome=outcome, reason="compared")
        return await self.tell("adjudicate", decision)

    async def allocate(self, booklet: str = BOOKLET) -> Verdict:
        """A booklet is taken from stock."""
        return await self.tell("allocate", AllocationDecision(by=officer(Role.PRINTER), booklet=booklet))

    async def inspect(self, booklet: str = BOOKLET, outcome: QualityOutcome = QualityOutcome.PASS) -> Verdict:
        """The inspector reads the booklet."""
        act = QualityDecision(by=officer(Role.INSPECTOR), outcome=outcome, booklet_number=booklet, defect="smudge")
        return await self.tell("decide_quality", act)

    def collection(self, booklet: str = BOOKLET, relation: Relation = Relation.SELF) -> HandoverDecision:
        """The holder at the counter."""
        collector = Collector(relation=relation, id_kind="id_card", id_number="5171014107900001")
        return HandoverDecision(
            by=officer(Role.HANDOVER), outcome="collected", booklet_number=booklet, collector=collector
        )

    async def withdraw(self, reason: str = "changed my mind") -> Verdict:
        """The applicant takes it back."""
        return await self.tell("withdraw", Withdrawal(by=CITIZEN, reason=reason))

    async def cancel(self, reason: str = "false statement") -> Verdict:
        """The head cancels."""
        return await self.tell("cancel", Cancellation(by=officer(Role.HEAD), reason=reason))

    async def resume(self, outcome: ResumeOutcome = ResumeOutcome.RESUME, reason: str = "looked into") -> Verdict:
        """The head decides on the suspension."""
        return await self.tell("resume", ResumeDecision(by=officer(Role.HEAD), outcome=outcome, reason=reason))

    async def complete(self) -> Verdict:
        """The applicant has brought what was missing."""
        return await self.tell("complete_papers", Completion(by=CITIZEN))

    def print_answer(self, outcome: PrintAnswerOutcome, booklet: str = BOOKLET) -> PrintAnswer:
        """What an officer saw in the printer's tray."""
        return PrintAnswer(by=officer(Role.PRINTER), outcome=outcome, booklet=booklet)

    async def hand_over(self) -> Verdict:
        """The holder collects."""
        return await self.tell("hand_over", self.collection())
