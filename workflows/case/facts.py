"""The words of the procedure as types: what can be asked for, who acts, where a case can stand and how it can end."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum


class Kind(StrEnum):
    """What is applied for (Permenkumham 8/2014: new issue, or replacement of a passport)."""

    NEW = "new"
    REPLACEMENT = "replacement"


class ReplacementReason(StrEnum):
    """Why a passport is replaced; the last three need an examination record first."""

    EXPIRED = "expired"
    PAGES_FULL = "pages_full"
    LOST = "lost"
    DAMAGED = "damaged"
    DATA_CHANGE = "data_change"


class DocumentType(StrEnum):
    """The booklet: without or with a chip."""

    ORDINARY = "ordinary"
    ELECTRONIC = "electronic"


class Service(StrEnum):
    """Regular, or issued on the day of the interview (percepatan)."""

    REGULAR = "regular"
    SAME_DAY = "same_day"


class Lane(StrEnum):
    """The line in which a seat is counted and a person is called."""

    REGULAR = "regular"
    PRIORITY = "priority"
    SAME_DAY = "same_day"


class Sex(StrEnum):
    """As in the population register and ICAO 9303."""

    FEMALE = "F"
    MALE = "M"


class Role(StrEnum):
    """What a signed-in person may do. An officer can hold several."""

    APPLICANT = "applicant"
    EXAMINER = "examiner"
    INTERVIEWER = "interviewer"
    ADJUDICATOR = "adjudicator"
    PRINTER = "printer"
    INSPECTOR = "inspector"
    HANDOVER = "handover"
    SUPERVISOR = "supervisor"
    HEAD = "head"
    ASSISTANT = "assistant"
    AUDITOR = "auditor"
    KIOSK = "kiosk"
    BOARD = "board"
    SYSTEM = "system"


class Stage(StrEnum):
    """Where a case stands, for people to read. Nothing decides by it."""

    FILED = "filed"
    BOOKED = "booked"
    PAID = "paid"
    CHECKED_IN = "checked_in"
    DOCUMENTS_EXAMINED = "documents_examined"
    INTERVIEWED = "interviewed"
    ENROLLED = "enrolled"
    VERIFIED = "verified"
    ADJUDICATION = "adjudication"
    APPROVED = "approved"
    PRINTING = "printing"
    QUALITY_CHECKED = "quality_checked"
    READY = "ready"
    COLLECTED = "collected"
    ON_HOLD = "on_hold"
    ENDED = "ended"


class Ending(StrEnum):
    """How a case can end."""

    COLLECTED = "collected"
    LAPSED_UNPAID = "lapsed_unpaid"
    NO_SHOW = "no_show"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    INCOMPLETE = "incomplete"
    UNCOLLECTED = "uncollected"
    CANCELLED = "cancelled"
    NOT_ACCEPTED = "not_accepted"


class PaperKind(StrEnum):
    """Documents that an applicant uploads and shows."""

    ID_CARD = "id_card"
    FAMILY_CARD = "family_card"
    BIRTH_RECORD = "birth_record"
    PREVIOUS_PASSPORT = "previous_passport"
    PARENTS_IDS = "parents_ids"
    PARENTS_CONSENT = "parents_consent"
    POWER_OF_ATTORNEY = "power_of_attorney"
    OTHER = "other"


class Relation(StrEnum):
    """Who collects (Permenkumham 8/2014 art. 23): the holder, family, an attorney, a guardian, or the post."""

    SELF = "self"
    FAMILY = "family"
    ATTORNEY = "attorney"
    GUARDIAN = "guardian"
    POST = "post"


class Turn(StrEnum):
    """Whose turn it is."""

    APPLICANT = "applicant"
    OFFICE = "office"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A signed-in person or device: token subject, roles, and the office it serves (empty for applicants)."""

    id: str
    roles: tuple[Role, ...]
    office: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """Parent or guardian who answers for a child."""

    nik: str
    full_name: str
    relation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """The person whom the passport is for, as claimed at filing."""

    nik: str
    full_name: str
    birth_date: date
    birth_place: str
    sex: Sex
    phone: str
    email: str
    married: bool = False
    guardians: tuple[Guardian, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousPassport:
    """The passport to be replaced, as claimed at filing."""

    number: str
    expires_on: date


class ConsentKind(StrEnum):
    """How a citizen agreed that somebody files for them."""

    WRITTEN = "written"
    SPOKEN = "spoken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A citizen's consent to a filing by an institution's operator.

    `evidence` is the SHA-256 of the signed document, or of the statement; the statement itself is as personal as the
    claims are, and goes where they go.
    """

    kind: ConsentKind
    given_on: date
    evidence: str
    statement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """All that an application asks for. `key` is the keyed hash of caller and request: the same key is the same act.

    `family` is the id of the act in which several people were filed for; empty for who was filed for alone. There is a
    `consent` when an operator of `institution` files for a citizen, under the operator's own name (`owner`).
    """

    number: str
    key: str
    person_key: str
    owner: str
    applicant: Applicant
    kind: Kind
    replacement_reason: ReplacementReason | None = None
    previous_passport: PreviousPassport | None = None
    document_type: DocumentType = DocumentType.ORDINARY
    validity_years: int = 5
    service: Service = Service.REGULAR
    language: str = "id"
    family: str = ""
    consent: Consent | None = None
    institution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A seat: which, where and when. `utc_offset` is the office's, in hours (WIB 7, WITA 8, WIT 9; no summer time)."""

    booking: str
    slot_id: str
    office: str
    lane: Lane
    starts_at: datetime
    ends_at: datetime
    utc_offset: int
    state: str = "held"
    revision: int = 0  # counts the places that this seat has had; 0 where nobody said

    def is_before(self, other: "Appointment | None") -> bool:
        """Whether this is an earlier place of the same seat: messages may overtake each other."""
        return other is not None and self.booking == other.booking and 0 < self.revision < other.revision

    def zone(self) -> timezone:
        """The office's time zone."""
        return timezone(timedelta(hours=self.utc_offset))

    def local(self, moment: datetime) -> datetime:
        """`moment` as the office's clock shows it."""
        return moment.astimezone(self.zone())


@dataclass(frozen=True, slots=True, kw_only=True)
class BillItem:
    """One line of a bill, in rupiah."""

    what: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What the treasury's billing system issued; `due_at` is the bill's own field."""

    code: str
    amount: int
    items: tuple[BillItem, ...]
    due_at: datetime
    state: str = "open"
    receipt_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Place in the office's queue."""

    number: str
    state: str
    ahead: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseChange:
    """An earlier promise, kept."""

    collect_on: date
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The one collection date (Permenkumham 8/2014 art. 22: four working days from the interview)."""

    collect_on: date
    since: datetime
    rule: str
    reason: str = "interview"
    history: tuple[PromiseChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passport:
    """The booklet of this case. Its pre-printed serial is the passport number."""

    number: str
    state: str
    attempt: int
    issued_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FingerImage:
    """One captured finger (ISO/IEC 19794 numbers: 1 right thumb to 10 left little), by the hash of its sealed file."""

    finger: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingFinger:
    """A finger that could not be captured, and why."""

    finger: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FingerQuality:
    """Quality of one finger, 0 to 100."""

    finger: int
    quality: int
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureQuality:
    """What the quality service found; quality is 0 to 100, findings are codes."""

    face_quality: int
    face_findings: tuple[str, ...] = ()
    fingers: tuple[FingerQuality, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody whom the matcher (ABIS) holds to be perhaps the same person."""

    reference_id: str
    score: float = 0.0
