"""What other systems and our own office push: a payment, a match result, news. Never refused for turn."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from workflows.case.facts import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentNotice:
    """The billing system says that a bill was paid. `receipt_no` (NTPN) makes a repeat harmless."""

    bill_code: str
    amount: int
    paid_at: datetime
    receipt_no: str
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchResult:
    """The matcher's answer to one request; no candidates means that nobody alike was found."""

    request_id: str
    candidates: tuple[Candidate, ...] = ()


class NewsKind(StrEnum):
    """What the applicant is to hear that the procedure itself does not decide; a notice has the same name."""

    OFFERED = "offered"
    RESEATED = "reseated"
    SEAT_SOUGHT = "seat_sought"
    DRAWN = "drawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something about the person's seat that PostgreSQL decided; told to them once, by its key."""

    key: str
    kind: NewsKind
    facts: dict[str, str] = field(default_factory=dict)
