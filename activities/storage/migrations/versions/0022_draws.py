"""Days that are given by lot: draws, who entered them, and the functions that rank and offer."""

from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

from activities.storage.migrations.scripts import run

revision = "0022"
down_revision = "0021"

SINCE, HOUSE = date(2022, 1, 27), "Setting of this installation"
SCHEMA = "paspor"
HASH = "'^[0-9a-f]{64}$'"
KEY = "'^[0-9a-f]{32}$'"
POINT = "hashtextextended(office || ' ' || lane, 0)"
NOW = sa.text("clock_timestamp()")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and functions, enter the rule."""
    _draws()
    _entries()
    run("0022_draws.sql")
    rule = sa.table(
        "rule",
        sa.column("name", sa.Text),
        sa.column("effective_from", sa.Date),
        sa.column("value", JSONB),
        sa.column("source", sa.Text),
        schema=SCHEMA,
    )
    # How long a drawn seat is offered, and how long before its hour none is offered any more: time to pay and to come.
    value = {"offer_hours": 24, "notice_hours": 36}
    op.bulk_insert(rule, [{"name": "draw", "effective_from": SINCE, "value": value, "source": HOUSE}])


def _draws() -> None:
    op.create_table(
        "draw",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("seed_hash", sa.Text(), nullable=False),
        sa.Column("sealed_seed", sa.LargeBinary(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("committed_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("state", sa.Text(), server_default="committed", nullable=False),
        sa.Column("seed", sa.Text(), nullable=True),
        sa.Column("list_hash", sa.Text(), nullable=True),
        sa.Column("revealed_at", MOMENT, nullable=True),
        _check("draw", "lane_known", "lane IN ('regular', 'priority', 'same_day')"),
        _check("draw", "state_known", "state IN ('committed', 'drawn', 'done')"),
        _check("draw", "seed_hash_form", f"seed_hash ~ {HASH}"),
        _check("draw", "list_hash_form", f"list_hash ~ {HASH}"),
        _check("draw", "opened_by_filled", "opened_by ~ '[^ ]'"),
        _check("draw", "days_in_order", "first_day <= last_day"),
        _check("draw", "committed_before_it_opens", "committed_at <= opens_at AND opens_at < closes_at"),
        _check("draw", "seed_sealed", "octet_length(sealed_seed) > 28"),
        _check("draw", "seed_as_committed", "encode(sha256(seed::bytea), 'hex') = seed_hash"),
        _check("draw", "revealed_after_closing", "revealed_at >= closes_at"),
        _check("draw", "revealed_with_its_seed", "(seed IS NULL) = (revealed_at IS NULL)"),
        _check("draw", "list_with_its_seed", "(seed IS NULL) = (list_hash IS NULL)"),
        _check("draw", "seed_fits_state", "(state = 'committed') = (seed IS NULL)"),
        ExcludeConstraint(
            (sa.text(f"int8range({POINT}, {POINT}, '[]')"), "&&"),
            (sa.text("daterange(first_day, last_day, '[]')"), "&&"),
            (sa.text("tstzrange(opens_at, closes_at)"), "&&"),
            name="draw_one_at_a_time",
            using="gist",
        ),
        sa.ForeignKeyConstraint(["office"], ["paspor.office.id"], name=op.f("draw_office_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("draw_pkey")),
        sa.UniqueConstraint("seed_hash", name=op.f("draw_seed_hash_key")),
        schema=SCHEMA,
    )
    op.create_index("draw_place_idx", "draw", ["office", "lane", "closes_at"], schema=SCHEMA)


def _entries() -> None:
    outcomes = "outcome IN ('won', 'not_drawn', 'skipped', 'left')"
    op.create_table(
        "draw_entry",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("family", sa.Uuid(), nullable=True),
        sa.Column("entered_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("lot", sa.Text(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        _check("draw_entry", "id_form", f"id ~ {HASH}"),
        _check("draw_entry", "lot_form", f"lot ~ {HASH}"),
        _check("draw_entry", "salt_form", f"salt ~ {KEY}"),
        _check("draw_entry", "person_key_form", f"person_key ~ {KEY}"),
        _check("draw_entry", "outcome_known", outcomes),
        _check("draw_entry", "id_of_number_and_salt", "id = encode(sha256((number || ' ' || salt)::bytea), 'hex')"),
        _check("draw_entry", "days_in_order", "first_day <= last_day"),
        _check("draw_entry", "rank_with_lot", "(lot IS NULL) = (rank IS NULL)"),
        _check("draw_entry", "rank_counts", "rank > 0"),
        _check("draw_entry", "outcome_after_rank", "rank IS NOT NULL OR coalesce(outcome, 'left') = 'left'"),
        _check("draw_entry", "won_a_seat", "(booking_id IS NOT NULL) = (coalesce(outcome, '') = 'won')"),
        _check("draw_entry", "day_of_seat", "(booking_id IS NULL) = (day IS NULL)"),
        _check("draw_entry", "day_wanted", "day BETWEEN first_day AND last_day"),
        _check("draw_entry", "skipped_for_a_reason", "(coalesce(outcome, '') = 'skipped') = (why <> '')"),
        sa.ForeignKeyConstraint(["draw_id"], ["paspor.draw.id"], name=op.f("draw_entry_draw_id_fkey")),
        sa.ForeignKeyConstraint(["number"], ["paspor.application.number"], name=op.f("draw_entry_number_fkey")),
        sa.ForeignKeyConstraint(["booking_id"], ["paspor.booking.id"], name=op.f("draw_entry_booking_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("draw_entry_pkey")),
        sa.UniqueConstraint("draw_id", "person_key", name=op.f("draw_entry_draw_id_person_key_key")),
        schema=SCHEMA,
    )
    op.create_index("draw_entry_rank_idx", "draw_entry", ["draw_id", "rank"], schema=SCHEMA)
    op.create_index("draw_entry_number_idx", "draw_entry", ["number"], schema=SCHEMA)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"{table}_{name}_check"))
