"""What an office works with, for everybody to see: its hours, what each of its means carries, and what it owes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, text

from activities.storage import capacity, dated, opening
from activities.storage.capacity import Carried, Means
from activities.storage.rates import Rate, Resource
from activities.storage.reads.offices import OfficeRow, offices
from workflows.case.facts import Lane

SOON = 31  # days in which an office is expected to be open once
GLANCES = text("""
    SELECT o.id, f.day, f.free, n.at
      FROM paspor.office o
      LEFT JOIN LATERAL (
          SELECT s.day, sum(s.seats - s.taken - s.kept) AS free FROM paspor.slot s
           WHERE s.office = o.id AND s.lane = :lane AND s.starts_at > clock_timestamp()
             AND s.day BETWEEN (clock_timestamp() AT TIME ZONE o.time_zone)::date
                           AND (clock_timestamp() AT TIME ZONE o.time_zone)::date + CAST(:days AS int)
             AND NOT EXISTS (SELECT 1 FROM paspor.closure c WHERE c.office = s.office AND c.day = s.day)
           GROUP BY s.day HAVING sum(s.seats - s.taken - s.kept) > 0 ORDER BY s.day LIMIT 1) f ON true
      LEFT JOIN LATERAL (
          SELECT min(at) AS at FROM paspor.seat_release r
           WHERE r.office = o.id AND r.lane = :lane AND r.done_at IS NULL) n ON true""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """An office among others: its first day with free seats of a lane, and the next release that is announced."""

    office: OfficeRow
    day: date | None
    free: int
    opens_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One of an office's means: how many of it work, how fast, and how many people a day it carries.

    `measurements` is zero where the stated rate counts; booklets have no rate.
    """

    resource: str
    units: int
    per_hour: float | None
    measurements: int
    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeNow:
    """An office on the first day on which it is open; without one, or without rules, nothing is known of its work."""

    office: OfficeRow
    day: date | None
    hours: float
    planned: int
    works: tuple[Work, ...]
    limited_by: str | None
    promised: int
    unprinted: int
    opening: Mapping[str, Any] | None
    release: Mapping[str, Any] | None


def glances(conn: Connection, lane: Lane, days: int) -> tuple[Glance, ...]:
    """All offices, by name, with what they have within so many days."""
    found = {row.id: row for row in conn.execute(GLANCES, {"lane": lane.value, "days": days})}
    return tuple(
        Glance(office=one, day=found[one.id].day, free=found[one.id].free or 0, opens_at=found[one.id].at)
        for one in offices(conn)
        if one.id in found
    )


def office_now(conn: Connection, office: str) -> OfficeNow | None:
    """What limits the office now, and by how much; None without such an office."""
    place = next((one for one in offices(conn) if one.id == office), None)
    if place is None:
        return None
    zone = timezone(timedelta(hours=place.utc_offset))
    today = datetime.now(UTC).astimezone(zone).date()
    versions = dated.versions(conn, office, ("opening", "capacity", "release"))
    days = capacity.outlook(conn, office, today + timedelta(days=SOON))
    now, first = capacity.means(conn, office, today), next(iter(days), None)
    return OfficeNow(
        office=place,
        day=first.day if first else None,
        hours=first.hours if first else 0,
        planned=_planned(versions, first.day, zone) if first else 0,
        works=tuple(_works(first, now, versions.on("capacity", first.day) or {})) if first else (),
        limited_by=first.limited_by.value if first else None,
        promised=sum(now.promised.values()),
        unprinted=now.unprinted,
        opening=versions.on("opening", today),
        release=versions.on("release", today),
    )


def _planned(versions: dated.Versions, day: date, zone: timezone) -> int:
    rule = versions.on("opening", day)
    part = opening.part_of(rule, day, False) if rule else None
    return len(list(opening.starts(part, day, zone))) * sum(part["seats"].values()) if part else 0


def _works(day: Carried, now: Means, rule: Mapping[str, Any]) -> Iterator[Work]:
    for resource, seats in day.seats.items():
        units, rate = _units(resource, now, rule)
        yield Work(
            resource=resource.value,
            units=units,
            per_hour=rate.per_hour if rate else None,
            measurements=rate.measurements if rate else 0,
            seats=seats,
        )


def _units(resource: Resource, now: Means, rule: Mapping[str, Any]) -> tuple[int, Rate | None]:
    """How many there are, and the rate of one (of printers, the mean)."""
    if resource is Resource.BOOKLETS:
        return now.stock, None
    names = now.up if resource is Resource.PRINTER else ("",)
    units = len(names) if resource is Resource.PRINTER else int(rule["staffed"][resource.value])
    if not units:
        return 0, None
    rates = [capacity.per_hour(rule, resource, now.rates, name) for name in names]
    found = [now.rates.get((resource, name)) for name in names]
    counted = sum(one.measurements for one in found if one and one.measurements >= rule["measurements"])
    return units, Rate(per_hour=sum(rates) / len(rates), measurements=counted)
