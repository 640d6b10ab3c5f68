"""When a day's seats are released, and how fast an office has been found to work."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from activities.storage.tables.base import Base, Blank, Stamp, among
from workflows.case.facts import Lane

MEASURED = ("document_desks", "booths", "verifiers", "printer")


class SeatRelease(Base):
    """One release of a day's seats: `share` of a hundred, from `at` on; without `at` a draw gives them out.

    Made with the day, so that a later rule does not take back what people were told.
    """

    __tablename__ = "seat_release"
    __table_args__ = (
        among("lane", Lane),
        CheckConstraint("stage > 0", name="stage_counts"),
        CheckConstraint("share BETWEEN 1 AND 100", name="share_of_hundred"),
        CheckConstraint("done_at >= at", name="not_before_its_time"),
        Index("seat_release_due_idx", "office", "at", postgresql_where=text("done_at IS NULL")),
    )

    office: Mapped[str] = mapped_column(ForeignKey("paspor.office.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    lane: Mapped[str] = mapped_column(primary_key=True)
    stage: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime | None]
    share: Mapped[int] = mapped_column(SmallInteger)
    done_at: Mapped[datetime | None]


class ServiceRate(Base):
    """How many people (booklets) an hour one of them serves, by the median of what was measured last.

    `unit` is a printer's id; desks, booths and verifiers of an office are measured together.
    """

    __tablename__ = "service_rate"
    __table_args__ = (
        among("resource", MEASURED),
        CheckConstraint("per_hour > 0", name="per_hour_counts"),
        CheckConstraint("measurements > 0", name="measurements_count"),
    )

    office: Mapped[str] = mapped_column(ForeignKey("paspor.office.id"), primary_key=True)
    resource: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[Blank] = mapped_column(primary_key=True)
    per_hour: Mapped[float] = mapped_column(Float)
    measurements: Mapped[int]
    measured_at: Mapped[Stamp]
