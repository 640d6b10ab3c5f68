"""Slots: made ahead from the office's dated rule `opening`, closed by day, known outside by opaque ids.

The rule: `weekdays` (Monday is 0), `hours` (a list of [from, to]), `slot_minutes`, `seats` (lane to number),
`horizon_days`, and `every_day`, which opens on holidays and joint leave too.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.postgresql import insert

from activities.storage import rules
from activities.storage.tables import CalendarDay, Closure, Office, Slot

PUBLIC_ID = re.compile(r"s[0-9a-f]{1,15}")
MIDNIGHT = "24:00"
MISCOUNTED = text("""
    SELECT s.id FROM paspor.slot s LEFT JOIN paspor.booking b
        ON b.slot_id = s.id AND b.state IN ('offered', 'held', 'confirmed', 'used')
     GROUP BY s.id HAVING s.taken <> count(b.id) ORDER BY s.id""")


class NoSuchOffice(LookupError):
    """No office has this id."""


def public_id(slot: int) -> str:
    """How a slot is called outside; the schema's `public_slot` says the same."""
    return f"s{slot:x}"


def slot_number(slot_id: str) -> int | None:
    """The slot of a public id; None where it can be none of ours."""
    return int(slot_id[1:], 16) if PUBLIC_ID.fullmatch(slot_id) else None


def open_days(conn: Connection, office: str, until: date) -> int:
    """Make the slots from today up to `until`, at most to the rule's horizon; how many are new. What is there stays.

    Each day follows the rule that will be in force on it. Days off and closures get no slots. Raises `NoSuchOffice`,
    and `NoSuchRule` for an office without the rule.
    """
    place = conn.execute(select(Office).where(Office.id == office)).first()
    if place is None:
        raise NoSuchOffice("no office has this id")
    zone = timezone(timedelta(hours=place.utc_offset))
    today = datetime.now(UTC).astimezone(zone).date()
    horizon = int(rules.value(conn, "opening", office, today)["horizon_days"])
    last = min(until, today + timedelta(days=horizon))
    holidays, closed = _days_off(conn, office, today, last)
    rows = []
    for day in (today + timedelta(days=ahead) for ahead in range((last - today).days + 1)):
        rule = rules.value(conn, "opening", office, day)
        if day not in closed and (rule.get("every_day") or (day.weekday() in rule["weekdays"] and day not in holidays)):
            rows += list(_slots(office, day, rule, zone, place.lanes))
    if not rows:
        return 0
    new = insert(Slot).values(rows).on_conflict_do_nothing().returning(Slot.id)
    return len(conn.execute(new).all())


def close_day(conn: Connection, office: str, day: date, reason: str, by: str) -> bool:
    """Close an office for a day: its slots are gone, and it is no working day. False when it was closed already."""
    row = {"office": office, "day": day, "reason": reason, "closed_by": by}
    new = insert(Closure).values(row).on_conflict_do_nothing().returning(Closure.day)
    return conn.execute(new).first() is not None


def miscounted(conn: Connection) -> tuple[str, ...]:
    """Slots whose counter is not the number of their bookings: none, or somebody wrote past the schema's functions."""
    return tuple(public_id(slot) for slot in conn.execute(MISCOUNTED).scalars())


def _days_off(conn: Connection, office: str, first: date, last: date) -> tuple[set[date], set[date]]:
    holidays = conn.execute(select(CalendarDay.day).where(CalendarDay.day.between(first, last))).scalars()
    closed = select(Closure.day).where(Closure.office == office, Closure.day.between(first, last))
    return set(holidays), set(conn.execute(closed).scalars())


def _slots(
    office: str, day: date, rule: Mapping[str, Any], zone: timezone, lanes: list[str]
) -> Iterator[dict[str, Any]]:
    step = timedelta(minutes=rule["slot_minutes"])
    for opens, closes in rule["hours"]:
        start, end = _moment(day, opens, zone), _moment(day, closes, zone)
        while start + step <= end:
            span = {"office": office, "day": day, "starts_at": start, "ends_at": start + step}
            for lane, seats in rule["seats"].items():
                if lane in lanes and seats:
                    yield {**span, "lane": lane, "seats": seats}
            start += step


def _moment(day: date, clock: str, zone: timezone) -> datetime:
    if clock == MIDNIGHT:
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=zone)
