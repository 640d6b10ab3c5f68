"""Seats may be kept and offered; who waits for one; which applications were filed in one act; where seats return to."""

from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from activities.storage.migrations.scripts import run

revision = "0016"
down_revision = "0015"

SINCE, HOUSE = date(2022, 1, 27), "Setting of this installation"
SCHEMA = "paspor"
LIVE = "state IN ('offered', 'held', 'confirmed')"
OPEN = "state IN ('waiting', 'offered')"
STATES = "state IN ('offered', 'held', 'confirmed', 'used', 'released', 'expired')"


def upgrade() -> None:
    """Add columns and table, widen the states, change the functions, enter the rule."""
    _slots()
    _bookings()
    _waiting()
    op.add_column("application", sa.Column("family", UUID(), nullable=True), schema=SCHEMA)
    families = sa.text("family IS NOT NULL")
    op.create_index("application_family_idx", "application", ["family"], schema=SCHEMA, postgresql_where=families)
    run("0016_offers.sql")
    rule = sa.table(
        "rule",
        sa.column("name", sa.Text),
        sa.column("effective_from", sa.Date),
        sa.column("value", JSONB),
        sa.column("source", sa.Text),
        schema=SCHEMA,
    )
    returned = {"name": "returned", "effective_from": SINCE, "value": {"to": "waiting"}, "source": HOUSE}
    op.bulk_insert(rule, [returned])


def _slots() -> None:
    for name in ("kept", "planned"):
        op.add_column("slot", sa.Column(name, sa.SmallInteger(), server_default="0", nullable=False), schema=SCHEMA)
    op.execute("UPDATE paspor.slot SET planned = seats")
    op.drop_constraint(op.f("slot_not_oversold_check"), "slot", schema=SCHEMA)
    op.create_check_constraint(
        op.f("slot_not_oversold_check"), "slot", "taken >= 0 AND kept >= 0 AND taken + kept <= seats", schema=SCHEMA
    )
    op.create_check_constraint(op.f("slot_planned_counted_check"), "slot", "planned >= 0", schema=SCHEMA)


def _bookings() -> None:
    for name in ("state_known", "hold_has_end"):
        op.drop_constraint(op.f(f"booking_{name}_check"), "booking", schema=SCHEMA)
    op.create_check_constraint(op.f("booking_state_known_check"), "booking", STATES, schema=SCHEMA)
    ends = "(state IN ('offered', 'held')) = (hold_until IS NOT NULL)"
    op.create_check_constraint(op.f("booking_hold_has_end_check"), "booking", ends, schema=SCHEMA)
    for name, column, unique, where in (
        ("booking_one_live", "person_key", True, LIVE),
        ("booking_live_slot_idx", "slot_id", False, LIVE),
        ("booking_hold_end_idx", "hold_until", False, "state IN ('offered', 'held')"),
    ):
        op.drop_index(name, "booking", schema=SCHEMA)
        op.create_index(name, "booking", [column], unique=unique, schema=SCHEMA, postgresql_where=sa.text(where))


def _waiting() -> None:
    op.create_table(
        "waiting",
        sa.Column("id", UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("family", UUID(), nullable=True),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("booking_id", UUID(), nullable=True),
        sa.Column("refusals", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("person_key ~ '^[0-9a-f]{32}$'", name=op.f("waiting_person_key_form_check")),
        sa.CheckConstraint("lane IN ('regular', 'priority', 'same_day')", name=op.f("waiting_lane_known_check")),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'taken', 'left', 'dropped')", name=op.f("waiting_state_known_check")
        ),
        sa.CheckConstraint("first_day <= last_day", name=op.f("waiting_days_in_order_check")),
        sa.CheckConstraint("state <> 'offered' OR booking_id IS NOT NULL", name=op.f("waiting_offer_has_seat_check")),
        sa.CheckConstraint(f"({OPEN}) = (ended_at IS NULL)", name=op.f("waiting_ended_at_fits_state_check")),
        sa.CheckConstraint("refusals >= 0", name=op.f("waiting_refusals_counted_check")),
        sa.ForeignKeyConstraint(["number"], ["paspor.application.number"], name=op.f("waiting_number_fkey")),
        sa.ForeignKeyConstraint(["office"], ["paspor.office.id"], name=op.f("waiting_office_fkey")),
        sa.ForeignKeyConstraint(["booking_id"], ["paspor.booking.id"], name=op.f("waiting_booking_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("waiting_pkey")),
        schema=SCHEMA,
    )
    op.create_index(
        "waiting_one_open", "waiting", ["person_key"], unique=True, schema=SCHEMA, postgresql_where=sa.text(OPEN)
    )
    op.create_index(
        "waiting_in_order_idx",
        "waiting",
        ["office", "lane", "joined_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("waiting_number_idx", "waiting", ["number"], schema=SCHEMA)
