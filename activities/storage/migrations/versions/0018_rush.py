"""Counted requests, the waiting room, drafts of a person, public notices, walk-ins, an issuer's keys; their rules."""

from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from activities.storage.migrations.scripts import run

revision = "0018"
down_revision = "0017"

SCHEMA, NOW = "paspor", sa.text("clock_timestamp()")
SINCE, HOUSE = date(2022, 1, 27), "Setting of this installation"
MINUTE, HOUR = 60, 3600
RULES = {
    # An address may be a whole village behind one provider, so it is limited loosely; a person is not.
    "limits": {
        "seats": {
            "person": {"most": 60, "seconds": MINUTE},
            "operator": {"most": 240, "seconds": MINUTE},
            "address": {"most": 6000, "seconds": MINUTE},
        },
        "filings": {
            "person": {"most": 60, "seconds": HOUR},
            "operator": {"most": 600, "seconds": HOUR},
            "address": {"most": 3000, "seconds": HOUR},
        },
        "sign_ins": {"address": {"most": 1200, "seconds": 5 * MINUTE}},
        "status": {"number": {"most": 10, "seconds": HOUR}, "address": {"most": 300, "seconds": HOUR}},
    },
    # How many choose at once; how long a place lasts without a click; how often the waiting page looks, and how long
    # a place in the line lasts without a look.
    "waiting_room": {"places": 2000, "seconds": 180, "again": 20, "patience": 120},
    "drafts": {"days": 30},
}


def upgrade() -> None:
    """Make the tables and functions, enter the rules. Drafts leave the session, which ended with it."""
    _counts()
    _drafts()
    _notices()
    _room()
    _walk_ins()
    _issuer()
    run("0018_rush.sql")
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


def _counts() -> None:
    op.create_table(
        "request_count",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        _moment("ends_at"),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("who ~ '^[0-9a-f]{32}$'", name=op.f("request_count_who_form_check")),
        sa.CheckConstraint("count >= 0", name=op.f("request_count_count_counts_check")),
        sa.PrimaryKeyConstraint("kind", "who", name=op.f("request_count_pkey")),
        schema=SCHEMA,
        prefixes=["UNLOGGED"],
    )
    op.create_index("request_count_ends_at_idx", "request_count", ["ends_at"], schema=SCHEMA)


def _drafts() -> None:
    op.create_table(
        "draft",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _moment("changed_at", NOW),
        _moment("kept_until"),
        _filled("draft", "owner"),
        sa.CheckConstraint("octet_length(content) > 28", name=op.f("draft_content_sealed_check")),
        sa.PrimaryKeyConstraint("owner", name=op.f("draft_pkey")),
        schema=SCHEMA,
    )
    op.create_index("draft_kept_until_idx", "draft", ["kept_until"], schema=SCHEMA)
    op.drop_column("session", "draft", schema=SCHEMA)


def _notices() -> None:
    op.create_table(
        "notice",
        _made_id(),
        _text("office"),
        _text("text_id"),
        _text("text_en"),
        _moment("starts_at"),
        _moment("ends_at", nullable=True),
        _moment("repaired_at", nullable=True),
        _text("opened_by"),
        _moment("opened_at", NOW),
        sa.Column("closed_by", sa.Text(), server_default="", nullable=False),
        _moment("closed_at", nullable=True),
        *(_filled("notice", name) for name in ("text_id", "text_en", "opened_by")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("notice_ends_after_start_check")),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by = '')", name=op.f("notice_closed_by_somebody_check")),
        _office_key("notice"),
        sa.PrimaryKeyConstraint("id", name=op.f("notice_pkey")),
        schema=SCHEMA,
    )
    still_open = sa.text("closed_at IS NULL")
    op.create_index("notice_open_idx", "notice", ["starts_at"], schema=SCHEMA, postgresql_where=still_open)


