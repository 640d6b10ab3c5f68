"""A treasury that takes whatever is paid, and tells of it once, twice or never; a due time is no lock to it."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from workflows.case.facts import Bill, BillItem
from workflows.case.notifications import PaymentNotice

PRICE = 350_000
SERIALS = count(1)


@dataclass
class Treasury:
    """Bills by code, every payment by its receipt, and words of payments that nobody has heard yet."""

    states: dict[str, str] = field(default_factory=dict)
    paid: dict[str, PaymentNotice] = field(default_factory=dict)
    receipts: dict[str, PaymentNotice] = field(default_factory=dict)
    words: list[tuple[str, PaymentNotice]] = field(default_factory=list)
    down: bool = False

    def bill(self, due_at: datetime) -> Bill:
        """Make a bill out."""
        code = f"820261124{next(SERIALS) % 10**6:06d}"
        self.states[code] = "open"
        items = (BillItem(what="passport", amount=PRICE),)
        return Bill(code=code, amount=PRICE, items=items, due_at=due_at)

    def pay(self, code: str, amount: int, at: datetime, words: int) -> PaymentNotice:
        """Take money, whatever the bill says: two banks may do so in one minute. Told so many times, or never."""
        receipt = f"NTPN{next(SERIALS):012d}"
        notice = PaymentNotice(bill_code=code, amount=amount, paid_at=at, receipt_no=receipt, channel="bank")
        self.receipts[receipt] = notice
        if self.states.get(code) == "open":
            self.states[code], self.paid[code] = "paid", notice
        self.words += [(f"{receipt}/{copy}", notice) for copy in range(words)]
        return notice

    def inquire(self, code: str) -> PaymentNotice | None:
        """The payment that the bill was paid by."""
        return self.paid.get(code)

    def void(self, code: str) -> PaymentNotice | None:
        """Void an open bill; the payment where money was quicker."""
        if self.states[code] == "open":
            self.states[code] = "void"
        return self.paid.get(code)
