"""The treasury's billing: makes the bills that an applicant pays by, and says what became of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from activities.clients.errors import Declined
from activities.clients.http import Client

# Fifteen digits, by which any bank takes the money (SIMPONI).
CODE = re.compile("[0-9]{15}")


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


@dataclass(frozen=True, slots=True)
class Settled:
    """One line of the settlement file: a payment that the treasury has."""

    receipt_no: str
    bill_code: str
    amount: int
    paid_at: datetime
    channel: str


class BillingClient(Client):
    """Calls the treasury. All methods raise `Unknown` and `Declined`."""

    system = "billing"

    def create(self, key: str, items: Sequence[tuple[str, int]], due_at: datetime, reference: str) -> Bill:
        """Make a bill of `items` (what, amount); the treasury takes money after `due_at` too, until it is voided.

        Declined with `bill_not_as_ordered` where it asks for another sum: nobody is to pay what no tariff says.
        """
        wanted = {
            "items": [{"what": what, "amount": amount} for what, amount in items],
            "amount": sum(amount for _, amount in items),
            "due_at": due_at.isoformat(),
            "reference": reference,
        }
        made = self._bill(self._wire.call("POST", "/bills", key=key, body=wanted))
        if made.amount != wanted["amount"]:
            raise Declined("bill_not_as_ordered")
        return made

    def inquire(self, code: str) -> Bill:
        """A bill as it stands; Declined with `bill_unknown`."""
        return self._bill(self._wire.call("GET", f"/bills/{quote(code, safe='')}"))

    def void(self, key: str, code: str) -> None:
        """Void a bill, so that it takes no more money; Declined with `bill_paid` when the money was quicker."""
        self._wire.call("DELETE", f"/bills/{quote(code, safe='')}", key=key)

    def settlement(self, day: date) -> tuple[Settled, ...]:
        """The payments of a day by Jakarta's clock; `Unknown` where lines and totals of the file do not agree."""
        answer = self._wire.call("GET", f"/settlements/{day.isoformat()}")
        with self._wire.reading():
            lines = tuple(
                Settled(
                    receipt_no=str(one["receipt_no"]),
                    bill_code=str(one["bill_code"]),
                    amount=int(one["amount"]),
                    paid_at=datetime.fromisoformat(one["paid_at"]),
                    channel=str(one.get("channel") or ""),
                )
                for one in answer["lines"]
            )
            told = (str(answer["date"]), int(answer["count"]), int(answer["total"]))
            if told != (day.isoformat(), len({one.receipt_no for one in lines}), sum(one.amount for one in lines)):
                raise ValueError("lines and totals do not agree")
        return lines

    def _bill(self, answer: Any) -> Bill:
        with self._wire.reading():
            paid_at, paid_amount = answer.get("paid_at"), answer.get("paid_amount")
            if not CODE.fullmatch(answer["code"]):
                raise ValueError("no code to pay by")
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
