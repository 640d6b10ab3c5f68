"""Offices, dated rules, the calendar."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('holiday', 'joint_leave')", name=op.f("calendar_day_kind_known_check")),
        sa.CheckConstraint("name ~ '[^ ]'", name=op.f("calendar_day_name_filled_check")),
        sa.PrimaryKeyConstraint("day", name=op.f("calendar_day_pkey")),
        schema="paspor",
    )
    op.create_table(
        "office",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("utc_offset", sa.SmallInteger(), nullable=False),
        sa.Column("lanes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "(time_zone, utc_offset) IN "
            "(('Asia/Jakarta', 7), ('Asia/Pontianak', 7), ('Asia/Makassar', 8), ('Asia/Jayapura', 9))",
            name=op.f("office_zone_fits_offset_check"),
        ),
        sa.CheckConstraint("id ~ '^[a-z][a-z0-9-]{1,39}$'", name=op.f("office_id_form_check")),
        sa.CheckConstraint(
            "lanes <@ ARRAY['regular', 'priority', 'same_day'] AND cardinality(lanes) > 0",
            name=op.f("office_lanes_known_check"),
        ),
        sa.CheckConstraint("name ~ '[^ ]'", name=op.f("office_name_filled_check")),
        sa.CheckConstraint("utc_offset IN (7, 8, 9)", name=op.f("office_utc_offset_indonesian_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("office_pkey")),
        schema="paspor",
    )
    op.create_table(
        "closure",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("reason ~ '[^ ]'", name=op.f("closure_reason_filled_check")),
        sa.ForeignKeyConstraint(["office"], ["paspor.office.id"], name=op.f("closure_office_fkey")),
        sa.PrimaryKeyConstraint("office", "day", name=op.f("closure_pkey")),
        schema="paspor",
    )
    op.create_table(
        "rule",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("for_office", sa.Text(), sa.Computed("NULLIF(office, '')", persisted=True), nullable=True),
        sa.CheckConstraint("jsonb_typeof(value) = 'object'", name=op.f("rule_value_object_check")),
        sa.CheckConstraint("name ~ '^[a-z][a-z_]*$'", name=op.f("rule_name_form_check")),
        sa.CheckConstraint("source ~ '[^ ]'", name=op.f("rule_source_filled_check")),
        sa.ForeignKeyConstraint(["for_office"], ["paspor.office.id"], name=op.f("rule_for_office_fkey")),
        sa.PrimaryKeyConstraint("name", "office", "effective_from", name=op.f("rule_pkey")),
        schema="paspor",
    )
