"""The dated rule `opening`: on which days and hours an office serves people, and how many seats it plans.

`weekdays` (Monday is 0), `hours` (a list of [from, to]; what lies between two is a break), `slot_minutes`, `seats`
(lane to number, for each slot), `horizon_days` (how far ahead slots are made), `every_day`, which opens on holidays and
joint leave too, and `saturday`: the Saturday service with its own `hours`, `seats` and, where they differ,
`slot_minutes`.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, select

from activities.storage.tables import CalendarDay, Closure

MIDNIGHT = "24:00"
SATURDAY = 5

Part = Mapping[str, Any]


def part_of(rule: Part, day: date, off: bool) -> Part | None:
    """The part of the rule that applies on a day; None when the office is shut. `off` is a holiday or joint leave."""
    if off and not rule.get("every_day"):
        return None
    if day.weekday() == SATURDAY and "saturday" in rule:
        return {**rule, **rule["saturday"]}
    return rule if rule.get("every_day") or day.weekday() in rule["weekdays"] else None


def spans(part: Part, day: date, zone: timezone) -> Iterator[tuple[datetime, datetime]]:
    """From when to when the office serves on the day."""
    for opens, closes in part["hours"]:
        yield moment(day, opens, zone), moment(day, closes, zone)


def hours(part: Part, day: date) -> float:
    """How many hours that are together."""
    served = (end - start for start, end in spans(part, day, UTC))
    return sum(served, timedelta()).total_seconds() / 3600


def starts(part: Part, day: date, zone: timezone) -> Iterator[tuple[datetime, datetime]]:
    """The slots of the day; what is left of an hour that is no whole slot gets none."""
    step = timedelta(minutes=part["slot_minutes"])
    for start, end in spans(part, day, zone):
        while start + step <= end:
            yield start, start + step
            start += step


def days_off(conn: Connection, office: str, first: date, last: date) -> tuple[set[date], set[date]]:
    """Days off for the nation (holidays, joint leave), and the office's own closures."""
    holidays = conn.execute(select(CalendarDay.day).where(CalendarDay.day.between(first, last))).scalars()
    closed = select(Closure.day).where(Closure.office == office, Closure.day.between(first, last))
    return set(holidays), set(conn.execute(closed).scalars())


def moment(day: date, clock: str, zone: timezone) -> datetime:
    """A time of day as a rule writes it; `24:00` is the end of the day."""
    if clock == MIDNIGHT:
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=zone)
