"""What follows when an office closes a day: who is given another seat, what is reserved for them, days opened again."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from activities.storage.tables.base import Base, BigInt, Stamp, among, filled


class Reseating(Base):
    """A live seat of a closed day, once: `booked_at` is the order, `given` every slot that was given instead.

    `waiting` until there is a seat (`unplaced_at`: none was found, and the person was told), `moved`, or `gone` where
    the person left or moved by themselves first.
    """

    __tablename__ = "reseating"
    __table_args__ = (
        among("state", ("waiting", "moved", "gone")),
        CheckConstraint("(state = 'moved') = (to_slot IS NOT NULL)", name="moved_somewhere"),
        CheckConstraint("(to_slot IS NULL) = (moved_at IS NULL)", name="moved_some_time"),
        CheckConstraint("refusals >= 0 AND refusals < greatest(cardinality(given), 1)", name="refusals_counted"),
        ForeignKeyConstraint(["office", "day"], ["paspor.closure.office", "paspor.closure.day"]),
        Index("reseating_waiting_idx", "office", "day", "booked_at", postgresql_where=text("state = 'waiting'")),
        Index("reseating_booking_id_idx", "booking_id"),
        Index("reseating_number_idx", "number"),
    )

    office: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("paspor.booking.id"), primary_key=True)
    number: Mapped[str] = mapped_column(ForeignKey("paspor.application.number"))
    family: Mapped[UUID | None]
    booked_at: Mapped[datetime]
    from_slot: Mapped[BigInt] = mapped_column(ForeignKey("paspor.slot.id"))
    state: Mapped[str] = mapped_column(server_default="waiting")
    to_slot: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("paspor.slot.id"))
    given: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    refusals: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    unplaced_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    listed_at: Mapped[Stamp]


class SeatReserve(Base):
    """Of the seats that a slot keeps out of the public pool, those for people of closed days who have none yet."""

    __tablename__ = "seat_reserve"
    __table_args__ = (CheckConstraint("seats >= 0", name="seats_counted"),)

    slot_id: Mapped[BigInt] = mapped_column(ForeignKey("paspor.slot.id"), primary_key=True, autoincrement=False)
    seats: Mapped[int] = mapped_column(SmallInteger)


class Reopening(Base):
    """A closure that was taken back, since it was a mistake and nobody had been moved yet."""

    __tablename__ = "reopening"
    __table_args__ = (filled("why"), filled("opened_by"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    office: Mapped[str] = mapped_column(ForeignKey("paspor.office.id"))
    day: Mapped[date]
    reason: Mapped[str]
    closed_by: Mapped[str]
    closed_at: Mapped[datetime]
    why: Mapped[str]
    opened_by: Mapped[str]
    at: Mapped[Stamp]


class SpecialMove(Base):
    """An appointment that the office moved for a cause; the person's own reschedule is not touched by it."""

    __tablename__ = "special_move"
    __table_args__ = (
        among("role", ("supervisor", "head")),
        filled("reason"),
        filled("moved_by"),
        CheckConstraint("from_slot <> to_slot", name="moves_somewhere"),
        Index("special_move_number_idx", "number"),
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(ForeignKey("paspor.application.number"))
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("paspor.booking.id"))
    from_slot: Mapped[BigInt] = mapped_column(ForeignKey("paspor.slot.id"))
    to_slot: Mapped[BigInt] = mapped_column(ForeignKey("paspor.slot.id"))
    reason: Mapped[str]
    moved_by: Mapped[str]
    role: Mapped[str]
    at: Mapped[Stamp]
