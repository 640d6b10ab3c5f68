"""What an office can carry, and when seats are released: tables, indexes for what is measured, and the nation's rules.

The stated rates are figures that offices have published: six to seven minutes at a booth (60 to 70 people a day), five
at a document desk, 140 to 160 booklets a day of one printer. None was found for verifiers, nor for how many desks and
booths an office staffs: these are settings that each office is to enter for itself.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"

SINCE, HOUSE = date(2022, 1, 27), "Setting of this installation"
SCHEMA = "paspor"
KINDS = "'rolling', 'weekly', 'monthly', 'staged', 'draw'"
RULES = {
    "capacity": {
        "staffed": {"document_desks": 4, "booths": 4, "verifiers": 2},
        "per_hour": {"document_desks": 12, "booths": 9, "verifiers": 30, "printer": 20},
        "measurements": 30,
        "latest": 200,
        "recent_days": 28,
        "booklets": "counted",
    },
    "release": {"kind": "rolling", "take_back": True},
}


def upgrade() -> None:
    """Add tables and indexes, enter the rules, and say of the days that are there that they are released."""
    _releases()
    _rates()
    op.create_check_constraint(
        op.f("rule_release_known_check"),
        "rule",
        f"name <> 'release' OR coalesce(value ->> 'kind', '') IN ({KINDS})",
        schema=SCHEMA,
    )
    rule = sa.table(
        "rule",
        sa.column("name", sa.Text),
        sa.column("effective_from", sa.Date),
        sa.column("value", JSONB),
        sa.column("source", sa.Text),
        schema=SCHEMA,
    )
    rows = [{"name": name, "effective_from": SINCE, "value": value, "source": HOUSE} for name, value in RULES.items()]
    op.bulk_insert(rule, rows)
    op.execute("""
        INSERT INTO paspor.seat_release (office, day, lane, stage, at, share, done_at)
        SELECT DISTINCT office, day, lane, 1, now(), 100, now() FROM paspor.slot WHERE day >= current_date - 1""")


def _releases() -> None:
    op.create_table(
        "seat_release",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("stage", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("share", sa.SmallInteger(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("lane IN ('regular', 'priority', 'same_day')", name=op.f("seat_release_lane_known_check")),
        sa.CheckConstraint("stage > 0", name=op.f("seat_release_stage_counts_check")),
        sa.CheckConstraint("share BETWEEN 1 AND 100", name=op.f("seat_release_share_of_hundred_check")),
        sa.CheckConstraint("done_at >= at", name=op.f("seat_release_not_before_its_time_check")),
        sa.ForeignKeyConstraint(["office"], ["paspor.office.id"], name=op.f("seat_release_office_fkey")),
        sa.PrimaryKeyConstraint("office", "day", "lane", "stage", name=op.f("seat_release_pkey")),
        schema=SCHEMA,
    )
    op.create_index(
        "seat_release_due_idx",
        "seat_release",
        ["office", "at"],
        schema=SCHEMA,
        postgresql_where=sa.text("done_at IS NULL"),
    )


def _rates() -> None:
    resources = "resource IN ('document_desks', 'booths', 'verifiers', 'printer')"
    op.create_table(
        "service_rate",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("per_hour", sa.Float(), nullable=False),
        sa.Column("measurements", sa.Integer(), nullable=False),
        sa.Column(
            "measured_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(resources, name=op.f("service_rate_resource_known_check")),
        sa.CheckConstraint("per_hour > 0", name=op.f("service_rate_per_hour_counts_check")),
        sa.CheckConstraint("measurements > 0", name=op.f("service_rate_measurements_count_check")),
        sa.ForeignKeyConstraint(["office"], ["paspor.office.id"], name=op.f("service_rate_office_fkey")),
        sa.PrimaryKeyConstraint("office", "resource", "unit", name=op.f("service_rate_pkey")),
        schema=SCHEMA,
    )
    op.create_index(
        "lease_ended_idx",
        "lease",
        ["office", "ended_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.create_index(
        "print_attempt_printed_idx",
        "print_attempt",
        ["printer", "changed_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'printed'"),
    )
