"""Seats as pages show them: the next that open, days by week, times by part of the day."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from activities.storage import reads

# Hours from which a part of the day counts, with the key of its name.
PARTS = ((18, "evening"), (12, "afternoon"), (6, "morning"), (0, "night"))


def next_seats(lanes: Iterable[reads.Availability]) -> tuple[datetime, date] | None:
    """When the next seats open, and of which day."""
    coming = [(day.opens_at, day.date) for lane in lanes for day in lane.days if day.opens_at]
    return min(coming, default=None)


def by_week(days: Sequence[reads.Day]) -> list[tuple[date, list[reads.Day]]]:
    """Days under the Monday of their week; days on which an office is simply shut are left out."""
    shown = [day for day in days if day.closed_reason not in ("closed", "past")]
    weeks = groupby(shown, key=lambda day: day.date - timedelta(days=day.date.weekday()))
    return [(monday, list(of_week)) for monday, of_week in weeks]


def by_part(slots: Sequence[reads.OpenSlot]) -> list[tuple[str, list[reads.OpenSlot]]]:
    """Times under the part of the day in which they begin."""
    parts = groupby(slots, key=lambda slot: next(name for since, name in PARTS if slot.starts_at.hour >= since))
    return [(part, list(of_part)) for part, of_part in parts]
