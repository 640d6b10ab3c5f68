"""What people and systems say to a case. One frozen class a message; new fields come with defaults."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from workflows.case.collection import Collector
from workflows.case.facts import (
    Actor,
    Appointment,
    CaptureQuality,
    Ending,
    FingerImage,
    MissingFinger,
    PaperKind,
    Stage,
    Ticket,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The step's answer to a message: applied, and where the case stands since."""

    stage: Stage
    version: int
    ticket: Ticket | None = None
    quality: CaptureQuality | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Who somebody says that the person is; compared with a live case without telling what it holds."""

    nik: str
    full_name: str
    birth_date: date
    sex: str
    key: str


class Recognition(StrEnum):
    """What a live case says to claims made in a second filing."""

    SAME_FILING = "same_filing"
    SAME_PERSON = "same_person"
    STRANGER = "stranger"
    NOT_YET_KNOWN = "not_yet_known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something done by a signed-in person or device."""

    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerAct(Act):
    """A decision of an officer, under the lease of a claimed task."""

    lease: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAdded(Act):
    """A document was uploaded and stored."""

    kind: PaperKind
    sha256: str
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatTaken(Act):
    """PostgreSQL gave this seat to the case: first hold, moved hold, or the one reschedule.

    With a `cause` it is no choice of the owner's: `closure` (the office closed the day of the seat before, at
    `was_at`), `refused` (the next one after a seat that came so), or `office` (moved by the office, for a reason).
    """

    appointment: Appointment
    cause: str = ""
    reason: str = ""
    was_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal(Act):
    """The applicant takes the application back."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation(Act):
    """The head of the office cancels the case (Permenkumham 8/2014 art. 30), with a reason."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn(Act):
    """The person is at the office."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion(Act):
    """The applicant says that what was missing is there."""


class DocumentsOutcome(StrEnum):
    """Outcome of the document examination."""

    COMPLETE = "complete"
    RETURN = "return"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsDecision(OfficerAct):
    """The examiner held originals against uploads."""

    outcome: DocumentsOutcome
    missing: tuple[PaperKind, ...] = ()


class InterviewOutcome(StrEnum):
    """Outcome of the interview."""

    PASS = "pass"  # noqa: S105 - an outcome, no password
    SUSPEND = "suspend"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewDecision(OfficerAct):
    """The interviewer heard the person; a suspension may carry its own deadline."""

    outcome: InterviewOutcome
    until: datetime | None = None


class ResumeOutcome(StrEnum):
    """What becomes of a suspended case."""

    RESUME = "resume"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeDecision(OfficerAct):
    """The head decides on a suspended case."""

    outcome: ResumeOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment(OfficerAct):
    """Portrait, signature and fingers were captured; images by the hashes of their sealed files."""

    portrait: str
    signature: str
    fingers: tuple[FingerImage, ...] = ()
    exceptions: tuple[MissingFinger, ...] = ()


class AdjudicationOutcome(StrEnum):
    """One adjudicator's opinion on a duplicate candidate."""

    NO_MATCH = "no_match"
    MATCH = "match"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjudicationDecision(OfficerAct):
    """An adjudicator compared the person with the candidates."""

    outcome: AdjudicationOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationDecision(OfficerAct):
    """A blank booklet was taken from stock for this case."""

    booklet: str


class PrintAnswerOutcome(StrEnum):
    """What a person saw when the printer's word was not to be had."""

    PRINTED = "printed"
    NOT_PRINTED = "not_printed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintAnswer(OfficerAct):
    """Answer to the one question: is this booklet printed?"""

    outcome: PrintAnswerOutcome
    booklet: str


class QualityOutcome(StrEnum):
    """Outcome of quality assurance."""

    PASS = "pass"  # noqa: S105 - an outcome, no password
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityDecision(OfficerAct):
    """The inspector read the booklet."""

    outcome: QualityOutcome
    booklet_number: str
    defect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverDecision(OfficerAct):
    """The booklet goes into the hands of its holder, or of who may collect for them."""

    outcome: str
    booklet_number: str
    collector: Collector


# What people say to a case: the act's name, the tray it lands on, what it carries. The API sends each as an update, and
# devices push it as the signal `push_<name>`; the handlers are written out, and held to this table by a test.
ACTS: Mapping[str, tuple[str, type[Act]]] = {
    "take_seat": ("seat", SeatTaken),
    "add_paper": ("papers", PaperAdded),
    "withdraw": ("withdrawal", Withdrawal),
    "cancel": ("cancellation", Cancellation),
    "check_in": ("check_in", CheckIn),
    "complete_papers": ("completion", Completion),
    "decide_documents": ("documents", DocumentsDecision),
    "decide_interview": ("interview", InterviewDecision),
    "resume": ("resumption", ResumeDecision),
    "enrol": ("enrolment", Enrolment),
    "adjudicate": ("adjudication", AdjudicationDecision),
    "allocate": ("allocation", AllocationDecision),
    "answer_print": ("print_answer", PrintAnswer),
    "decide_quality": ("quality", QualityDecision),
    "hand_over": ("handover", HandoverDecision),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a case ended; `reason` is a code, such as the problem code of a filing that was not accepted."""

    ending: Ending
    reason: str = ""
    why: str = ""
    pointer: str = ""
