"""The waiting list as people read it: one's own place, what is offered, and what happened and why."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, Row, text

from activities.storage import rules
from activities.storage.paging import BadCursor, Page, decode, page, size
from activities.storage.slots import public_id
from workflows.case.facts import Lane

RULE = "waiting_list"

# The open entry, or else the newest. A family's place is that of the first of them to join.
MINE = text("""
    SELECT w.id, w.number, w.state, w.why, w.office, o.name AS office_name, o.utc_offset, w.lane, w.first_day,
           w.last_day, w.joined_at, w.ended_at, w.refusals, f.people, f.since, f.groups_key,
           (clock_timestamp() AT TIME ZONE o.time_zone)::date AS today,
           s.id AS slot, s.starts_at, s.ends_at, b.hold_until, g.first_slot
      FROM paspor.waiting w JOIN paspor.office o ON o.id = w.office
      LEFT JOIN paspor.booking b ON b.id = w.booking_id AND w.state = 'offered' AND b.state = 'offered'
      LEFT JOIN paspor.slot s ON s.id = b.slot_id
     CROSS JOIN LATERAL (
        SELECT count(*) AS people, min(x.joined_at) AS since, coalesce(w.family, w.id) AS groups_key
          FROM paspor.waiting x WHERE x.id = ANY (paspor.waiting_group(w.number))) AS f
      LEFT JOIN LATERAL (
        SELECT l.id AS first_slot FROM paspor.waiting x
          JOIN paspor.booking c ON c.id = x.booking_id AND c.state = 'offered' JOIN paspor.slot l ON l.id = c.slot_id
         WHERE x.id = ANY (paspor.waiting_group(w.number)) AND x.state = 'offered' ORDER BY l.starts_at LIMIT 1) AS g
        ON true
     WHERE w.number = :number ORDER BY w.ended_at DESC NULLS FIRST LIMIT 1""")
BEFORE = text("""
    SELECT count(*) AS people, count(DISTINCT coalesce(x.family, x.id)) AS groups FROM paspor.waiting x
     WHERE x.state IN ('waiting', 'offered') AND x.office = :office AND x.lane = :lane
       AND x.first_day <= :last AND x.last_day >= :first AND coalesce(x.family, x.id) <> :mine
       AND (x.joined_at, coalesce(x.family, x.id)) < (:since, :mine)""")
STEPS = text("""
    SELECT at, what, why, starts_at FROM (
        SELECT t.id, t.at, t.what, t.why, s.starts_at
          FROM paspor.waiting_step t LEFT JOIN paspor.slot s ON s.id = t.slot_id WHERE t.waiting_id = :id
        UNION ALL
        SELECT t.id, t.at, t.what, t.why, s.starts_at
          FROM paspor.slot s JOIN paspor.waiting_step t ON t.slot_id = s.id AND t.waiting_id IS NULL
         WHERE s.office = :office AND s.lane = :lane AND s.day BETWEEN :first AND :last
           AND t.at >= :joined_at AND t.at <= coalesce(:ended_at, clock_timestamp())) AS steps
     ORDER BY id DESC LIMIT 100""")
LIST = text("""
    SELECT t.id, t.at, w.number, coalesce(w.office, s.office) AS office, coalesce(w.lane, s.lane) AS lane,
           t.what, t.why, s.starts_at
      FROM paspor.waiting_step t
      LEFT JOIN paspor.waiting w ON w.id = t.waiting_id LEFT JOIN paspor.slot s ON s.id = t.slot_id
     WHERE (CAST(:number AS text) IS NULL OR w.number = :number)
       AND (CAST(:office AS text) IS NULL OR coalesce(w.office, s.office) = :office)
       AND (CAST(:before AS bigint) IS NULL OR t.id < :before)
     ORDER BY t.id DESC LIMIT :most""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A seat that is offered, in the office's time, until `until`; a family takes its seats from `first_slot_id` on."""

    slot_id: str
    first_slot_id: str
    starts_at: datetime
    ends_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingStep:
    """One step of an entry; `starts_at` is of the seat that it is about."""

    at: datetime
    what: str
    why: str
    starts_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """An entry. `position` counts families as one, `people_before` counts everybody; both None when it has ended."""

    number: str
    state: str
    why: str
    office: str
    office_name: str
    utc_offset: int
    lane: Lane
    first_day: date
    last_day: date
    joined_at: datetime
    people: int
    position: int | None
    people_before: int | None
    refusals: int
    most_refusals: int
    offer: Offer | None
    steps: tuple[WaitingStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingStepRow:
    """A step as auditors read it. Without a number it is of a seat that was offered to nobody who waited."""

    id: int
    at: datetime
    number: str | None
    office: str
    lane: str
    what: str
    why: str
    starts_at: datetime | None


def waiting(conn: Connection, number: str) -> WaitingRow | None:
    """The open entry of a case, or its last one; None where it never waited."""
    row = conn.execute(MINE, {"number": number}).first()
    if row is None:
        return None
    span = {"office": row.office, "lane": row.lane, "first": row.first_day, "last": row.last_day}
    open_ = row.ended_at is None
    before = conn.execute(BEFORE, {**span, "since": row.since, "mine": row.groups_key}).one() if open_ else None
    moments = {"id": row.id, "joined_at": row.joined_at, "ended_at": row.ended_at}
    zone = timezone(timedelta(hours=row.utc_offset))
    return WaitingRow(
        number=row.number,
        state=row.state,
        why=row.why,
        office=row.office,
        office_name=row.office_name,
        utc_offset=row.utc_offset,
        lane=Lane(row.lane),
        first_day=row.first_day,
        last_day=row.last_day,
        joined_at=row.joined_at.astimezone(zone),
        people=max(row.people, 1),
        position=before.groups + 1 if before else None,
        people_before=before.people if before else None,
        refusals=row.refusals,
        most_refusals=int(rules.value(conn, RULE, row.office, row.today)["refusals"]),
        offer=_offer(row, zone),
        steps=tuple(_step(step, zone) for step in conn.execute(STEPS, {**span, **moments})),
    )


def waiting_limits(conn: Connection, office: str, on: date) -> dict[str, Any]:
    """The list's rule at an office: how long an offer lasts, from when it is too late, how often one may refuse."""
    return dict(rules.value(conn, RULE, office, on))


def has_waiting_list(conn: Connection, office: str, on: date) -> bool:
    """Whether seats that come back at an office go to who waits."""
    return bool(rules.value(conn, "returned", office, on).get("to") == "waiting")


def waiting_steps(
    conn: Connection, number: str | None = None, office: str | None = None, limit: int = 50, cursor: str = ""
) -> Page[WaitingStepRow]:
    """What happened in the list, the newest first. Raises `BadCursor`."""
    limit = size(limit)
    before = decode(cursor, 1)[0] if cursor else None
    if before is not None and not before.isdigit():
        raise BadCursor("not a cursor")
    values = {"number": number, "office": office, "before": before and int(before), "most": limit + 1}
    rows = [WaitingStepRow(**row._mapping) for row in conn.execute(LIST, values)]
    return page(rows, limit, lambda row: [str(row.id)])


def _offer(row: Row[Any], zone: timezone) -> Offer | None:
    if row.slot is None:
        return None
    starts_at, ends_at, until = (one.astimezone(zone) for one in (row.starts_at, row.ends_at, row.hold_until))
    first = public_id(row.first_slot)
    return Offer(slot_id=public_id(row.slot), first_slot_id=first, starts_at=starts_at, ends_at=ends_at, until=until)


def _step(row: Row[Any], zone: timezone) -> WaitingStep:
    starts_at = row.starts_at.astimezone(zone) if row.starts_at else None
    return WaitingStep(at=row.at.astimezone(zone), what=row.what, why=row.why, starts_at=starts_at)
