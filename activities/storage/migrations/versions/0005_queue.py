"""Queue tickets and calls."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "queue_call",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("counter", sa.Text(), server_default="", nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("officer ~ '[^ ]'", name=op.f("queue_call_officer_filled_check")),
        sa.CheckConstraint("what IN ('call', 'recall', 'no_show', 'park')", name=op.f("queue_call_what_known_check")),
        sa.ForeignKeyConstraint(["office"], ["paspor.office.id"], name=op.f("queue_call_office_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("queue_call_pkey")),
        schema="paspor",
    )
    op.create_index("queue_call_office_day_idx", "queue_call", ["office", "day", "id"], unique=False, schema="paspor")
    op.create_table(
        "ticket_series",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("series IN ('A', 'P', 'S')", name=op.f("ticket_series_series_known_check")),
        sa.CheckConstraint("last > 0", name=op.f("ticket_series_last_counts_check")),
        sa.ForeignKeyConstraint(["office"], ["paspor.office.id"], name=op.f("ticket_series_office_fkey")),
        sa.PrimaryKeyConstraint("office", "day", "series", name=op.f("ticket_series_pkey")),
        schema="paspor",
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("arrival", sa.Text(), nullable=False),
        sa.Column("ahead", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rank_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("callable_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counter", sa.Text(), server_default="", nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("arrival IN ('waiting', 'too_early', 'late')", name=op.f("ticket_arrival_known_check")),
        sa.CheckConstraint("lane IN ('regular', 'priority', 'same_day')", name=op.f("ticket_lane_known_check")),
        sa.CheckConstraint(
            "state <> 'called' OR (counter <> '' AND called_at IS NOT NULL)", name=op.f("ticket_called_somewhere_check")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'too_early', 'late', 'called', 'parked', 'no_show', 'done')",
            name=op.f("ticket_state_known_check"),
        ),
        sa.CheckConstraint("ahead >= 0", name=op.f("ticket_ahead_counts_check")),
        sa.CheckConstraint("serial > 0", name=op.f("ticket_serial_counts_check")),
        sa.ForeignKeyConstraint(["number"], ["paspor.application.number"], name=op.f("ticket_number_fkey")),
        sa.ForeignKeyConstraint(["office"], ["paspor.office.id"], name=op.f("ticket_office_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("ticket_pkey")),
        sa.UniqueConstraint("key", name=op.f("ticket_key_key")),
        sa.UniqueConstraint("number", "day", name=op.f("ticket_number_day_key")),
        sa.UniqueConstraint("office", "day", "label", name=op.f("ticket_office_day_label_key")),
        schema="paspor",
    )
    op.create_index(
        "ticket_waiting_idx",
        "ticket",
        ["office", "day", "rank_from"],
        unique=False,
        schema="paspor",
        postgresql_where=sa.text("state NOT IN ('done', 'no_show')"),
    )
