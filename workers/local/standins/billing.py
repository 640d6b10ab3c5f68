"""Stand-in of the treasury's billing: codes to pay by, payments as a citizen makes them, and word of each payment.

As with the treasury, `due_at` is a field of the bill and no lock: money is taken until the bill is voided, so that a
late but valid payment can happen.
"""

import json
import secrets
import sqlite3
import string
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from workers.local.standins import webhooks
from workers.local.standins.base import Call, Place, Refused, Reply, Standin, now, place_from_arguments
from workers.local.standins.webhooks import Notifier, Receiver

SCHEMA = """
CREATE TABLE IF NOT EXISTS bills (
    serial INTEGER PRIMARY KEY, code TEXT UNIQUE, amount INTEGER NOT NULL, items TEXT NOT NULL, due_at TEXT NOT NULL,
    reference TEXT NOT NULL, state TEXT NOT NULL, receipt_no TEXT, paid_at TEXT, channel TEXT, paid_amount INTEGER
);
CREATE TABLE IF NOT EXISTS payments (
    receipt_no TEXT PRIMARY KEY, bill_code TEXT NOT NULL, amount INTEGER NOT NULL, paid_at TEXT NOT NULL, channel TEXT
);
INSERT OR IGNORE INTO payments
    SELECT receipt_no, code, paid_amount, paid_at, channel FROM bills WHERE state = 'paid';
"""
PREFIX = "820"
RECEIPT_SIGNS = string.ascii_uppercase + string.digits
CAPITAL = timezone(timedelta(hours=7))  # the treasury's days are Jakarta's
COPIES = {"never": 0, "once": 1, "twice": 2}
NOTIFIED = "/v1/payments/notifications"


class Treasury:
    """The bills and what can be done with them."""

    def __init__(self, standin: Standin, notifier: Notifier) -> None:
        self.db = standin.db
        self.notifier = notifier

    def create(self, call: Call) -> Reply:
        """Make a bill; the amount must be the sum of its items, in whole rupiah."""
        items: list[dict[str, Any]] = [
            {"what": str(item["what"]), "amount": int(item["amount"])} for item in call.body["items"]
        ]
        datetime.fromisoformat(call.body["due_at"])
        if call.body["amount"] != sum(item["amount"] for item in items):
            raise Refused(422, "amount_is_not_the_sum")
        serial = self.db.execute(
            "INSERT INTO bills (amount, items, due_at, reference, state) VALUES (?, ?, ?, ?, 'open')",
            (call.body["amount"], json.dumps(items), call.body["due_at"], str(call.body["reference"])),
        ).lastrowid
        code = f"{PREFIX}{datetime.now(UTC):%y%m%d}{(serial or 0) % 1_000_000:06}"
        self.db.execute("UPDATE bills SET code = ? WHERE serial = ?", (code, serial))
        return Reply(_shown(self._find(code)), 201)

    def inquire(self, call: Call) -> Reply:
        """A bill as it stands."""
        return Reply(_shown(self._find(call.path["code"])))

    def void(self, call: Call) -> Reply:
        """Void a bill that is not paid; a void one stays void."""
        bill = self._find(call.path["code"])
        if bill["state"] == "paid":
            raise Refused(409, "bill_paid")
        self.db.execute("UPDATE bills SET state = 'void' WHERE code = ?", (bill["code"],))
        return Reply(_shown(self._find(bill["code"])))

    def pay(self, call: Call) -> Reply:
        """Pay as a citizen would: `amount` may be wrong, and word of it may come late, twice or never.

        With `anyway` a bill that is paid or void takes money too, as when two banks take it in the same minute.
        """
        bill = self._find(str(call.body["bill_code"]))
        if bill["state"] != "open" and call.body.get("anyway") is not True:
            raise Refused(409, f"bill_{bill['state']}")
        copies, delay = COPIES[call.body.get("notify") or "once"], float(call.body.get("delay_seconds") or 0)
        payment = {
            "bill_code": bill["code"],
            "amount": int(call.body.get("amount") or bill["amount"]),
            "paid_at": now(),
            "receipt_no": "".join(secrets.choice(RECEIPT_SIGNS) for _ in range(16)),
            "channel": str(call.body.get("channel") or "bank"),
        }
        self.db.execute("INSERT INTO payments VALUES (:receipt_no, :bill_code, :amount, :paid_at, :channel)", payment)
        self.db.execute(
            "UPDATE bills SET state = 'paid', paid_amount = :amount, paid_at = :paid_at, receipt_no = :receipt_no, "
            "channel = :channel WHERE code = :bill_code AND state = 'open'",
            payment,
        )
        if copies:
            self.notifier.queue(NOTIFIED, payment, copies=copies, delay_seconds=delay)
        return Reply(payment, 201)

    def settlement(self, call: Call) -> Reply:
        """The payments of a day, with their number and sum."""
        day = date.fromisoformat(call.path["day"])
        rows = self.db.execute("SELECT * FROM payments ORDER BY paid_at, receipt_no").fetchall()
        lines = [dict(row) for row in rows if _day(row["paid_at"]) == day]
        total = sum(line["amount"] for line in lines)
        return Reply({"date": day.isoformat(), "count": len(lines), "total": total, "lines": lines})

    def _find(self, code: str) -> sqlite3.Row:
        found: sqlite3.Row | None = self.db.execute("SELECT * FROM bills WHERE code = ?", (code,)).fetchone()
        if found is None:
            raise Refused(404, "bill_unknown")
        return found


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(CAPITAL).date()


def _shown(bill: sqlite3.Row) -> dict[str, Any]:
    always = ("code", "amount", "due_at", "reference", "state")
    paid = ("receipt_no", "paid_at", "channel", "paid_amount") if bill["state"] == "paid" else ()
    return {**{name: bill[name] for name in always + paid}, "items": json.loads(bill["items"])}


def standin(place: Place, receiver: Receiver) -> Standin:
    """The treasury with its routes."""
    billing = Standin("billing", place.store, SCHEMA + webhooks.SCHEMA)
    treasury = Treasury(billing, Notifier(billing, receiver))
    billing.wire("POST", "/bills", treasury.create)
    billing.wire("GET", "/bills/{code}", treasury.inquire, keyed=False)
    billing.wire("DELETE", "/bills/{code}", treasury.void)
    billing.wire("GET", "/settlements/{day}", treasury.settlement, keyed=False)
    billing.control("POST", "pay", treasury.pay)
    return billing


def main() -> None:
    """Serve the treasury's billing."""
    place = place_from_arguments("Stand-in of the treasury's billing.")
    standin(place, Receiver.from_environment()).run(place.port)


if __name__ == "__main__":
    main()
