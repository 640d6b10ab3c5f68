"""Slots and bookings."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "slot",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seats", sa.SmallInteger(), nullable=False),
        sa.Column("taken", sa.SmallInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "abs((starts_at AT TIME ZONE 'UTC')::date - day) <= 1", name=op.f("slot_day_of_start_check")
        ),
        sa.CheckConstraint("lane IN ('regular', 'priority', 'same_day')", name=op.f("slot_lane_known_check")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("slot_ends_after_start_check")),
        sa.CheckConstraint("seats >= 0", name=op.f("slot_seats_counted_check")),
        sa.CheckConstraint("taken BETWEEN 0 AND seats", name=op.f("slot_not_oversold_check")),
        sa.ForeignKeyConstraint(["office"], ["paspor.office.id"], name=op.f("slot_office_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("slot_pkey")),
        sa.UniqueConstraint("office", "lane", "starts_at", name=op.f("slot_office_lane_starts_at_key")),
        schema="paspor",
        postgresql_with={"fillfactor": "50"},
    )
    op.create_index("slot_office_lane_day_idx", "slot", ["office", "lane", "day"], unique=False, schema="paspor")
    op.create_table(
        "booking",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("slot_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moves", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("(state = 'held') = (hold_until IS NOT NULL)", name=op.f("booking_hold_has_end_check")),
        sa.CheckConstraint("person_key ~ '^[0-9a-f]{32}$'", name=op.f("booking_person_key_form_check")),
        sa.CheckConstraint(
            "state IN ('held', 'confirmed', 'used', 'released', 'expired')", name=op.f("booking_state_known_check")
        ),
        sa.CheckConstraint("moves >= 0", name=op.f("booking_moves_counted_check")),
        sa.CheckConstraint("revision > moves", name=op.f("booking_revision_counts_moves_check")),
        sa.ForeignKeyConstraint(["number"], ["paspor.application.number"], name=op.f("booking_number_fkey")),
        sa.ForeignKeyConstraint(["slot_id"], ["paspor.slot.id"], name=op.f("booking_slot_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("booking_pkey")),
        sa.UniqueConstraint("key", name=op.f("booking_key_key")),
        schema="paspor",
    )
    op.create_index(
        "booking_hold_end_idx",
        "booking",
        ["hold_until"],
        unique=False,
        schema="paspor",
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index(
        "booking_live_slot_idx",
        "booking",
        ["slot_id"],
        unique=False,
        schema="paspor",
        postgresql_where=sa.text("state IN ('held', 'confirmed')"),
    )
    op.create_index("booking_number_idx", "booking", ["number"], unique=False, schema="paspor")
    op.create_index(
        "booking_one_live",
        "booking",
        ["person_key"],
        unique=True,
        schema="paspor",
        postgresql_where=sa.text("state IN ('held', 'confirmed')"),
    )
    op.create_table(
        "seat_request",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("state IN ('held', 'confirmed')", name=op.f("seat_request_state_known_check")),
        sa.ForeignKeyConstraint(["booking_id"], ["paspor.booking.id"], name=op.f("seat_request_booking_id_fkey")),
        sa.ForeignKeyConstraint(["slot_id"], ["paspor.slot.id"], name=op.f("seat_request_slot_id_fkey")),
        sa.PrimaryKeyConstraint("key", name=op.f("seat_request_pkey")),
        schema="paspor",
    )
    op.create_index("seat_request_at_idx", "seat_request", ["at"], unique=False, schema="paspor")
