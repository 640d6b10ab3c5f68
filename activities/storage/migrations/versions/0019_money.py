"""What became of each payment, the treasury's settlement days, and the rule of what is returned and what is kept."""

from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from activities.storage.migrations.scripts import run

revision = "0019"
down_revision = "0018"

SINCE, HOUSE = date(2014, 3, 20), "Setting of this installation"
# "All fees paid to the state treasury cannot be withdrawn" is said of fees that were owed. What was paid by mistake, or
# in time without our knowing, goes back; what was paid or given up against what people are told is kept. Hours: how
# long a payment for a bill that is not known here waits for it.
RECEIPT = {
    "twice": "refund",
    "short": "refund",
    "excess": "refund",
    "in_time": "refund",
    "other_bill": "refund",
    "late": "forfeiture",
    "after_ending": "forfeiture",
    "unchosen": "forfeiture",
    "given_up": "forfeiture",
    "cancelled": "forfeiture",
    "unknown_hours": 24,
}
STATE = """CASE WHEN cause = 'seat_lost' THEN 'choosing'
                WHEN says IS NOT NULL AND decided IS NULL THEN 'open' ELSE 'settled' END"""
NIK = "(^|[^0-9])[1-9][0-9]{5}([04][1-9]|[1256][0-9]|[37][01])(0[1-9]|1[0-2])[0-9]{6}([^0-9]|$)"


def upgrade() -> None:
    """Make the tables and functions, enter the rule."""
    _receipts()
    _settlements()
    run("0019_money.sql")
    rule = sa.table(
        "rule",
        sa.column("name", sa.Text),
        sa.column("effective_from", sa.Date),
        sa.column("value", JSONB),
        sa.column("source", sa.Text),
        schema="paspor",
    )
    op.bulk_insert(rule, [{"name": "receipt", "effective_from": SINCE, "value": RECEIPT, "source": HOUSE}])


def _receipts() -> None:
    op.create_table(
        "payment_case",
        sa.Column("receipt_no", sa.Text(), nullable=False),
        sa.Column("bill_code", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("excess", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("says", sa.Text(), nullable=True),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.Column("choose_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("proposed_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decided", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("state", sa.Text(), sa.Computed(STATE, persisted=True), nullable=False),
        sa.CheckConstraint(
            "(choose_by IS NOT NULL) = (cause = 'seat_lost')", name=op.f("payment_case_choice_has_end_check")
        ),
        sa.CheckConstraint(
            "(outcome = 'another_seat') = (cause IN ('seat_lost', 'chosen'))",
            name=op.f("payment_case_another_seat_was_chosen_check"),
        ),
        sa.CheckConstraint(
            "(outcome = 'same_seat') = (cause = 'paid')", name=op.f("payment_case_same_seat_was_paid_check")
        ),
        sa.CheckConstraint(
            "(proposed_by = '') = (proposed_reason = '')", name=op.f("payment_case_proposed_for_a_reason_check")
        ),
        sa.CheckConstraint(
            "(says IS NULL) = (outcome IN ('same_seat', 'another_seat') AND excess = 0)",
            name=op.f("payment_case_rule_says_of_the_rest_check"),
        ),
        sa.CheckConstraint(
            "cause IN ('paid', 'seat_lost', 'chosen', 'twice', 'short', 'late', 'in_time', 'after_ending', "
            "'other_bill', 'unchosen', 'given_up', 'cancelled')",
            name=op.f("payment_case_cause_known_check"),
        ),
        sa.CheckConstraint("decided IN ('refund', 'forfeiture')", name=op.f("payment_case_decided_known_check")),
        sa.CheckConstraint(
            "decided IS NULL OR (says IS NOT NULL AND cause <> 'seat_lost')",
            name=op.f("payment_case_decided_where_open_check"),
        ),
        sa.CheckConstraint(
            "decided IS NULL OR decided = says OR (proposed_by <> '' AND proposed_by <> decided_by)",
            name=op.f("payment_case_against_the_rule_by_two_check"),
        ),
        sa.CheckConstraint(
            "outcome IN ('same_seat', 'another_seat') OR outcome = coalesce(decided, says)",
            name=op.f("payment_case_outcome_is_decided_check"),
        ),
        sa.CheckConstraint(
            "outcome IN ('same_seat', 'another_seat', 'refund', 'forfeiture')",
            name=op.f("payment_case_outcome_known_check"),
        ),
        sa.CheckConstraint(
            f"reason || ' ' || proposed_reason !~ '{NIK}'", name=op.f("payment_case_reasons_without_nik_check")
        ),
        sa.CheckConstraint("receipt_no ~ '^[!-~]{1,128}$'", name=op.f("payment_case_receipt_no_form_check")),
        sa.CheckConstraint("says IN ('refund', 'forfeiture')", name=op.f("payment_case_says_known_check")),
        sa.CheckConstraint(
            "(decided IS NULL) = (decided_by IS NULL) AND (decided IS NULL) = (decided_at IS NULL)",
            name=op.f("payment_case_decided_by_somebody_check"),
        ),
        sa.CheckConstraint("amount > 0 AND excess BETWEEN 0 AND amount - 1", name=op.f("payment_case_amounts_check")),
        sa.ForeignKeyConstraint(["number"], ["paspor.application.number"], name=op.f("payment_case_number_fkey")),
        sa.PrimaryKeyConstraint("receipt_no", name=op.f("payment_case_pkey")),
        schema="paspor",
    )
    op.create_index("payment_case_number_idx", "payment_case", ["number"], unique=False, schema="paspor")
    op.create_index(
        "payment_case_open_idx",
        "payment_case",
        ["recorded_at"],
        unique=False,
        schema="paspor",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("payment_case_paid_at_idx", "payment_case", ["paid_at"], unique=False, schema="paspor")
    op.create_index(
        "payment_case_seatless_idx",
        "payment_case",
        ["recorded_at"],
        unique=False,
        schema="paspor",
        postgresql_where=sa.text("says IS NOT NULL"),
    )


def _settlements() -> None:
    op.create_table(
        "settlement_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("differences", JSONB(), nullable=False),
        sa.Column("checks", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "checked_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("even", sa.Boolean(), sa.Computed("differences = '[]'::jsonb", persisted=True), nullable=False),
        sa.CheckConstraint("jsonb_typeof(differences) = 'array'", name=op.f("settlement_day_differences_listed_check")),
        sa.CheckConstraint("checks > 0", name=op.f("settlement_day_checked_check")),
        sa.CheckConstraint(
            "lines >= 0 AND total >= 0 AND found BETWEEN 0 AND lines", name=op.f("settlement_day_counts_check")
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("settlement_day_pkey")),
        schema="paspor",
    )
    op.create_index(
        "inbox_receipt_idx",
        "inbox",
        [sa.literal_column("(body ->> 'receipt_no')")],
        unique=False,
        schema="paspor",
        postgresql_where=sa.text("sender = 'billing'"),
    )
