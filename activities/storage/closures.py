"""Days that an office closes: what a closure would do before it is made, closing, how it goes on, opening again."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from activities.storage import nearest, reseating
from activities.storage.nearest import Party, Seated

CLOSE = text("SELECT paspor.close_day(:office, :day, :reason, :by)")
REOPEN = text("SELECT paspor.reopen_day(:office, :day, :reason, :by)")
TODAY = text("SELECT (clock_timestamp() AT TIME ZONE time_zone)::date FROM paspor.office WHERE id = :office")
TERMS = text("""
    SELECT greatest(CAST(:day AS date) + 1, paspor.earliest_reseating(o.id)) AS first,
           (paspor.rule_value('reseating', o.id, (clock_timestamp() AT TIME ZONE o.time_zone)::date)
               ->> 'refusals')::int AS refusals
      FROM paspor.office o WHERE o.id = :office""")
SITTING = text("""
    SELECT coalesce(a.family, b.id) AS party, b.id AS booking_id, b.number, s.id AS slot, s.lane,
           CAST('{}' AS bigint[]) AS given, s.starts_at AT TIME ZONE o.time_zone AS starts_at, b.state
      FROM paspor.slot s JOIN paspor.booking b ON b.slot_id = s.id AND b.state IN ('held', 'confirmed')
      JOIN paspor.application a ON a.number = b.number JOIN paspor.office o ON o.id = s.office
     WHERE s.office = :office AND s.day = :day
     ORDER BY min(b.created_at) OVER (PARTITION BY coalesce(a.family, b.id)), party, b.created_at, b.id""")
PROGRESS = text("""
    SELECT c.day, c.reason, c.closed_by, c.at, count(r.*) AS people,
           count(*) FILTER (WHERE r.state = 'moved') AS moved,
           count(*) FILTER (WHERE r.state = 'waiting') AS waiting,
           count(*) FILTER (WHERE r.state = 'waiting' AND r.unplaced_at IS NOT NULL) AS unplaced,
           coalesce(sum(r.refusals), 0) AS refusals
      FROM paspor.closure c LEFT JOIN paspor.reseating r ON r.office = c.office AND r.day = c.day
     WHERE c.office = :office AND (CAST(:day AS date) IS NULL OR c.day = :day)
       AND (c.day >= :first OR r.state = 'waiting')
     GROUP BY c.office, c.day ORDER BY c.day""")
PEOPLE = text("""
    SELECT r.number, r.family IS NOT NULL AS family, r.state, r.refusals, r.unplaced_at,
           f.starts_at AT TIME ZONE o.time_zone AS was_at, t.starts_at AT TIME ZONE o.time_zone AS now_at
      FROM paspor.reseating r JOIN paspor.office o ON o.id = r.office JOIN paspor.slot f ON f.id = r.from_slot
      LEFT JOIN paspor.slot t ON t.id = r.to_slot
     WHERE r.office = :office AND r.day = :day AND r.state <> 'gone'
     ORDER BY r.state DESC, r.booked_at, r.booking_id""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What closing a day would do: how many people it moves (some not yet paid), and how many of them to which day."""

    people: int
    unpaid: int
    families: int
    unplaced: int
    days: tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The first day on which people are given another seat, and how often they may refuse one."""

    first: date
    refusals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A closed day, and how far its people are. `unplaced` is part of `waiting`."""

    day: date
    reason: str
    closed_by: str
    at: datetime
    people: int
    moved: int
    waiting: int
    unplaced: int
    refusals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who had a seat of a closed day, by the office's clock; `now_at` is None while they have no other."""

    number: str
    family: bool
    state: str
    refusals: int
    unplaced_at: datetime | None
    was_at: datetime
    now_at: datetime | None


def today(conn: Connection, office: str) -> date:
    """The date at an office that is known."""
    day: date = conn.execute(TODAY, {"office": office}).scalar_one()
    return day


def terms(conn: Connection, office: str, day: date) -> Terms:
    """On which terms people of a day would be moved, by the rule of today."""
    return Terms(**conn.execute(TERMS, {"office": office, "day": day}).one()._mapping)


def close_day(conn: Connection, office: str, day: date, reason: str, by: str) -> bool:
    """Close an office for a day: from the commit on nobody gets a seat of it, and its people are listed to be moved.

    False when it was closed already.
    """
    return bool(conn.execute(CLOSE, {"office": office, "day": day, "reason": reason, "by": by}).scalar_one())


def reopen_day(conn: Connection, office: str, day: date, reason: str, by: str) -> str:
    """Take a closure back: `ok`, `not_closed`, or `people_moved`, after which there is no way back."""
    return str(conn.execute(REOPEN, {"office": office, "day": day, "reason": reason, "by": by}).scalar_one())


def foreseen(conn: Connection, office: str, day: date) -> Foreseen:
    """What closing the day would do if nobody booked meanwhile: by the very choice that the pass makes."""
    rows = list(conn.execute(SITTING, {"office": office, "day": day}))
    by_party: dict[object, list[Seated]] = {}
    for row, one in zip(rows, reseating.seated(rows), strict=True):
        by_party.setdefault(row.party, []).append(one)
    found = _planned(conn, office, day, [tuple(members) for members in by_party.values()])
    return Foreseen(
        people=len(rows),
        unpaid=sum(row.state == "held" for row in rows),
        families=sum(len(members) > 1 for members in by_party.values()),
        unplaced=len(rows) - found.total(),
        days=tuple(sorted(found.items())),
    )


def _planned(conn: Connection, office: str, day: date, parties: list[Party]) -> Counter[date]:
    free = reseating.pool(conn, office, day, kept=True)
    day_of = {one.slot: one.day for one in free}
    found: Counter[date] = Counter()
    for party in parties:
        slots = nearest.choose(party, free)
        if slots is not None:
            nearest.take(slots, free)
            found.update(day_of[slot] for slot in slots)
    return found


def closed_days(conn: Connection, office: str) -> tuple[Closed, ...]:
    """The closed days from today on, and earlier ones whose people have no other seat yet."""
    return _progress(conn, office, None)


def closed_day(conn: Connection, office: str, day: date) -> Closed | None:
    """One closed day, or None."""
    return next(iter(_progress(conn, office, day)), None)


def people_of(conn: Connection, office: str, day: date) -> tuple[Person, ...]:
    """Who had a seat of a closed day: first who has no other yet, then who was moved, in the order of booking."""
    return tuple(Person(**row._mapping) for row in conn.execute(PEOPLE, {"office": office, "day": day}))


def _progress(conn: Connection, office: str, day: date | None) -> tuple[Closed, ...]:
    first = day or today(conn, office)
    rows = conn.execute(PROGRESS, {"office": office, "first": first, "day": day})
    return tuple(Closed(**row._mapping) for row in rows)
