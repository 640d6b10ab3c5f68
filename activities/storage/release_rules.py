"""The dated rule `release`: when the seats of a day are given out.

`kind`: `rolling`, as soon as the day is made (the opening rule's horizon); `weekly`, the whole next week at once, on
`weekday` (Monday is 0) at `time`; `monthly`, the whole next month at once, on the last working day of the month
before, at `time`; `staged`, `stages` of `percent` that are `months_before` the day at `time`; and `draw`, by no clock
at all. With `utc_offset` the time is that of another zone (offices of all zones have announced WIB). `take_back` says
whether seats that are free follow the office's means down again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from activities.storage.opening import SATURDAY, moment

WEEK, MONTH = 7, 31  # the longest month
Holiday = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Stage:
    """A share of a hundred that is released at a moment; without one, by a draw."""

    at: datetime | None
    share: int


def stages(rule: Mapping[str, Any], day: date, zone: timezone, now: datetime, holiday: Holiday) -> tuple[Stage, ...]:
    """The releases of a day, in order. Raises `KeyError` for a kind that is none."""
    if "utc_offset" in rule:
        zone = timezone(timedelta(hours=rule["utc_offset"]))
    return KINDS[rule["kind"]](rule, day, zone, now, holiday)


def reach(rule: Mapping[str, Any]) -> int:
    """How many days ahead of itself a day is wanted by the rule, so that it is there when it is released."""
    if rule["kind"] == "staged":
        return MONTH * max(int(stage["months_before"]) for stage in rule["stages"])
    return {"weekly": 2 * WEEK, "monthly": 2 * MONTH}.get(rule["kind"], 0)


Kind = Callable[[Mapping[str, Any], date, timezone, datetime, Holiday], tuple[Stage, ...]]


def _rolling(rule: Mapping[str, Any], day: date, zone: timezone, now: datetime, holiday: Holiday) -> tuple[Stage, ...]:
    return (Stage(now, 100),)


def _weekly(rule: Mapping[str, Any], day: date, zone: timezone, now: datetime, holiday: Holiday) -> tuple[Stage, ...]:
    before = day - timedelta(days=day.weekday() + WEEK)  # Monday of the week before
    return (Stage(moment(before + timedelta(days=rule["weekday"]), rule["time"], zone), 100),)


def _monthly(rule: Mapping[str, Any], day: date, zone: timezone, now: datetime, holiday: Holiday) -> tuple[Stage, ...]:
    last = day.replace(day=1) - timedelta(days=1)
    while last.weekday() >= SATURDAY or holiday(last):
        last -= timedelta(days=1)
    return (Stage(moment(last, rule["time"], zone), 100),)


def _staged(rule: Mapping[str, Any], day: date, zone: timezone, now: datetime, holiday: Holiday) -> tuple[Stage, ...]:
    return tuple(
        Stage(moment(_months_before(day, stage["months_before"]), rule["time"], zone), stage["percent"])
        for stage in sorted(rule["stages"], key=lambda stage: -int(stage["months_before"]))
    )


def _drawn(rule: Mapping[str, Any], day: date, zone: timezone, now: datetime, holiday: Holiday) -> tuple[Stage, ...]:
    return (Stage(None, 100),)


def _months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last one: what is a month before 31 March is the end of February."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first = date(year, month + 1, 1)
    end = (first + timedelta(days=MONTH + 1)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, end.day))


KINDS: Mapping[str, Kind] = {
    "rolling": _rolling,
    "weekly": _weekly,
    "monthly": _monthly,
    "staged": _staged,
    "draw": _drawn,
}
