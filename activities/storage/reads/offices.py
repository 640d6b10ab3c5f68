"""Offices and their free seats."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, Row, select, text

from activities.storage import capacity, dated, opening, release_rules
from activities.storage.rates import Resource
from activities.storage.releasing import BEFORE
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
NEXT = text("""
    SELECT day, min(at) AS at FROM paspor.seat_release
     WHERE office = :office AND lane = :lane AND day BETWEEN :first AND :last AND done_at IS NULL GROUP BY day""")
HOLIDAYS = text("SELECT day FROM paspor.calendar_day WHERE day BETWEEN :first AND :last")
FURTHEST = timedelta(days=366)  # the office's own horizon ends before
LEAST = Resource.BOOTHS.value  # what an office without rules is said to have least of


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
    """A day at the office: why it has no seats, when the next ones are released, and what the office has least of."""

    date: date
    seats: int
    left: int
    closed_reason: str | None
    opens_at: datetime | None
    limited_by: str | None
    slots: tuple[OpenSlot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """The seats of one lane. `limited_by` is what the office has least of, on the first day that it is open."""

    office: str
    lane: Lane
    days: tuple[Day, ...]
    limited_by: str


def offices(conn: Connection) -> tuple[OfficeRow, ...]:
    """All offices, by name."""
    columns = (Office.id, Office.name, Office.time_zone, Office.utc_offset, Office.lanes)
    return tuple(_office(row) for row in conn.execute(select(*columns).order_by(Office.name)))


def availability(conn: Connection, office: str, lane: Lane, first: date, last: date) -> Availability | None:
    """The seats from `first` to `last`, both included; None without such an office."""
    place = next((one for one in offices(conn) if one.id == office), None)
    if place is None:
        return None
    made = _made(conn, place, lane, first, last)
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    # Nobody promises means further ahead, and a date far away must not cost a walk to it.
    reach = min(max(last, made.today), made.today + FURTHEST)
    limits = {one.day: one.limited_by.value for one in capacity.outlook(conn, office, reach)}
    shown = tuple(_day(day, made, limits.get(day)) for day in days)
    within = [limits[day.date] for day in shown if day.date in limits]
    now = next(iter([*within, *limits.values()]), LEAST)
    return Availability(office=office, lane=lane, days=shown, limited_by=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """What is known of the days of one lane."""

    today: date
    zone: timezone
    slots: Mapping[date, list[OpenSlot]]
    off: Mapping[date, str]
    next: Mapping[date, datetime | None]
    rules: dated.Versions
    holidays: frozenset[date]


def _made(conn: Connection, place: OfficeRow, lane: Lane, first: date, last: date) -> _Made:
    zone = timezone(timedelta(hours=place.utc_offset))
    span = {"office": place.id, "first": first, "last": last}
    closed = set(conn.execute(CLOSED, span).scalars())
    by_day: dict[date, list[OpenSlot]] = {}
    for row in conn.execute(SLOTS, {**span, "lane": lane.value}):
        if row.day not in closed:
            by_day.setdefault(row.day, []).append(_slot(row, zone))
    # A month's release may lie well before its first day.
    calendar = conn.execute(HOLIDAYS, {**span, "first": first - BEFORE}).scalars()
    return _Made(
        today=datetime.now(UTC).astimezone(zone).date(),
        zone=zone,
        slots=by_day,
        off={row.day: row.why for row in conn.execute(OFF, span)},
        next={row.day: row.at for row in conn.execute(NEXT, {**span, "lane": lane.value})},
        rules=dated.versions(conn, place.id, ("opening", "release")),
        holidays=frozenset(calendar),
    )


def _day(day: date, made: _Made, limited_by: str | None) -> Day:
    """What has seats, or had them today; or a day that is made later, or never."""
    slots, off = made.slots.get(day), made.off.get(day)
    opens_at = made.next.get(day) if slots else _opens(day, made) if off is None else None
    shown = tuple(slot for slot in slots or () if slot.seats)
    shut = off or ("past" if day < made.today else "closed")
    return Day(
        date=day,
        seats=sum(slot.seats for slot in shown),
        left=sum(slot.left for slot in shown),
        closed_reason=None if slots or opens_at else shut,
        opens_at=opens_at.astimezone(made.zone) if opens_at else None,
        limited_by=limited_by,
        slots=shown,
    )


def _opens(day: date, made: _Made) -> datetime | None:
    """When the seats of a day come that is beyond what has been made; None where it is not, or never will be open."""
    now, rule, release = (made.rules.on(*which) for which in (
        ("opening", made.today), ("opening", day), ("release", day)))  # fmt: skip
    if now is None or rule is None or release is None or release["kind"] == "draw":
        return None
    horizon = timedelta(days=max(int(now["horizon_days"]), release_rules.reach(release)))
    if day <= made.today + horizon or not opening.part_of(rule, day, day in made.holidays):
        return None
    # What is not released by the clock of a rule comes when the horizon reaches it.
    reached = opening.moment(day - horizon, "00:00", made.zone)
    return release_rules.stages(release, day, made.zone, reached, made.holidays.__contains__)[0].at


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
