"""Draws: what was committed to before anybody entered, and who entered, each once."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from activities.storage.tables.base import Base, Blank, MadeId, Stamp, among, filled, pattern
from workflows.case.facts import Lane

HASH = "^[0-9a-f]{64}$"
# A point for office and lane, so that no extension is needed to compare them with `&&`.
PLACE = "int8range(hashtextextended(office || ' ' || lane, 0), hashtextextended(office || ' ' || lane, 0), '[]')"


class Draw(Base):
    """Days of one lane of an office that are given by lot. The seed lies sealed until `closes_at`, then open.

    `committed`: the hash of the seed is known, and people enter in the window; `drawn`: seed, list and ranks are known
    and seats are given by rank, those that come back too; `done`: no seat of its days can be given any more.
    """

    __tablename__ = "draw"
    __table_args__ = (
        among("lane", Lane),
        among("state", ("committed", "drawn", "done")),
        pattern("seed_hash", HASH),
        pattern("list_hash", HASH),
        filled("opened_by"),
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        CheckConstraint("committed_at <= opens_at AND opens_at < closes_at", name="committed_before_it_opens"),
        CheckConstraint("octet_length(sealed_seed) > 28", name="seed_sealed"),
        CheckConstraint("encode(sha256(seed::bytea), 'hex') = seed_hash", name="seed_as_committed"),
        CheckConstraint("revealed_at >= closes_at", name="revealed_after_closing"),
        CheckConstraint("(seed IS NULL) = (revealed_at IS NULL)", name="revealed_with_its_seed"),
        CheckConstraint("(seed IS NULL) = (list_hash IS NULL)", name="list_with_its_seed"),
        CheckConstraint("(state = 'committed') = (seed IS NULL)", name="seed_fits_state"),
        # Of one lane on one day there is one draw at a time: nobody is ranked twice for a seat.
        ExcludeConstraint(
            (text(PLACE), "&&"),
            (text("daterange(first_day, last_day, '[]')"), "&&"),
            (text("tstzrange(opens_at, closes_at)"), "&&"),
            name="draw_one_at_a_time",
            using="gist",
        ),
        UniqueConstraint("seed_hash"),
        Index("draw_place_idx", "office", "lane", "closes_at"),
    )

    id: Mapped[MadeId]
    office: Mapped[str] = mapped_column(ForeignKey("paspor.office.id"))
    lane: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    seed_hash: Mapped[str]
    sealed_seed: Mapped[bytes]
    opened_by: Mapped[str]
    committed_at: Mapped[Stamp]
    state: Mapped[str] = mapped_column(server_default="committed")
    seed: Mapped[str | None]
    list_hash: Mapped[str | None]
    revealed_at: Mapped[datetime | None]


class DrawEntry(Base):
    """One person in one draw, whatever the account. `id` is public and says nothing without the salt.

    `won`: a seat was offered; `not_drawn`: there was none at their turn, they are in line for what comes back;
    `skipped`: they could not take one at their turn, `why` says the reason; `left`: they did not want it any more.
    """

    __tablename__ = "draw_entry"
    __table_args__ = (
        pattern("id", HASH),
        pattern("lot", HASH),
        pattern("salt", "^[0-9a-f]{32}$"),
        pattern("person_key", "^[0-9a-f]{32}$"),
        among("outcome", ("won", "not_drawn", "skipped", "left")),
        CheckConstraint("id = encode(sha256((number || ' ' || salt)::bytea), 'hex')", name="id_of_number_and_salt"),
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        CheckConstraint("(lot IS NULL) = (rank IS NULL)", name="rank_with_lot"),
        CheckConstraint("rank > 0", name="rank_counts"),
        CheckConstraint("rank IS NOT NULL OR coalesce(outcome, 'left') = 'left'", name="outcome_after_rank"),
        CheckConstraint("(booking_id IS NOT NULL) = (coalesce(outcome, '') = 'won')", name="won_a_seat"),
        CheckConstraint("(booking_id IS NULL) = (day IS NULL)", name="day_of_seat"),
        CheckConstraint("day BETWEEN first_day AND last_day", name="day_wanted"),
        CheckConstraint("(coalesce(outcome, '') = 'skipped') = (why <> '')", name="skipped_for_a_reason"),
        # One entry a person and draw: whoever enters a hundred times has one lot.
        UniqueConstraint("draw_id", "person_key"),
        Index("draw_entry_rank_idx", "draw_id", "rank"),
        Index("draw_entry_number_idx", "number"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    draw_id: Mapped[UUID] = mapped_column(ForeignKey("paspor.draw.id"))
    number: Mapped[str] = mapped_column(ForeignKey("paspor.application.number"))
    person_key: Mapped[str]
    salt: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    family: Mapped[UUID | None]
    entered_at: Mapped[Stamp]
    lot: Mapped[str | None]
    rank: Mapped[int | None]
    outcome: Mapped[str | None]
    why: Mapped[Blank]
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("paspor.booking.id"))
    day: Mapped[date | None]
