"""The treasury's billing: makes the bills that an applicant pays by, and says what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from activities.clients.http import Client


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill as the treasury knows it: `state` is "open", "paid" or "void", amounts in whole rupiah.

    `receipt_no` (the state's proof of payment, NTPN) and the three after it are there when it is paid.
    """

    code: str
    amount: int
    due_at: datetime
    state: str
    receipt_no: str | None = None
    paid_at: datetime | None = None
    paid_amount: int | None = None
    channel: str | None = None


class BillingClient(Client):
    """Calls the treasury. All methods raise `Unknown` and `Declined`."""

    system = "billing"

    def create(self, key: str, items: Sequence[tuple[str, int]], due_at: datetime, reference: str) -> Bill:
        """Make a bill of `items` (what, amount); the treasury takes money after `due_at` too, until it is voided."""
        wanted = {
            "items": [{"what": what, "amount": amount} for what, amount in items],
            "amount": sum(amount for _, amount in items),
            "due_at": due_at.isoformat(),
            "reference": reference,
        }
        return self._bill(self._wire.call("POST", "/bills", key=key, body=wanted))

    def inquire(self, code: str) -> Bill:
        """A bill as it stands; Declined with `bill_unknown`."""
        return self._bill(self._wire.call("GET", f"/bills/{quote(code, safe='')}"))

    def void(self, key: str, code: str) -> None:
        """Void a bill, so that it takes no more money; Declined with `bill_paid` when the money was quicker."""
        self._wire.call("DELETE", f"/bills/{quote(code, safe='')}", key=key)

    def _bill(self, answer: Any) -> Bill:
        with self._wire.reading():
            paid_at, paid_amount = answer.get("paid_at"), answer.get("paid_amount")
            return Bill(
                code=str(answer["code"]),
                amount=int(answer["amount"]),
                due_at=datetime.fromisoformat(answer["due_at"]),
                state=str(answer["state"]),
                receipt_no=answer.get("receipt_no"),
                paid_at=None if paid_at is None else datetime.fromisoformat(paid_at),
                paid_amount=None if paid_amount is None else int(paid_amount),
                channel=answer.get("channel"),
            )
