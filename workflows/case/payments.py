"""What becomes of a payment: exactly one of the same seat, another seat, or money that an officer returns or keeps.

One rule for every order in which payments, deadlines and withdrawals come. It judges by what the bill and the case say
when the payment is heard of; how it was heard of (told, asked for, in the settlement file) makes no difference.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workflows.case.facts import Bill, Ending, Role
from workflows.case.notifications import PaymentNotice


class Fate(StrEnum):
    """What a receipt comes to; each has one."""

    SAME_SEAT = "same_seat"
    ANOTHER_SEAT = "another_seat"
    REFUND = "refund"
    FORFEITURE = "forfeiture"


# What an officer may decide on money that bought no seat.
DECISIONS = (Fate.REFUND, Fate.FORFEITURE)


class Cause(StrEnum):
    """Why a receipt comes to what it comes to."""

    PAID = "paid"
    SEAT_LOST = "seat_lost"  # paid, and the seat is gone: another one is being chosen
    CHOSEN = "chosen"  # another one was
    TWICE = "twice"
    SHORT = "short"
    LATE = "late"
    IN_TIME = "in_time"  # paid in time, and nobody told us before the case had ended
    AFTER_ENDING = "after_ending"
    OTHER_BILL = "other_bill"
    UNCHOSEN = "unchosen"  # no other seat was chosen in the stated time
    GIVEN_UP = "given_up"  # withdrawn while another seat could be chosen
    CANCELLED = "cancelled"  # by the head, while another seat could be chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """As much of a bill as judges a payment: its code, what was to be paid until when, and whether it is paid."""

    code: str
    amount: int
    due_at: datetime
    paid: bool = False

    @classmethod
    def of(cls, bill: Bill | None) -> "Billed | None":
        """What the case file says of its bill."""
        if bill is None:
            return None
        return cls(code=bill.code, amount=bill.amount, due_at=bill.due_at, paid=bool(bill.receipt_no))


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A payment and what it has come to. `owed` is the bill's amount; what is above it is settled by an officer."""

    receipt_no: str
    bill_code: str
    amount: int
    paid_at: datetime
    cause: Cause
    owed: int = 0
    choose_by: datetime | None = None


def receipt_of(notice: PaymentNotice, cause: Cause, owed: int = 0, choose_by: datetime | None = None) -> Receipt:
    """A payment with what it has come to."""
    return Receipt(
        receipt_no=notice.receipt_no,
        bill_code=notice.bill_code,
        amount=notice.amount,
        paid_at=notice.paid_at,
        cause=cause,
        owed=owed,
        choose_by=choose_by,
    )


def cause_of(notice: PaymentNotice, bill: Billed | None, ending: Ending | None) -> Cause:
    """What a payment is to a bill: the one that it waits for (`PAID`), or why it is not."""
    if bill is None and ending is not None:
        return Cause.AFTER_ENDING  # the bill was being made when the case ended
    if bill is None or notice.bill_code != bill.code:
        return Cause.OTHER_BILL
    if notice.amount < bill.amount:
        return Cause.SHORT
    if bill.paid:
        return Cause.TWICE
    if ending is None:
        return Cause.PAID
    if ending is not Ending.LAPSED_UNPAID:
        return Cause.AFTER_ENDING
    return Cause.LATE if notice.paid_at > bill.due_at else Cause.IN_TIME


def pays(notice: PaymentNotice, bill: Bill) -> bool:
    """Whether this payment pays an open bill. Who paid more has paid it, and an officer settles what is over."""
    return cause_of(notice, Billed.of(bill), None) is Cause.PAID


def left_without_seat(by: Role) -> Cause:
    """Why who has paid has no seat, when the case ends while another one could be chosen; by whose act it ends."""
    return {Role.APPLICANT: Cause.GIVEN_UP, Role.HEAD: Cause.CANCELLED}.get(by, Cause.UNCHOSEN)


def fate_of(cause: Cause, rule: Mapping[str, object]) -> Fate:
    """The outcome of a receipt: a seat, or what the dated rule `receipt` says of the cause.

    A cause of which the rule says nothing, or nothing that can be, goes back to who paid: the State has no claim to it
    that anybody has stated. The fees of a service that was rendered are not returned (SOPAP; docs/procedure.md).
    """
    if cause is Cause.PAID:
        return Fate.SAME_SEAT
    if cause in (Cause.SEAT_LOST, Cause.CHOSEN):
        return Fate.ANOTHER_SEAT
    return by_rule(cause.value, rule)


def by_rule(what: str, rule: Mapping[str, object]) -> Fate:
    """What the rule says of money that bought no seat, by its cause, or of an `excess` over the bill."""
    return Fate.FORFEITURE if rule.get(what) == Fate.FORFEITURE.value else Fate.REFUND


def excess_of(receipt: Receipt) -> int:
    """What was paid above the bill, in rupiah, by a payment that bought a seat; 0 for all others."""
    seat = receipt.cause in (Cause.PAID, Cause.SEAT_LOST, Cause.CHOSEN)
    return max(receipt.amount - receipt.owed, 0) if seat else 0
