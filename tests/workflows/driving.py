"""Drives one case through the procedure as people would, on the time-skipping server."""

import asyncio
import contextlib
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import WorkflowExecutionStatus
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from tests.workflows.fakes import USUAL, Outside, in_turn
from workflows import options
from workflows.case.collection import Collector
from workflows.case.facts import (
    Actor,
    Applicant,
    Appointment,
    Candidate,
    Ending,
    Filing,
    FingerImage,
    Guardian,
    Kind,
    Lane,
    Relation,
    Role,
    Sex,
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
    Outcome,
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
from workflows.partners.printers import PrintReport, PrintState
from workflows.passport import PassportApplication

T = TypeVar("T")

OFFICE = "denpasar"
CITIZEN = Actor(id="applicant-1", roles=(Role.APPLICANT,))
BOOKLET = "X0000001"


def officer(role: Role, name: str = "", office: str = OFFICE) -> Actor:
    """An officer of a role."""
    return Actor(id=name or role.value, roles=(role,), office=office)


def adult_filing(**changes: Any) -> Filing:
    """An adult's application for a first passport."""
    person = Applicant(
        nik="5171014107900001",
        full_name="Ni Made Contoh",
        birth_date=date(1990, 7, 1),
        birth_place="Denpasar",
        sex=Sex.FEMALE,
        phone="+628110000001",
        email="made@example.invalid",
    )
    number = f"{uuid.uuid4().int % 10**16:016d}"
    filing = Filing(number=number, key=number, person_key=number, owner=CITIZEN.id, applicant=person, kind=Kind.NEW)
    return replace(filing, **changes)


def child_filing() -> Filing:
    """A child's application, with a guardian."""
    filing = adult_filing()
    guardian = Guardian(nik="5171010101600001", full_name="I Wayan Contoh", relation="father")
    child = replace(filing.applicant, nik="5171014107180001", birth_date=date(2018, 7, 1), guardians=(guardian,))
    return replace(filing, applicant=child)


@dataclass
class Driven:
    """One case under way, with the outside that it asks."""

    environment: WorkflowEnvironment
    handle: WorkflowHandle[PassportApplication, Outcome]
    outside: Outside
    filing: Filing

    async def tell(self, update: str, message: Any) -> Verdict:
        """Send an act and wait for the verdict."""
        verdict: Verdict = await self.handle.execute_update(update, message, result_type=Verdict)
        return verdict

    async def refused(self, update: str, message: Any) -> str:
        """Send an act that must be refused; the problem code."""
        with pytest.raises(WorkflowUpdateFailedError) as failed:
            await self.tell(update, message)
        assert isinstance(failed.value.cause, ApplicationError)
        return failed.value.cause.type or ""

    async def until(self, there: Callable[[], Any], what: str = "the condition") -> None:
        """Wait in real time, at most ten seconds, until something is there."""
        for _ in range(1000):
            if there():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"{what} did not come; the record: {self.outside.actions}")

    async def noted(self, action: str, times: int = 1) -> None:
        """Wait until the record shows an action."""
        await self.until(lambda: self.outside.actions.count(action) >= times, action)

    async def now(self) -> datetime:
        """The environment's clock."""
        return await self.environment.get_current_time()

    async def sleep(self, how_long: timedelta) -> None:
        """Let time pass."""
        await self.environment.sleep(how_long)

    async def sleep_until(self, then: datetime) -> None:
        """Let time pass until a moment."""
        left = then - await self.now()
        if left > timedelta():
            await self.environment.sleep(left)

    async def while_time_passes(self, answer: Coroutine[Any, Any, T]) -> T:
        """Wait for an answer that needs the clock to go on."""
        task = asyncio.create_task(answer)
        while not task.done():
            await self.environment.sleep(timedelta(seconds=1))
        return await task

    async def push(self, act: str, message: Any) -> None:
        """Push an act as a device does, with nobody to hear the answer."""
        await self.handle.signal(f"push_{act}", message)

    async def refused_pushes(self) -> list[str]:
        """What came out of turn."""
        found: list[str] = await self.handle.query("refused_pushes")
        return found

    async def waiting_for(self) -> list[str]:
        """The open trays."""
        found: list[str] = await self.handle.query("waiting_for")
        return found

    async def ending(self) -> Ending:
        """Let time pass until the case is closed."""
        return (await self.handle.result()).ending

    def ended_at(self) -> datetime:
        """When the case ended, by its record."""
        return self.outside.entry("application.ended").at

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

    async def put_away(self) -> None:
        """End the case, if it is open still."""
        if not await self._quiet():
            return
        with contextlib.suppress(WorkflowUpdateFailedError, RPCError):  # it has ended, or is about to
            await self.handle.execute_update("withdraw", Withdrawal(by=CITIZEN), rpc_timeout=timedelta(seconds=5))
        async with asyncio.timeout(10):
            await self.handle.result()

    async def _quiet(self) -> bool:
        """Let what is asked of partners be answered: this server chokes on the cancellation of a done activity.

        Says whether the case is open.
        """
        for doubling in range(14):
            described = await self._described()
            if described.workflow_execution_info.status != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING:
                return False
            await self.handle.query("view")  # answered when no task is under way
            if not (await self._described()).pending_activities:
                break
            await self.environment.sleep(timedelta(seconds=2**doubling))
        return True

    async def _described(self) -> DescribeWorkflowExecutionResponse:
        client = self.environment.client
        request = DescribeWorkflowExecutionRequest(
            namespace=client.namespace, execution=WorkflowExecution(workflow_id=self.handle.id)
        )
        return await client.workflow_service.describe_workflow_execution(request)

    # The way up to a step, in one go.

    async def to_paid(self) -> Appointment:
        """Filed, booked, paid."""
        await self.file()
        seat = await self.book()
        await self.pay()
        return seat

    async def to_checked_in(self) -> None:
        """At the office."""
        await self.attend(await self.to_paid())

    async def to_booth(self) -> None:
        """Documents complete, interview and enrolment due."""
        await self.to_checked_in()
        await self.documents()
        await self.noted("booth.opened")

    async def to_search(self) -> None:
        """Interviewed and enrolled; the matcher is at it."""
        await self.to_booth()
        await self.interview()
        await self.enrol()

    async def to_adjudication(self) -> None:
        """Somebody looks alike."""
        await self.to_search()
        await self.match("G-9")
        await self.noted("duplicates.searched")

    async def to_print_question(self) -> None:
        """The printer's word was not to be had."""
        self.outside.answers["printers.personalise"] = in_turn(PrintReport(state=PrintState.UNKNOWN), USUAL)
        await self.to_approved()
        await self.allocate()
        await self.noted("print.unknown")

    async def to_step(self, step: str) -> None:
        """Up to the wait for an officer's step, by the name of its task."""
        ways = {
            "documents": self.to_checked_in,
            "interview": self.to_booth,
            "adjudication": self.to_adjudication,
            "allocation": self.to_approved,
            "print_question": self.to_print_question,
            "quality": self.to_printed,
            "handover": self.to_ready,
        }
        await ways[step]()

    async def to_approved(self) -> None:
        """Nobody alike, approved."""
        await self.to_search()
        await self.match()
        await self.noted("application.approved")

    async def to_printed(self) -> None:
        """Personalised."""
        await self.to_approved()
        await self.allocate()
        await self.noted("booklet.personalised")

    async def to_ready(self) -> None:
        """Ready for collection."""
        await self.to_printed()
        await self.inspect()
        await self.noted("passport.ready")


async def started(environment: WorkflowEnvironment, outside: Outside, filing: Filing) -> Driven:
    """Start a case.

    The server skips to the run timeouts of cases that are closed; by its default of ten years each the clock of a
    module would run out of the centuries that it can count.
    """
    handle = await environment.client.start_workflow(
        PassportApplication.run,
        filing,
        id=f"passport-{filing.number}",
        task_queue=options.CASES,
        run_timeout=timedelta(days=500),
    )
    return Driven(environment, handle, outside, filing)
