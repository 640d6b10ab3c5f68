"""Money: what became of each payment, and each day's accounts with the treasury."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from activities.storage.tables.base import Base, Blank, Stamp, among, pattern
from activities.storage.tables.cases import NIK_IN_TEXT
from workflows.case.payments import DECISIONS, Cause, Fate

STATE = """CASE WHEN cause = 'seat_lost' THEN 'choosing'
                WHEN says IS NOT NULL AND decided IS NULL THEN 'open' ELSE 'settled' END"""
SEAT = "outcome IN ('same_seat', 'another_seat')"


class PaymentCase(Base):
    """One receipt and what it came to. `says` is what the rule says of money that bought no seat, or of an excess.

    `decided` is what an officer decided on it; against the rule only as the second of two. The state follows: another
    seat is being chosen, an officer has to decide, or nothing is left to do.
    """

    __tablename__ = "payment_case"
    __table_args__ = (
        pattern("receipt_no", "^[!-~]{1,128}$"),
        among("outcome", Fate),
        among("cause", Cause),
        among("says", DECISIONS),
        among("decided", DECISIONS),
        CheckConstraint("amount > 0 AND excess BETWEEN 0 AND amount - 1", name="amounts"),
        CheckConstraint("(outcome = 'same_seat') = (cause = 'paid')", name="same_seat_was_paid"),
        CheckConstraint(
            "(outcome = 'another_seat') = (cause IN ('seat_lost', 'chosen'))", name="another_seat_was_chosen"
        ),
        CheckConstraint("(choose_by IS NOT NULL) = (cause = 'seat_lost')", name="choice_has_end"),
        CheckConstraint(f"(says IS NULL) = ({SEAT} AND excess = 0)", name="rule_says_of_the_rest"),
        CheckConstraint(f"{SEAT} OR outcome = coalesce(decided, says)", name="outcome_is_decided"),
        CheckConstraint("decided IS NULL OR (says IS NOT NULL AND cause <> 'seat_lost')", name="decided_where_open"),
        CheckConstraint(
            "(decided IS NULL) = (decided_by IS NULL) AND (decided IS NULL) = (decided_at IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("(proposed_by = '') = (proposed_reason = '')", name="proposed_for_a_reason"),
        # Four eyes: against the rule nobody decides alone.
        CheckConstraint(
            "decided IS NULL OR decided = says OR (proposed_by <> '' AND proposed_by <> decided_by)",
            name="against_the_rule_by_two",
        ),
        CheckConstraint(f"reason || ' ' || proposed_reason !~ '{NIK_IN_TEXT}'", name="reasons_without_nik"),
        Index("payment_case_number_idx", "number"),
        Index("payment_case_open_idx", "recorded_at", postgresql_where=text("state = 'open'")),
        Index("payment_case_paid_at_idx", "paid_at"),
        Index("payment_case_seatless_idx", "recorded_at", postgresql_where=text("says IS NOT NULL")),
    )

    receipt_no: Mapped[str] = mapped_column(primary_key=True)
    bill_code: Mapped[str]
    number: Mapped[str | None] = mapped_column(ForeignKey("paspor.application.number"))
    amount: Mapped[int] = mapped_column(BigInteger)
    paid_at: Mapped[datetime]
    outcome: Mapped[str]
    cause: Mapped[str]
    excess: Mapped[int] = mapped_column(BigInteger, server_default="0")
    says: Mapped[str | None]
    rule: Mapped[Blank]
    choose_by: Mapped[datetime | None]
    proposed_by: Mapped[Blank]
    proposed_reason: Mapped[Blank]
    decided: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[Blank]
    recorded_at: Mapped[Stamp]
    state: Mapped[str] = mapped_column(Computed(STATE, persisted=True))


class SettlementDay(Base):
    """One day of the treasury's settlement file (by Jakarta's clock), held against what we know of payments."""

    __tablename__ = "settlement_day"
    __table_args__ = (
        CheckConstraint("lines >= 0 AND total >= 0 AND found BETWEEN 0 AND lines", name="counts"),
        CheckConstraint("checks > 0", name="checked"),
        CheckConstraint("jsonb_typeof(differences) = 'array'", name="differences_listed"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    lines: Mapped[int]
    total: Mapped[int] = mapped_column(BigInteger)
    found: Mapped[int]
    differences: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    checks: Mapped[int] = mapped_column(server_default="1")
    checked_at: Mapped[Stamp]
    even: Mapped[bool] = mapped_column(Computed("differences = '[]'::jsonb", persisted=True))
