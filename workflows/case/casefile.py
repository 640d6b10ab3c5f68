"""The case file: everything that is known of one case. Steps write it, queries read it, nothing else decides by it."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from workflows.case.facts import (
    Actor,
    Appointment,
    Bill,
    CaptureQuality,
    Ending,
    Filing,
    FingerImage,
    PaperKind,
    Passport,
    Promise,
    Stage,
    Ticket,
    Turn,
)
from workflows.case.judgement import Objection
from workflows.case.notifications import PaymentNotice
from workflows.case.papers import Paper
from workflows.case.payments import Cause, Receipt, receipt_of
from workflows.case.record import Assistance, CaseView, NextStep, Task
from workflows.case.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """Why a case is on hold, until when, and what happens when nobody acts: all three stored with the hold."""

    reason: str
    since: datetime
    until: datetime
    default_action: str
    rule: str
    stage_before: Stage
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """The biometric enrolment that was accepted, by the hashes of its sealed files."""

    portrait: str
    signature: str
    fingers: tuple[FingerImage, ...]
    quality: CaptureQuality


@dataclass(slots=True, kw_only=True)
class CaseFile:
    """Mutable on purpose, and owned by one workflow."""

    filing: Filing
    rules: Rules = field(default_factory=Rules)
    stage: Stage = Stage.FILED
    next_step: NextStep = field(default_factory=lambda: NextStep(who=Turn.SYSTEM, what="check_claims"))
    admitted: bool = False
    claims_verified: bool = False
    bookable: bool = False
    ending: Ending | None = None
    ending_reason: str = ""
    objection: Objection | None = None
    papers: dict[str, Paper] = field(default_factory=dict)
    appointment: Appointment | None = None
    bill: Bill | None = None
    payment_rule: str = ""
    paid_by: PaymentNotice | None = None
    choose_by: datetime | None = None
    receipts: list[str] = field(default_factory=list)
    stray_payments: list[PaymentNotice] = field(default_factory=list)
    news: set[str] = field(default_factory=set)
    ticket: Ticket | None = None
    complete_by: datetime | None = None
    completion_rule: str = ""
    interviewed_by: Actor | None = None
    interviewed_at: datetime | None = None
    captures: int = 0
    capture: Capture | None = None
    suspension: Suspension | None = None
    promise: Promise | None = None
    passport: Passport | None = None
    attempts: int = 0
    tasks: dict[str, Task] = field(default_factory=dict)
    refused_pushes: list[str] = field(default_factory=list)
    version: int = 0

    @property
    def number(self) -> str:
        """The public number of the application."""
        return self.filing.number

    @property
    def office(self) -> str:
        """The office that serves the case; empty until a seat is taken."""
        return self.appointment.office if self.appointment else ""

    def view(self) -> CaseView:
        """The case as people may read it now."""
        return CaseView(
            number=self.number,
            version=self.version,
            stage=self.stage,
            next_step=self.next_step,
            ending=self.ending,
            ending_reason=self.ending_reason,
            office=self.office,
            bookable=self.bookable,
            papers=tuple(self.papers.values()),
            appointment=self.appointment if self.appointment and self.appointment.state != "released" else None,
            bill=self.bill,
            ticket=self.ticket,
            promise=self.promise,
            passport=self.passport,
            assistance=self._assistance(),
        )

    def _assistance(self) -> Assistance | None:
        consent = self.filing.consent
        if consent is None:
            return None
        return Assistance(institution=self.filing.institution, consent=consent.kind, given_on=consent.given_on)

    @property
    def receipt(self) -> str:
        """The receipt of the payment that was taken; empty while there is none."""
        return self.bill.receipt_no if self.bill else ""

    def settled(self, cause: Cause) -> Receipt:
        """What became of the payment that paid the bill."""
        assert self.bill is not None
        assert self.paid_by is not None
        choose_by = self.choose_by if cause is Cause.SEAT_LOST else None
        return receipt_of(self.paid_by, cause, self.bill.amount, choose_by)

    def confirm_seat(self) -> None:
        """The seat is paid for."""
        if self.appointment:
            self.appointment = replace(self.appointment, state="confirmed")

    def mark_papers(self, state: str, *kinds: PaperKind) -> None:
        """Enter what the examiner found: of the kinds named, or of all that are required."""
        for kind in kinds or tuple(paper.kind for paper in self.papers.values() if paper.required):
            known = self.papers.get(kind.value, Paper(kind=kind, required=True))
            self.papers[kind.value] = replace(known, state=state, required=True)

    def add_paper(self, kind: PaperKind, sha256: str, pages: int) -> None:
        """Enter an upload; the newest of a kind counts."""
        known = self.papers.get(kind.value, Paper(kind=kind, required=False))
        self.papers[kind.value] = replace(known, state="uploaded", sha256=sha256, pages=pages)

    def booth_done(self) -> bool:
        """Whether interview and biometric enrolment are both behind us, in whichever order they came."""
        return self.interviewed_at is not None and self.capture is not None
