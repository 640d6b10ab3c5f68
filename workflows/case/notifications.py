"""What other systems push: a payment, a match result. Never refused for turn."""

from dataclasses import dataclass
from datetime import datetime

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
