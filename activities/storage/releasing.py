"""What a day's seats are: as many as the office can carry, spread over its slots, released when their time has come.

`slot.planned` is what the office means to have, by the opening rule and by what its means carry; `slot.seats` is what
is released of it. A release gives out a share of the plan; it never takes seats back. Where the means carry less than
has been released, free seats are taken back if the rule says so, and those with a person, or kept for one, never.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, select, text
from sqlalchemy.dialects.postgresql import insert

from activities.storage import capacity, dated, opening, release_rules
from activities.storage.spreading import spread
from activities.storage.tables import CalendarDay, Office, SeatRelease

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('seats of ' || :office, 17))")
DUE = text("""
    UPDATE paspor.seat_release SET done_at = clock_timestamp()
     WHERE office = :office AND done_at IS NULL AND at <= clock_timestamp()""")
SLOTS = text("""
    SELECT s.id, s.day, s.lane, s.starts_at, s.planned, s.seats, s.taken + s.kept AS used, r.share, r.drawn
      FROM paspor.slot s
      JOIN (SELECT day, lane, coalesce(sum(share) FILTER (WHERE done_at IS NOT NULL), 0) AS share,
                   bool_or(at IS NULL) AS drawn
              FROM paspor.seat_release WHERE office = :office AND day >= :today GROUP BY day, lane) r
        ON r.day = s.day AND r.lane = s.lane
     WHERE s.office = :office AND s.lane = ANY (ARRAY['regular', 'priority', 'same_day']) AND s.day >= :today
     ORDER BY s.day, s.lane, s.starts_at""")
LOCKED = text("SELECT id FROM paspor.slot WHERE id = ANY (:ids) ORDER BY id FOR NO KEY UPDATE")
# One whose seats somebody else has changed meanwhile is looked at again next time.
CHANGED = text("""
    UPDATE paspor.slot s SET planned = n.planned, seats = greatest(n.seats, s.taken + s.kept)
      FROM unnest(CAST(:ids AS bigint[]), CAST(:planned AS int[]), CAST(:seats AS int[]), CAST(:was AS int[]))
           AS n (id, planned, seats, was)
     WHERE s.id = n.id AND s.seats = n.was""")
RULES = ("opening", "release")
# Calendars are asked as far back as a month's release may lie before its first day.
BEFORE = timedelta(days=2 * release_rules.MONTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a slot is to become."""

    id: int
    planned: int
    seats: int
    was: int


def announce(conn: Connection, office: str, zone: timezone, days: Collection[tuple[date, str]]) -> None:
    """Enter when the seats of new days (each with its lane) will be released; what is entered already stays."""
    if not days:
        return
    first, last = min(days)[0], max(days)[0]
    versions = dated.versions(conn, office, ("release",))
    off = select(CalendarDay.day).where(CalendarDay.day.between(first - BEFORE, last))
    holidays, now = set(conn.execute(off).scalars()), datetime.now(UTC)
    rows = []
    for day, lane in sorted(days):
        rule = versions.on("release", day)
        if rule is None:
            continue
        for stage, one in enumerate(release_rules.stages(rule, day, zone, now, holidays.__contains__), start=1):
            rows.append({"office": office, "day": day, "lane": lane, "stage": stage, "at": one.at, "share": one.share})
    known = {(row.day, row.lane) for row in conn.execute(_entered(office, first, last))}
    if new := [row for row in rows if (row["day"], row["lane"]) not in known]:
        conn.execute(insert(SeatRelease).values(new).on_conflict_do_nothing())


def settle(conn: Connection, offices: Iterable[str]) -> int:
    """Carry out the releases that are due, and bring plan and seats to what the means carry; how many slots changed.

    At any time, by any number of processes: each office is settled by one after the other, and what is right stays.
    """
    changes: list[Change] = []
    for office in sorted(offices):
        conn.execute(ONE_AT_A_TIME, {"office": office})
        conn.execute(DUE, {"office": office})
        changes += _wanted(conn, office)
    if not changes:
        return 0
    # All slots at once, in the order of everybody else's locks.
    columns = ("id", "planned", "seats", "was")
    values = {f"{name}s" if name == "id" else name: [getattr(one, name) for one in changes] for name in columns}
    conn.execute(LOCKED, {"ids": values["ids"]})
    return conn.execute(CHANGED, values).rowcount


def _entered(office: str, first: date, last: date) -> Any:
    of_days = (SeatRelease.office == office, SeatRelease.day.between(first, last))
    return select(SeatRelease.day, SeatRelease.lane).where(*of_days).distinct()


def _wanted(conn: Connection, office: str) -> Iterator[Change]:
    offset = conn.execute(select(Office.utc_offset).where(Office.id == office)).scalar_one()
    zone = timezone(timedelta(hours=offset))
    today = datetime.now(UTC).astimezone(zone).date()
    slots = conn.execute(SLOTS, {"office": office, "today": today}).all()
    if not slots:
        return
    carried = {one.day: one.most for one in capacity.outlook(conn, office, slots[-1].day)}
    versions = dated.versions(conn, office, RULES)
    for day, of_day in groupby(slots, key=lambda slot: slot.day):
        rule, release = (versions.on(name, day) for name in RULES)
        if day in carried and rule and release:  # a day that is closed, or closed by now, stays as it is
            part = opening.part_of(rule, day, False) or rule
            starts = {start for start, _ in opening.starts(part, day, zone)}
            take_back = bool(release.get("take_back"))
            yield from _of_day(list(of_day), carried[day], part["seats"], starts, take_back)


def _of_day(
    slots: Sequence[Row[Any]], most: int, seats: Mapping[str, int], starts: Collection[datetime], take_back: bool
) -> Iterator[Change]:
    """Lanes share what the day can carry in proportion; people who came past the plan take from it too."""
    ours = [slot for slot in slots if slot.starts_at in starts]
    most -= sum(slot.used for slot in slots if slot.starts_at not in starts)
    lanes = [list(of_lane) for _, of_lane in groupby(ours, key=lambda slot: slot.lane)]
    ruled = [[seats.get(slot.lane, 0) for slot in lane] for lane in lanes]
    used = [[slot.used for slot in lane] for lane in lanes]
    for lane, ruling, using, whole in zip(
        lanes, ruled, used, spread(most, [sum(one) for one in ruled], [sum(one) for one in used]), strict=True
    ):
        planned = spread(whole, ruling, using)
        for slot, plan, goal in zip(lane, planned, _goal(lane, planned, using, take_back), strict=True):
            if (plan, goal) != (slot.planned, slot.seats):
                yield Change(id=slot.id, planned=plan, seats=goal, was=slot.seats)


def _goal(lane: Sequence[Row[Any]], planned: Sequence[int], used: Sequence[int], take_back: bool) -> list[int]:
    """The seats that are to be released in each slot: more as shares fall due, fewer only where the plan shrank."""
    released = [slot.seats for slot in lane]
    if sum(released) > sum(planned) and take_back:
        return spread(sum(planned), released, used)
    due = (sum(planned) * int(lane[0].share) + 50) // 100
    if lane[0].drawn or sum(released) >= due:
        return released
    return spread(due, planned, released)
