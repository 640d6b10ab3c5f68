"""Payments and what became of them, as people read them; and what a bill's state is beside them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from activities.storage.reads import PaymentRow
from workflows.case.facts import Bill
from workflows.case.payments import Fate


class PaymentShown(BaseModel):
    """One receipt: its outcome, why, and whether anything is still to be done about it.

    `state` is `choosing` (another seat, until `choose_by`), `open` (an officer decides) or `settled`. `excess` is what
    was paid above the bill, and `excess_outcome` what becomes of that.
    """

    receipt_no: str
    bill_code: str
    amount: int
    paid_at: datetime
    outcome: Fate
    cause: str
    state: str
    choose_by: datetime | None = None
    excess: int | None = None
    excess_outcome: Fate | None = None


def payment(row: PaymentRow) -> PaymentShown:
    """A payment; fields that say nothing are left out."""
    optional: dict[str, Any] = {
        "choose_by": row.choose_by,
        "excess": row.excess or None,
        "excess_outcome": Fate(settled) if (settled := row.excess and (row.decided or row.says)) else None,
    }
    return PaymentShown(
        receipt_no=row.receipt_no,
        bill_code=row.bill_code,
        amount=row.amount,
        paid_at=row.paid_at,
        outcome=Fate(row.outcome),
        cause=row.cause,
        state=row.state,
        **{name: value for name, value in optional.items() if value is not None},
    )


def state_of(bill: Bill, payments: Iterable[PaymentRow]) -> str:
    """The state of a bill: one that somebody has paid in full is paid, however late; nobody reads that it lapsed."""
    paid = any(one.bill_code == bill.code and one.amount >= bill.amount for one in payments)
    return "paid" if paid and bill.state == "lapsed" else bill.state


def version_of(payments: Iterable[PaymentRow]) -> str:
    """What an answer's version has of payments: one more, or a decision on one, makes another answer of it."""
    return "".join(f"-{one.outcome[0]}{one.state[0]}" for one in payments)
