"""Seats: slots with a counter that cannot run over, bookings, and the requests that won."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from activities.storage.tables.base import Base, BigInt, Blank, MadeId, Stamp, among, pattern
from workflows.case.facts import Lane

LIVE = "state IN ('offered', 'held', 'confirmed')"
ENDING = "state IN ('offered', 'held')"
OPEN = "state IN ('waiting', 'offered')"


class Slot(Base):
    """Seats of one lane of an office, from `starts_at` to `ends_at`; `day` is the office's own date.

    `planned` are those that the office means to have, `seats` those released so far. Of these, `taken` have a person,
    `kept` came back and wait for who waits or for a draw, and the rest are free for all.
    """

    __tablename__ = "slot"
    __table_args__ = (
        among("lane", Lane),
        CheckConstraint("seats >= 0", name="seats_counted"),
        CheckConstraint("planned >= 0", name="planned_counted"),
        CheckConstraint("taken >= 0 AND kept >= 0 AND taken + kept <= seats", name="not_oversold"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("abs((starts_at AT TIME ZONE 'UTC')::date - day) <= 1", name="day_of_start"),
        UniqueConstraint("office", "lane", "starts_at"),
        Index("slot_office_lane_day_idx", "office", "lane", "day"),
        Index("slot_kept_idx", "office", "lane", "day", postgresql_where=text("kept > 0")),
        {"postgresql_with": {"fillfactor": "50"}},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    office: Mapped[str] = mapped_column(ForeignKey("paspor.office.id"))
    lane: Mapped[str]
    day: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    seats: Mapped[int] = mapped_column(SmallInteger)
    taken: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    kept: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    planned: Mapped[int] = mapped_column(SmallInteger, server_default="0")


class Booking(Base):
    """A seat of one person. It keeps its id when it moves; `revision` counts every change of place."""

    __tablename__ = "booking"
    __table_args__ = (
        pattern("person_key", "^[0-9a-f]{32}$"),
        among("state", ("offered", "held", "confirmed", "used", "released", "expired")),
        CheckConstraint(f"({ENDING}) = (hold_until IS NOT NULL)", name="hold_has_end"),
        CheckConstraint("moves >= 0", name="moves_counted"),
        CheckConstraint("revision > moves", name="revision_counts_moves"),
        UniqueConstraint("key"),
        Index("booking_one_live", "person_key", unique=True, postgresql_where=text(LIVE)),
        Index("booking_live_slot_idx", "slot_id", postgresql_where=text(LIVE)),
        Index("booking_hold_end_idx", "hold_until", postgresql_where=text(ENDING)),
        Index("booking_number_idx", "number"),
    )

    id: Mapped[MadeId]
    slot_id: Mapped[int] = mapped_column(ForeignKey("paspor.slot.id"))
    number: Mapped[str] = mapped_column(ForeignKey("paspor.application.number"))
    person_key: Mapped[str]
    state: Mapped[str]
    hold_until: Mapped[datetime | None]
    moves: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    revision: Mapped[int] = mapped_column(server_default="1")
    key: Mapped[str]
    created_at: Mapped[Stamp]


class SeatRequest(Base):
    """A request that won, and what it won: the same key gets the same answer."""

    __tablename__ = "seat_request"
    __table_args__ = (among("state", ("held", "confirmed")), Index("seat_request_at_idx", "at"))

    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str]
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("paspor.booking.id"))
    slot_id: Mapped[BigInt] = mapped_column(ForeignKey("paspor.slot.id"))
    state: Mapped[str]
    revision: Mapped[int]
    at: Mapped[Stamp]


class Waiting(Base):
    """A person who waits for a seat of an office and lane between two days; `why` says how it ended."""

    __tablename__ = "waiting"
    __table_args__ = (
        pattern("person_key", "^[0-9a-f]{32}$"),
        among("lane", Lane),
        among("state", ("waiting", "offered", "taken", "left", "dropped")),
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        CheckConstraint("state <> 'offered' OR booking_id IS NOT NULL", name="offer_has_seat"),
        CheckConstraint(f"({OPEN}) = (ended_at IS NULL)", name="ended_at_fits_state"),
        CheckConstraint("refusals >= 0", name="refusals_counted"),
        Index("waiting_one_open", "person_key", unique=True, postgresql_where=text(OPEN)),
        Index("waiting_in_order_idx", "office", "lane", "joined_at", postgresql_where=text("state = 'waiting'")),
        Index("waiting_offered_idx", "booking_id", postgresql_where=text("state = 'offered'")),
        Index("waiting_number_idx", "number"),
    )

    id: Mapped[MadeId]
    number: Mapped[str] = mapped_column(ForeignKey("paspor.application.number"))
    person_key: Mapped[str]
    office: Mapped[str] = mapped_column(ForeignKey("paspor.office.id"))
    lane: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    family: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(server_default="waiting")
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("paspor.booking.id"))
    refusals: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    why: Mapped[Blank]
    joined_at: Mapped[Stamp]
    ended_at: Mapped[datetime | None]
