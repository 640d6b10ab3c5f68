"""What happened to those who wait for a seat, step by step; the functions that offer seats to them; the list's rule."""

from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from activities.storage.migrations.scripts import run

revision = "0021"
down_revision = "0020"

SINCE, HOUSE = date(2022, 1, 27), "Setting of this installation"
SCHEMA = "paspor"
STEPS = "what IN ('joined', 'offered', 'skipped', 'refused', 'lapsed', 'revoked', 'taken', 'left', 'dropped')"
RULE = {
    # An offer lasts a night, so that nobody loses a seat asleep; of a seat within the day it lasts an hour. What starts
    # sooner than `least_hours` is offered to nobody: the bill has to be paid and the way to be made.
    "minutes": 480,
    "soon_hours": 24,
    "soon_minutes": 60,
    "least_hours": 4,
    # So many times one may say no, or nothing, and keep one's place.
    "refusals": 2,
    "most_days": 31,
}


def upgrade() -> None:
    """Make table and indexes, then functions and triggers; enter the rule."""
    op.create_table(
        "waiting_step",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("waiting_id", UUID(), nullable=True),
        sa.Column("slot_id", sa.BigInteger(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint(STEPS, name=op.f("waiting_step_what_known_check")),
        sa.CheckConstraint("what <> 'skipped' OR why <> ''", name=op.f("waiting_step_skipped_for_a_reason_check")),
        sa.CheckConstraint(
            "waiting_id IS NOT NULL OR slot_id IS NOT NULL", name=op.f("waiting_step_of_somebody_check")
        ),
        sa.ForeignKeyConstraint(["waiting_id"], ["paspor.waiting.id"], name=op.f("waiting_step_waiting_id_fkey")),
        sa.ForeignKeyConstraint(["slot_id"], ["paspor.slot.id"], name=op.f("waiting_step_slot_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("waiting_step_pkey")),
        sa.UniqueConstraint("key", name=op.f("waiting_step_key_key")),
        schema=SCHEMA,
    )
    _index("waiting_step_waiting_id_idx", "waiting_step", ["waiting_id", "id"])
    _index("waiting_step_for_all_idx", "waiting_step", ["slot_id", "at"], "waiting_id IS NULL")
    _index(
        "waiting_step_skipped_once", "waiting_step", ["waiting_id", "slot_id", "why"], "what = 'skipped'", unique=True
    )
    _index("waiting_offered_idx", "waiting", ["booking_id"], "state = 'offered'")
    _index("slot_kept_idx", "slot", ["office", "lane", "day"], "kept > 0")
    run("0021_waiting.sql")
    rule = sa.table(
        "rule",
        sa.column("name", sa.Text),
        sa.column("effective_from", sa.Date),
        sa.column("value", JSONB),
        sa.column("source", sa.Text),
        schema=SCHEMA,
    )
    op.bulk_insert(rule, [{"name": "waiting_list", "effective_from": SINCE, "value": RULE, "source": HOUSE}])


def _index(name: str, table: str, columns: list[str], where: str | None = None, unique: bool = False) -> None:
    condition = sa.text(where) if where else None
    op.create_index(name, table, columns, unique=unique, schema=SCHEMA, postgresql_where=condition)
