"""Seats: slots with a counter that cannot run over, bookings, and the requests that won."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from activities.storage.tables.base import Base, BigInt, MadeId, Stamp, among, pattern
from workflows.case.facts import Lane

LIVE = "state IN ('held', 'confirmed')"


class Slot(Base):
    """Seats of one lane of an office, from `starts_at` to `ends_at`; `day` is the office's own date."""

    __tablename__ = "slot"
    __table_args__ = (
        among("lane", Lane),
        CheckConstraint("seats >= 0", name="seats_counted"),
        CheckConstraint("taken BETWEEN 0 AND seats", name="not_oversold"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("abs((starts_at AT TIME ZONE 'UTC')::date - day) <= 1", name="day_of_start"),
        UniqueConstraint("office", "lane", "starts_at"),
        Index("slot_office_lane_day_idx", "office", "lane", "day"),
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


class Booking(Base):
    """A seat of one person. It keeps its id when it moves; `revision` counts every change of place."""

    __tablename__ = "booking"
    __table_args__ = (
        pattern("person_key", "^[0-9a-f]{32}$"),
        among("state", ("held", "confirmed", "used", "released", "expired")),
        CheckConstraint("(state = 'held') = (hold_until IS NOT NULL)", name="hold_has_end"),
        CheckConstraint("moves >= 0", name="moves_counted"),
        CheckConstraint("revision > moves", name="revision_counts_moves"),
        UniqueConstraint("key"),
        Index("booking_one_live", "person_key", unique=True, postgresql_where=text(LIVE)),
        Index("booking_live_slot_idx", "slot_id", postgresql_where=text(LIVE)),
        Index("booking_hold_end_idx", "hold_until", postgresql_where=text("state = 'held'")),
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
