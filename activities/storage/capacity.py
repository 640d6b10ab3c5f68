"""How many people a day of an office can carry, and which of its means carries the fewest.

The dated rule `capacity`: `staffed` (desks, booths and verifiers that are), `per_hour` (stated rates of one of each,
and of a printer; they count until there are `measurements` among the `latest` of `recent_days`), and `booklets`:
`counted` where the stock is all there is, `supplied` where new ones come in time: an empty stock is then named as what
limits the office, and takes no seat away.
An office without a printer of its own, such as a service unit in a mall, is limited by neither printer nor booklets.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, Row, select, text

from activities.storage import dated, opening, rates
from activities.storage.rates import Rates, Resource
from activities.storage.tables import Office

# From the check-in until the booklet is printed. A person whose seat is of today or later is counted by the seat.
MEANS = text("""
    WITH unprinted AS (
        SELECT a.number FROM paspor.application a
         WHERE a.office = :office AND a.ending IS NULL AND a.stage IN (
               'checked_in', 'documents_examined', 'interviewed', 'enrolled', 'verified', 'adjudication', 'approved',
               'printing')
           AND NOT EXISTS (SELECT 1 FROM paspor.booking b JOIN paspor.slot s ON s.id = b.slot_id
                            WHERE b.number = a.number AND s.day >= :today
                              AND b.state IN ('offered', 'held', 'confirmed', 'used')))
    SELECT (SELECT array_agg(id ORDER BY id) FROM paspor.printer WHERE office = :office) AS printers,
           (SELECT array_agg(id ORDER BY id) FROM paspor.printer WHERE office = :office AND state = 'up') AS up,
           (SELECT count(*) FROM paspor.booklet WHERE office = :office AND state = 'stock') AS stock,
           (SELECT count(*) FROM unprinted) AS unprinted,
           (SELECT count(*) FROM paspor.booklet b JOIN unprinted u ON u.number = b.number
             WHERE b.state = 'allocated') AS bound""")
PROMISED = text("""
    SELECT day, sum(taken) AS taken FROM paspor.slot
     WHERE office = :office AND lane = ANY (ARRAY['regular', 'priority', 'same_day']) AND day >= :today GROUP BY day""")
RULES = ("opening", "capacity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """How many people each means can carry on a day, those with a seat included; `most` is what the office can take.

    What sets no bound is not there.
    """

    day: date
    hours: float
    seats: Mapping[Resource, int]
    most: int

    @property
    def limited_by(self) -> Resource:
        """What carries the fewest."""
        return min(self.seats, key=lambda resource: self.seats[resource])


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What an office has now, and what it owes: passports not printed, of which `bound` have their booklet."""

    printers: tuple[str, ...]
    up: tuple[str, ...]
    stock: int
    unprinted: int
    bound: int
    promised: Mapping[date, int]
    rates: Rates


def outlook(conn: Connection, office: str, last: date) -> tuple[Carried, ...]:
    """Each day from today to `last` on which the office serves people; none for an office without the rules."""
    place = conn.execute(select(Office.utc_offset).where(Office.id == office)).scalar()
    if place is None:
        return ()
    today = datetime.now(UTC).astimezone(timezone(timedelta(hours=place))).date()
    versions = dated.versions(conn, office, RULES)
    holidays, closed = opening.days_off(conn, office, today, last)
    served = []
    for day in (today + timedelta(days=ahead) for ahead in range((last - today).days + 1)):
        rule, capacity = (versions.on(name, day) for name in RULES)
        part = opening.part_of(rule, day, day in holidays) if rule and day not in closed else None
        if part and capacity:
            served.append((day, opening.hours(part, day), capacity))
    return tuple(_carried(served, means(conn, office, today)))


def means(conn: Connection, office: str, today: date) -> Means:
    """What an office works with, and the people whom it has promised a passport."""
    row = conn.execute(MEANS, {"office": office, "today": today}).one()
    promised = {day: int(taken) for day, taken in conn.execute(PROMISED, {"office": office, "today": today})}
    return _means(row, promised, rates.rates(conn, office))


def per_hour(rule: Mapping[str, Any], resource: Resource, measured: Rates, unit: str = "") -> float:
    """The measured rate where it was measured often enough, else the stated one."""
    found = measured.get((resource, unit))
    stated = float(rule["per_hour"][resource.value])
    return found.per_hour if found and found.measurements >= rule["measurements"] else stated


def _means(row: Row[Any], promised: Mapping[date, int], measured: Rates) -> Means:
    return Means(
        printers=tuple(row.printers or ()),
        up=tuple(row.up or ()),
        stock=row.stock,
        unprinted=row.unprinted,
        bound=row.bound,
        promised=promised,
        rates=measured,
    )


def _carried(served: list[tuple[date, float, Mapping[str, Any]]], now: Means) -> Iterator[Carried]:
    """What is still to be printed when a day begins takes the printers first."""
    backlog, free = now.unprinted, _booklets_left(now)
    for day, hours, rule in served:
        seats = {}
        for resource in (Resource.DOCUMENT_DESKS, Resource.BOOTHS, Resource.VERIFIERS):
            speed = per_hour(rule, resource, now.rates)
            seats[resource] = int(rule["staffed"][resource.value] * speed * hours)
        taken = now.promised.get(day, 0)
        if now.printers:
            printed = int(sum(per_hour(rule, Resource.PRINTER, now.rates, unit) for unit in now.up) * hours)
            seats[Resource.PRINTER] = max(0, printed - backlog)
            backlog = max(0, backlog + taken - printed)
        most = min(seats.values())
        if now.printers and (rule["booklets"] == "counted" or free <= 0):
            seats[Resource.BOOKLETS] = taken + max(0, free)
            most = min(most, seats[Resource.BOOKLETS]) if rule["booklets"] == "counted" else most
        yield Carried(day=day, hours=hours, seats=seats, most=most)


def _booklets_left(now: Means) -> int:
    """Blank booklets that nobody is promised yet."""
    return now.stock - (now.unprinted - now.bound) - sum(now.promised.values())
