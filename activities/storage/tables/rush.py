"""What keeps a rush in order: counted requests, the waiting room, drafts, public notices, and walk-ins of a day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from activities.storage.tables.base import Base, Blank, MadeId, Stamp, among, filled, pattern

HASH = "^[0-9a-f]{32}$"


class RequestCount(Base):
    """How often somebody has asked for one kind of thing until `ends_at`; `who` is a keyed hash of person or address.

    Not logged: after a crash of the server everybody begins at nothing, which is no harm.
    """

    __tablename__ = "request_count"
    __table_args__ = (
        pattern("who", HASH),
        CheckConstraint("count >= 0", name="count_counts"),
        Index("request_count_ends_at_idx", "ends_at"),
        {"prefixes": ["UNLOGGED"]},
    )

    kind: Mapped[str] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]
    count: Mapped[int]


class Draft(Base):
    """A half-filled application of one person, sealed for them, whatever browser they use; gone after `kept_until`."""

    __tablename__ = "draft"
    __table_args__ = (
        filled("owner"),
        CheckConstraint("octet_length(content) > 28", name="content_sealed"),
        Index("draft_kept_until_idx", "kept_until"),
    )

    owner: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes]
    changed_at: Mapped[Stamp]
    kept_until: Mapped[datetime]


class Notice(Base):
    """Something that everybody is told on every page, by one office; who opened and who closed it."""

    __tablename__ = "notice"
    __table_args__ = (
        filled("text_id"),
        filled("text_en"),
        filled("opened_by"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("(closed_at IS NULL) = (closed_by = '')", name="closed_by_somebody"),
        Index("notice_open_idx", "starts_at", postgresql_where=text("closed_at IS NULL")),
    )

    id: Mapped[MadeId]
    office: Mapped[str] = mapped_column(ForeignKey("paspor.office.id"))
    text_id: Mapped[str]
    text_en: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    repaired_at: Mapped[datetime | None]
    opened_by: Mapped[str]
    opened_at: Mapped[Stamp]
    closed_by: Mapped[Blank]
    closed_at: Mapped[datetime | None]


class RoomPlace(Base):
    """Somebody who chooses a seat (`admitted_at`), or waits until they may; one row an account, by its keyed hash."""

    __tablename__ = "room_place"
    __table_args__ = (
        pattern("who", HASH),
        CheckConstraint("admitted_at >= arrived_at", name="admitted_after_arrival"),
        UniqueConstraint("arrival"),
        Index("room_place_seen_at_idx", "seen_at"),
        Index("room_place_waiting_idx", "arrival", postgresql_where=text("admitted_at IS NULL")),
    )

    who: Mapped[str] = mapped_column(primary_key=True)
    arrival: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    arrived_at: Mapped[Stamp]
    admitted_at: Mapped[datetime | None]
    seen_at: Mapped[Stamp]


class RoomPace(Base):
    """How many people were let in, or could have been, in each ten seconds."""

    __tablename__ = "room_pace"
    __table_args__ = (CheckConstraint("freed > 0", name="freed_some"),)

    since: Mapped[datetime] = mapped_column(primary_key=True)
    freed: Mapped[int]


class WalkInQuota(Base):
    """How many people an office serves on a day without an appointment, why, and who said so."""

    __tablename__ = "walk_in_quota"
    __table_args__ = (
        CheckConstraint("taken BETWEEN 0 AND places", name="not_oversold"),
        filled("reason"),
        filled("set_by"),
    )

    office: Mapped[str] = mapped_column(ForeignKey("paspor.office.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    places: Mapped[int] = mapped_column(SmallInteger)
    taken: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    reason: Mapped[str]
    set_by: Mapped[str]
    set_at: Mapped[Stamp]


class WalkIn(Base):
    """Who came without an appointment: seated that day, or noted for the next, by `rank`; the ground is sealed."""

    __tablename__ = "walk_in"
    __table_args__ = (
        among("state", ("seated", "noted", "left")),
        CheckConstraint("octet_length(ground) > 28", name="ground_sealed"),
        filled("recorded_by"),
        CheckConstraint("(state = 'seated') = (booking_id IS NOT NULL)", name="seated_has_booking"),
        UniqueConstraint("key"),
        Index("walk_in_noted_once", "number", unique=True, postgresql_where=text("state = 'noted'")),
        Index("walk_in_office_day_idx", "office", "day", "rank"),
    )

    id: Mapped[MadeId]
    rank: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    key: Mapped[str]
    office: Mapped[str] = mapped_column(ForeignKey("paspor.office.id"))
    day: Mapped[date]
    number: Mapped[str] = mapped_column(ForeignKey("paspor.application.number"))
    ground: Mapped[bytes]
    state: Mapped[str]
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("paspor.booking.id"))
    recorded_by: Mapped[str]
    at: Mapped[Stamp]