def _room() -> None:
    op.create_table(
        "room_place",
        _text("who"),
        sa.Column("arrival", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        _moment("arrived_at", NOW),
        _moment("admitted_at", nullable=True),
        _moment("seen_at", NOW),
        sa.CheckConstraint("who ~ '^[0-9a-f]{32}$'", name=op.f("room_place_who_form_check")),
        sa.CheckConstraint("admitted_at >= arrived_at", name=op.f("room_place_admitted_after_arrival_check")),
        sa.PrimaryKeyConstraint("who", name=op.f("room_place_pkey")),
        sa.UniqueConstraint("arrival", name=op.f("room_place_arrival_key")),
        schema=SCHEMA,
    )
    op.create_index("room_place_seen_at_idx", "room_place", ["seen_at"], schema=SCHEMA)
    waits = sa.text("admitted_at IS NULL")
    op.create_index("room_place_waiting_idx", "room_place", ["arrival"], schema=SCHEMA, postgresql_where=waits)
    op.create_table(
        "room_pace",
        _moment("since"),
        sa.Column("freed", sa.Integer(), nullable=False),
        sa.CheckConstraint("freed > 0", name=op.f("room_pace_freed_some_check")),
        sa.PrimaryKeyConstraint("since", name=op.f("room_pace_pkey")),
        schema=SCHEMA,
    )


def _walk_ins() -> None:
    op.create_table(
        "walk_in_quota",
        _text("office"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("places", sa.SmallInteger(), nullable=False),
        sa.Column("taken", sa.SmallInteger(), server_default="0", nullable=False),
        _text("reason"),
        _text("set_by"),
        _moment("set_at", NOW),
        sa.CheckConstraint("taken BETWEEN 0 AND places", name=op.f("walk_in_quota_not_oversold_check")),
        *(_filled("walk_in_quota", name) for name in ("reason", "set_by")),
        _office_key("walk_in_quota"),
        sa.PrimaryKeyConstraint("office", "day", name=op.f("walk_in_quota_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "walk_in",
        _made_id(),
        sa.Column("rank", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        _text("key"),
        _text("office"),
        sa.Column("day", sa.Date(), nullable=False),
        _text("number"),
        sa.Column("ground", sa.LargeBinary(), nullable=False),
        _text("state"),
        sa.Column("booking_id", UUID(), nullable=True),
        _text("recorded_by"),
        _moment("at", NOW),
        sa.CheckConstraint("state IN ('seated', 'noted', 'left')", name=op.f("walk_in_state_known_check")),
        sa.CheckConstraint("octet_length(ground) > 28", name=op.f("walk_in_ground_sealed_check")),
        _filled("walk_in", "recorded_by"),
        sa.CheckConstraint(
            "(state = 'seated') = (booking_id IS NOT NULL)", name=op.f("walk_in_seated_has_booking_check")
        ),
        _office_key("walk_in"),
        sa.ForeignKeyConstraint(["number"], ["paspor.application.number"], name=op.f("walk_in_number_fkey")),
        sa.ForeignKeyConstraint(["booking_id"], ["paspor.booking.id"], name=op.f("walk_in_booking_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("walk_in_pkey")),
        sa.UniqueConstraint("key", name=op.f("walk_in_key_key")),
        schema=SCHEMA,
    )
    noted = sa.text("state = 'noted'")
    op.create_index("walk_in_noted_once", "walk_in", ["number"], unique=True, schema=SCHEMA, postgresql_where=noted)
    op.create_index("walk_in_office_day_idx", "walk_in", ["office", "day", "rank"], schema=SCHEMA)


def _issuer() -> None:
    op.create_table(
        "issuer_keys",
        _text("issuer"),
        sa.Column("configuration", JSONB(), nullable=False),
        sa.Column("keys", JSONB(), nullable=False),
        _moment("asked_at", NOW),
        sa.PrimaryKeyConstraint("issuer", name=op.f("issuer_keys_pkey")),
        schema=SCHEMA,
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str, default: sa.TextClause | None = None, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable)


def _made_id() -> sa.Column[object]:
    return sa.Column("id", UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False)


def _filled(table: str, column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} ~ '[^ ]'", name=op.f(f"{table}_{column}_filled_check"))


def _office_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["office"], ["paspor.office.id"], name=op.f(f"{table}_office_fkey"))
