"""Receipts and what became of them: each is entered once, and decided on once where an officer has to."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, text

from workflows.case.facts import Ending
from workflows.case.nik import without_nik
from workflows.case.notifications import PaymentNotice
from workflows.case.payments import Billed, Fate, Receipt, by_rule, cause_of, excess_of, fate_of, receipt_of
from workflows.case.record import CaseView

VIEW = TypeAdapter(CaseView)

RULE = text("""
    SELECT value, 'receipt@' || effective_from || CASE WHEN office <> '' THEN '/' || office ELSE '' END AS reference
      FROM paspor.rule WHERE name = 'receipt' AND office IN ('', :office) AND effective_from <= :day
     ORDER BY office DESC, effective_from DESC LIMIT 1""")
ENTER = text("""
    SELECT paspor.enter_receipt(:receipt_no, :bill_code, :number, :amount, :paid_at, :outcome, :cause, :excess, :says,
                                :rule, CAST(:choose_by AS timestamptz))""")
DECIDE = text("SELECT paspor.decide_receipt(:receipt_no, :office, :decision, :reason, :officer)")
WITHOUT = text("SELECT receipt_no FROM paspor.receipts_without_outcome(:age) ORDER BY receipt_no")
CASE_OF_BILL = text("""
    SELECT a.number, coalesce(a.office, '') AS office, a.view
      FROM paspor.bill b JOIN paspor.application a ON a.number = b.number WHERE b.code = :code""")
UNKNOWN = text("""
    SELECT m.id FROM paspor.inbox m LEFT JOIN paspor.bill b ON b.code = m.body ->> 'bill_code'
     WHERE m.sender = 'billing' AND m.delivered_at IS NULL AND m.left_over_at IS NULL AND b.code IS NULL
       AND m.received_at < clock_timestamp() - make_interval(
               hours => (paspor.rule_value('receipt', '', current_date) ->> 'unknown_hours')::int)
     ORDER BY m.id LIMIT :most FOR UPDATE OF m SKIP LOCKED""")


def enter(conn: Connection, receipt: Receipt, number: str | None, office: str, day: date) -> bool:
    """Enter what became of a receipt, by the rule in force on `day`; False where it has its outcome already."""
    rule = conn.execute(RULE, {"office": office, "day": day}).first()
    value: Mapping[str, Any] = dict(rule.value) if rule else {}
    fate, excess = fate_of(receipt.cause, value), excess_of(receipt)
    seat = fate in (Fate.SAME_SEAT, Fate.ANOTHER_SEAT)
    says = by_rule("excess", value) if excess else None if seat else fate
    row = {
        "receipt_no": receipt.receipt_no,
        "bill_code": receipt.bill_code,
        "number": number,
        "amount": receipt.amount,
        "paid_at": receipt.paid_at,
        "outcome": fate.value,
        "cause": receipt.cause.value,
        "excess": excess,
        "says": says.value if says else None,
        "rule": rule.reference if rule and says else "",
        "choose_by": receipt.choose_by,
    }
    return bool(conn.execute(ENTER, row).scalar_one())


def enter_left_over(conn: Connection, notice: PaymentNotice) -> bool:
    """Enter a payment that no open case takes, by what its bill and its case say; the rule is that of today."""
    found = conn.execute(CASE_OF_BILL, {"code": notice.bill_code}).first()
    view = VIEW.validate_python(found.view) if found else None
    # A case that is gone without an ending of its own, such as one that an operator ended, takes no money either.
    ending = (view.ending or Ending.CANCELLED) if view else None
    receipt = receipt_of(notice, cause_of(notice, Billed.of(view.bill if view else None), ending))
    today = datetime.now(UTC).date()
    return enter(conn, receipt, found.number if found else None, found.office if found else "", today)


def of_unknown_bills(conn: Connection, most: int) -> tuple[int, ...]:
    """Messages of payments whose bill has been unknown for longer than the rule waits, locked for this transaction."""
    return tuple(conn.execute(UNKNOWN, {"most": most}).scalars())


def without_outcome(conn: Connection, age: timedelta) -> tuple[str, ...]:
    """Receipts that a case was told of so long ago, and that have no outcome: none, but where a case cannot go on."""
    return tuple(conn.execute(WITHOUT, {"age": age}).scalars())


def decide(conn: Connection, receipt_no: str, office: str, decision: Fate, reason: str, officer: str) -> str:
    """An officer's decision on money that bought no seat.

    Answers `settled`, `proposed` (against the rule: a second officer has to agree), `same_officer`,
    `decided_already` or `not_found`. A NIK in the reason is left out.
    """
    words = {"receipt_no": receipt_no, "office": office, "reason": without_nik(reason), "officer": officer}
    return str(conn.execute(DECIDE, {**words, "decision": decision.value}).scalar_one())
