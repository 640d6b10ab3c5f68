"""Filings of institutions' operators for citizens, counted by the day."""

from datetime import date

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from activities.storage.tables.base import Base, among, filled


class AssistedFiling(Base):
    """A filing that was counted, so that it is counted once."""

    __tablename__ = "assisted_filing"
    __table_args__ = (filled("operator"), Index("assisted_filing_day_idx", "day"))

    number: Mapped[str] = mapped_column(primary_key=True)
    operator: Mapped[str]
    institution: Mapped[str]
    day: Mapped[date]


class AssistedDay(Base):
    """How many filings an operator, or an institution, made on a day; never more than the limit that was in force."""

    __tablename__ = "assisted_day"
    __table_args__ = (
        among("scope", ("operator", "institution")),
        CheckConstraint("filings > 0 AND filings <= most", name="within_limit"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(primary_key=True)
    filings: Mapped[int]
    most: Mapped[int]
