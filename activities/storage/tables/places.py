"""Offices, the dated rules that apply to them, and the calendar."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Computed, ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from activities.storage.tables.base import Base, Blank, Stamp, Texts, among, filled, pattern

ZONES = "('Asia/Jakarta', 7), ('Asia/Pontianak', 7), ('Asia/Makassar', 8), ('Asia/Jayapura', 9)"
RELEASES = "'rolling', 'weekly', 'monthly', 'staged', 'draw'"
LANES = "ARRAY['regular', 'priority', 'same_day']"


class Office(Base):
    """An issuing office; `utc_offset` in hours (WIB 7, WITA 8, WIT 9; no summer time)."""

    __tablename__ = "office"
    __table_args__ = (
        pattern("id", "^[a-z][a-z0-9-]{1,39}$"),
        filled("name"),
        CheckConstraint("utc_offset IN (7, 8, 9)", name="utc_offset_indonesian"),
        CheckConstraint(f"(time_zone, utc_offset) IN ({ZONES})", name="zone_fits_offset"),
        CheckConstraint(f"lanes <@ {LANES} AND cardinality(lanes) > 0", name="lanes_known"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    time_zone: Mapped[str]
    utc_offset: Mapped[int] = mapped_column(SmallInteger)
    lanes: Mapped[Texts]


class DatedRule(Base):
    """One rule from a day on; `office` is empty for the nation's. Rows are added, never changed."""

    __tablename__ = "rule"
    __table_args__ = (
        pattern("name", "^[a-z][a-z_]*$"),
        filled("source"),
        CheckConstraint("jsonb_typeof(value) = 'object'", name="value_object"),
        CheckConstraint(f"name <> 'release' OR coalesce(value ->> 'kind', '') IN ({RELEASES})", name="release_known"),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(primary_key=True, server_default="")
    effective_from: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
    source: Mapped[str]
    # A rule of an office that does not exist would be ignored in silence.
    for_office: Mapped[str | None] = mapped_column(
        ForeignKey("paspor.office.id"), Computed("NULLIF(office, '')", persisted=True)
    )


class CalendarDay(Base):
    """A day off for the nation: public holiday, or joint leave (cuti bersama)."""

    __tablename__ = "calendar_day"
    __table_args__ = (among("kind", ("holiday", "joint_leave")), filled("name"))

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]


class Closure(Base):
    """A day on which one office is closed, and why."""

    __tablename__ = "closure"
    __table_args__ = (filled("reason"),)

    office: Mapped[str] = mapped_column(ForeignKey("paspor.office.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str]
    closed_by: Mapped[Blank]
    at: Mapped[Stamp]
