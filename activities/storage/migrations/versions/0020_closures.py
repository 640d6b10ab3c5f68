"""People of closed days are given other seats; the office moves appointments for a cause."""

from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from activities.storage.migrations.scripts import run

revision = "0020"
down_revision = "0019"

SINCE, HOUSE = date(2022, 1, 27), "Setting of this installation"
SCHEMA, NOW = "paspor", sa.text("clock_timestamp()")


def upgrade() -> None:
    """Make the tables and functions, enter the rule."""
    _reseating()
    _reserve()
    _reopening()
    _special_move()
    run("0020_closures.sql")
    rule = sa.table(
        "rule",
        sa.column("name", sa.Text),
        sa.column("effective_from", sa.Date),
        sa.column("value", JSONB),
        sa.column("source", sa.Text),
        schema=SCHEMA,
    )
    # How often a person may refuse; how many whole days lie between today and the new appointment, so that a message
    # is read in time; how far ahead a seat is looked for.
    value = {"refusals": 2, "notice_days": 1, "horizon_days": 60}
    op.bulk_insert(rule, [{"name": "reseating", "effective_from": SINCE, "value": value, "source": HOUSE}])


def _reseating() -> None:
    op.create_table(
        "reseating",
        _text("office"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("booking_id", UUID(), nullable=False),
        _text("number"),
        sa.Column("family", UUID(), nullable=True),
        _moment("booked_at"),
        sa.Column("from_slot", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("to_slot", sa.BigInteger(), nullable=True),
        sa.Column("given", ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("refusals", sa.SmallInteger(), server_default="0", nullable=False),
        _moment("unplaced_at", nullable=True),
        _moment("moved_at", nullable=True),
        _moment("listed_at", NOW),
        sa.CheckConstraint("state IN ('waiting', 'moved', 'gone')", name=op.f("reseating_state_known_check")),
        sa.CheckConstraint("(state = 'moved') = (to_slot IS NOT NULL)", name=op.f("reseating_moved_somewhere_check")),
        sa.CheckConstraint("(to_slot IS NULL) = (moved_at IS NULL)", name=op.f("reseating_moved_some_time_check")),
        sa.CheckConstraint(
            "refusals >= 0 AND refusals < greatest(cardinality(given), 1)",
            name=op.f("reseating_refusals_counted_check"),
        ),
        sa.ForeignKeyConstraint(
            ["office", "day"],
            ["paspor.closure.office", "paspor.closure.day"],
            name=op.f("reseating_office_day_fkey"),
        ),
        _refers("reseating", "booking_id", "booking.id"),
        _refers("reseating", "number", "application.number"),
        _refers("reseating", "from_slot", "slot.id"),
        _refers("reseating", "to_slot", "slot.id"),
        sa.PrimaryKeyConstraint("office", "day", "booking_id", name=op.f("reseating_pkey")),
        schema=SCHEMA,
    )
    waits = sa.text("state = 'waiting'")
    columns = ["office", "day", "booked_at"]
    op.create_index("reseating_waiting_idx", "reseating", columns, schema=SCHEMA, postgresql_where=waits)
    op.create_index("reseating_booking_id_idx", "reseating", ["booking_id"], schema=SCHEMA)
    op.create_index("reseating_number_idx", "reseating", ["number"], schema=SCHEMA)


def _reserve() -> None:
    op.create_table(
        "seat_reserve",
        sa.Column("slot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seats", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("seats >= 0", name=op.f("seat_reserve_seats_counted_check")),
        _refers("seat_reserve", "slot_id", "slot.id"),
        sa.PrimaryKeyConstraint("slot_id", name=op.f("seat_reserve_pkey")),
        schema=SCHEMA,
    )


def _reopening() -> None:
    op.create_table(
        "reopening",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        _text("office"),
        sa.Column("day", sa.Date(), nullable=False),
        _text("reason"),
        _text("closed_by"),
        _moment("closed_at"),
        _text("why"),
        _text("opened_by"),
        _moment("at", NOW),
        *(_filled("reopening", name) for name in ("why", "opened_by")),
        _refers("reopening", "office", "office.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("reopening_pkey")),
        schema=SCHEMA,
    )


def _special_move() -> None:
    op.create_table(
        "special_move",
        _text("key"),
        _text("number"),
        sa.Column("booking_id", UUID(), nullable=False),
        sa.Column("from_slot", sa.BigInteger(), nullable=False),
        sa.Column("to_slot", sa.BigInteger(), nullable=False),
        _text("reason"),
        _text("moved_by"),
        _text("role"),
        _moment("at", NOW),
        sa.CheckConstraint("role IN ('supervisor', 'head')", name=op.f("special_move_role_known_check")),
        *(_filled("special_move", name) for name in ("reason", "moved_by")),
        sa.CheckConstraint("from_slot <> to_slot", name=op.f("special_move_moves_somewhere_check")),
        _refers("special_move", "number", "application.number"),
        _refers("special_move", "booking_id", "booking.id"),
        _refers("special_move", "from_slot", "slot.id"),
        _refers("special_move", "to_slot", "slot.id"),
        sa.PrimaryKeyConstraint("key", name=op.f("special_move_pkey")),
        schema=SCHEMA,
    )
    op.create_index("special_move_number_idx", "special_move", ["number"], schema=SCHEMA)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str, default: sa.TextClause | None = None, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable)


def _filled(table: str, column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} ~ '[^ ]'", name=op.f(f"{table}_{column}_filled_check"))


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"paspor.{to}"], name=op.f(f"{table}_{column}_fkey"))
