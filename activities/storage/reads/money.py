"""Payments and what became of them, as applicants, officers and auditors read them; and the treasury's days."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, text

from activities.storage.paging import Page, after_moment, page, size

OF_CASE = text("SELECT * FROM paspor.payment_case WHERE number = :number ORDER BY recorded_at, receipt_no")
# Without a case of ours it may be any office's business, so every head sees it.
CASES = text("""
    SELECT c.*, a.office FROM paspor.payment_case c LEFT JOIN paspor.application a ON a.number = c.number
     WHERE c.says IS NOT NULL AND c.state = :state AND coalesce(a.office, :office) = :office
       AND (CAST(:after AS timestamptz) IS NULL OR (c.recorded_at, c.receipt_no) > (:after, :after_receipt))
     ORDER BY c.recorded_at, c.receipt_no LIMIT :most""")
ONE = text("""
    SELECT c.*, a.office FROM paspor.payment_case c LEFT JOIN paspor.application a ON a.number = c.number
     WHERE c.says IS NOT NULL AND c.receipt_no = :receipt_no AND coalesce(a.office, :office) = :office""")
DAYS = text("""
    SELECT day, lines, total, found, differences, checks, checked_at, even FROM paspor.settlement_day
     WHERE (CAST(:first AS date) IS NULL OR day >= :first) AND (CAST(:last AS date) IS NULL OR day <= :last)
       AND (CAST(:before AS date) IS NULL OR day < :before)
     ORDER BY day DESC LIMIT :most""")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """One receipt and its outcome. `says` is the rule's word on money that bought no seat, `decided` an officer's."""

    receipt_no: str
    bill_code: str
    number: str | None
    amount: int
    paid_at: datetime
    outcome: str
    cause: str
    excess: int
    says: str | None
    rule: str
    choose_by: datetime | None
    proposed_by: str
    proposed_reason: str
    decided: str | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str
    recorded_at: datetime
    state: str
    office: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRow:
    """One day of the settlement file against what we know; `found` are payments that nobody had told us of."""

    day: date
    lines: int
    total: int
    found: int
    differences: list[dict[str, Any]]
    checks: int
    checked_at: datetime
    even: bool


def payments_of(conn: Connection, number: str) -> tuple[PaymentRow, ...]:
    """What was paid for an application and what became of it, in the order in which it was heard of."""
    return tuple(PaymentRow(**row._mapping) for row in conn.execute(OF_CASE, {"number": number}))


def payment_cases(
    conn: Connection,
    office: str,
    state: Literal["open", "settled"] = "open",
    *,
    limit: int = 50,
    cursor: str = "",
) -> Page[PaymentRow]:
    """Money of this office that bought no seat, or too much of it: what waits for a decision, or is decided.

    The oldest first. Raises `BadCursor`.
    """
    limit = size(limit)
    where = {"office": office, "state": state, **after_moment(cursor, "after", "after_receipt")}
    rows = conn.execute(CASES, {**where, "most": limit + 1})
    found = [PaymentRow(**row._mapping) for row in rows]
    return page(found, limit, lambda row: [row.recorded_at.isoformat(), row.receipt_no])


def payment_case(conn: Connection, receipt_no: str, office: str) -> PaymentRow | None:
    """One of them, or None where it is not this office's, or bought a seat."""
    row = conn.execute(ONE, {"receipt_no": receipt_no, "office": office}).first()
    return PaymentRow(**row._mapping) if row else None


def settlement_days(
    conn: Connection, first: date | None = None, last: date | None = None, *, limit: int = 50, cursor: str = ""
) -> Page[SettlementRow]:
    """Days that were held against the settlement file, by Jakarta's clock; the newest first. Raises `BadCursor`."""
    limit = size(limit)
    before = after_moment(cursor, "before")["before"]
    where = {"first": first, "last": last, "before": before, "most": limit + 1}
    found = [SettlementRow(**row._mapping) for row in conn.execute(DAYS, where)]
    return page(found, limit, lambda row: [row.day.isoformat()])
