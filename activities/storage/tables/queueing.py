"""The office's queue: tickets ranked by appointment, and every call of a person."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from activities.storage.tables.base import Base, Blank, MadeId, Stamp, among, filled
from workflows.case.facts import Lane

ARRIVALS = ("waiting", "too_early", "late")
TICKET_STATES = (*ARRIVALS, "called", "parked", "no_show", "done")


class TicketSeries(Base):
    """The last number given out of one series (A regular, P priority, S same day) on one day."""

    __tablename__ = "ticket_series"
    __table_args__ = (among("series", ("A", "P", "S")), CheckConstraint("last > 0", name="last_counts"))

    office: Mapped[str] = mapped_column(ForeignKey("paspor.office.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class QueueTicket(Base):
    """A person's place. Order: lane, `rank_from`, serial; nobody is called before `callable_from`."""

    __tablename__ = "ticket"
    __table_args__ = (
        among("lane", Lane),
        among("state", TICKET_STATES),
        among("arrival", ARRIVALS),
        CheckConstraint("serial > 0", name="serial_counts"),
        CheckConstraint("ahead >= 0", name="ahead_counts"),
        CheckConstraint("state <> 'called' OR (counter <> '' AND called_at IS NOT NULL)", name="called_somewhere"),
        UniqueConstraint("key"),
        UniqueConstraint("office", "day", "label"),
        UniqueConstraint("number", "day"),
        Index(
            "ticket_waiting_idx",
            "office",
            "day",
            "rank_from",
            postgresql_where=text("state NOT IN ('done', 'no_show')"),
        ),
    )

    id: Mapped[MadeId]
    key: Mapped[str]
    number: Mapped[str] = mapped_column(ForeignKey("paspor.application.number"))
    office: Mapped[str] = mapped_column(ForeignKey("paspor.office.id"))
    day: Mapped[date]
    label: Mapped[str]
    serial: Mapped[int]
    lane: Mapped[str]
    arrival: Mapped[str]
    ahead: Mapped[int]
    state: Mapped[str]
    rank_from: Mapped[datetime]
    callable_from: Mapped[datetime]
    counter: Mapped[Blank]
    called_at: Mapped[datetime | None]
    issued_at: Mapped[Stamp]


class QueueCall(Base):
    """One thing said to the waiting room, or noted of it."""

    __tablename__ = "queue_call"
    __table_args__ = (
        among("what", ("call", "recall", "no_show", "park")),
        filled("officer"),
        Index("queue_call_office_day_idx", "office", "day", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    office: Mapped[str] = mapped_column(ForeignKey("paspor.office.id"))
    day: Mapped[date]
    label: Mapped[str]
    number: Mapped[str]
    counter: Mapped[Blank]
    what: Mapped[str]
    officer: Mapped[str]
    reason: Mapped[Blank]
    at: Mapped[Stamp]
