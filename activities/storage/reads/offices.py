"""Offices and their free seats."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any, Literal

from sqlalchemy import Connection, Row, select, text

from activities.storage import rules
from activities.storage.slots import public_id
from activities.storage.tables import Office
from workflows.case.facts import Lane

SLOTS = text("""
    SELECT id, day, starts_at, ends_at, seats, taken, kept FROM paspor.slot
     WHERE office = :office AND lane = :lane AND day BETWEEN :first AND :last AND starts_at > clock_timestamp()
     ORDER BY starts_at""")
OFF = text("""
    SELECT day, name AS why, 1 AS rank FROM paspor.calendar_day WHERE day BETWEEN :first AND :last
    UNION ALL SELECT day, reason, 0 FROM paspor.closure WHERE office = :office AND day BETWEEN :first AND :last
    ORDER BY rank DESC""")
CLOSED = text("SELECT day FROM paspor.closure WHERE office = :office AND day BETWEEN :first AND :last")
MEANS = text("""
    SELECT (SELECT count(*) FROM paspor.printer WHERE office = :office AND state = 'up') AS printers,
           (SELECT count(*) FROM paspor.booklet WHERE office = :office AND state = 'stock') AS booklets,
           (SELECT coalesce(sum(taken), 0) FROM paspor.slot WHERE office = :office AND starts_at > clock_timestamp())
               AS promised""")

LimitedBy = Literal["booths", "printer", "booklets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeRow:
    """An office; `time_zone` is an IANA name, `utc_offset` its hours."""

    id: str
    name: str
    time_zone: str
    utc_offset: int
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSlot:
    """A slot that is still to come, in the office's time."""

    id: str
    starts_at: datetime
    ends_at: datetime
    seats: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day at the office: why it has no seats, or when they are opened, where there are none."""

    date: date
    seats: int
    left: int
    closed_reason: str | None
    opens_at: datetime | None
    slots: tuple[OpenSlot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """The seats of one lane. `limited_by` is what the office has least of."""

    office: str
    lane: Lane
    days: tuple[Day, ...]
    limited_by: LimitedBy


def offices(conn: Connection) -> tuple[OfficeRow, ...]:
    """All offices, by name."""
    columns = (Office.id, Office.name, Office.time_zone, Office.utc_offset, Office.lanes)
    return tuple(_office(row) for row in conn.execute(select(*columns).order_by(Office.name)))


def availability(conn: Connection, office: str, lane: Lane, first: date, last: date) -> Availability | None:
    """The seats from `first` to `last`, both included; None without such an office."""
    place = next((one for one in offices(conn) if one.id == office), None)
    if place is None:
        return None
    zone = timezone(timedelta(hours=place.utc_offset))
    span = {"office": office, "first": first, "last": last}
    off = {row.day: row.why for row in conn.execute(OFF, span)}
    closed = set(conn.execute(CLOSED, span).scalars())
    by_day: dict[date, list[OpenSlot]] = {}
    for row in conn.execute(SLOTS, {**span, "lane": lane.value}):
        if row.day not in closed:
            by_day.setdefault(row.day, []).append(_slot(row, zone))
    today = datetime.now(UTC).astimezone(zone).date()
    horizon = _horizon(conn, office, today)
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    shown = tuple(_day(day, tuple(by_day.get(day, ())), off.get(day), today, horizon, zone) for day in days)
    return Availability(office=office, lane=lane, days=shown, limited_by=_limited_by(conn, office))


def _day(
    day: date, slots: tuple[OpenSlot, ...], off: str | None, today: date, horizon: timedelta, zone: timezone
) -> Day:
    seats, left = sum(slot.seats for slot in slots), sum(slot.left for slot in slots)
    # A day beyond the horizon opens when the horizon reaches it.
    later = not slots and off is None and day > today + horizon
    opens_at = datetime.combine(day - horizon, time(), tzinfo=zone) if later else None
    reason = None if slots or later else off or ("past" if day < today else "closed")
    return Day(date=day, seats=seats, left=left, closed_reason=reason, opens_at=opens_at, slots=slots)


def _limited_by(conn: Connection, office: str) -> LimitedBy:
    means = conn.execute(MEANS, {"office": office}).one()
    if means.printers == 0:
        return "printer"
    return "booklets" if means.booklets <= means.promised else "booths"


def _horizon(conn: Connection, office: str, today: date) -> timedelta:
    try:
        return timedelta(days=int(rules.value(conn, "opening", office, today)["horizon_days"]))
    except rules.NoSuchRule:
        return timedelta(0)


def _slot(row: Row[Any], zone: timezone) -> OpenSlot:
    return OpenSlot(
        id=public_id(row.id),
        starts_at=row.starts_at.astimezone(zone),
        ends_at=row.ends_at.astimezone(zone),
        seats=row.seats,
        left=row.seats - row.taken - row.kept,
    )


def _office(row: Any) -> OfficeRow:
    lanes = tuple(Lane(lane) for lane in row.lanes)
    return OfficeRow(id=row.id, name=row.name, time_zone=row.time_zone, utc_offset=row.utc_offset, lanes=lanes)
