"""People without an appointment: the stated quota of a day, its places, and the list of those noted for the next."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import IntegrityError

from activities.keyring import CannotOpen, KeyRing
from activities.storage import rules
from activities.storage.slots import public_id
from workflows.partners.rulebook import WorkingDays

TODAY = text("SELECT (clock_timestamp() AT TIME ZONE time_zone)::date FROM paspor.office WHERE id = :office")
SET = text("""
    INSERT INTO paspor.walk_in_quota AS q (office, day, places, reason, set_by)
    VALUES (:office, :day, :places, :reason, :by)
    ON CONFLICT (office, day) DO UPDATE SET places = excluded.places, taken = least(q.taken, excluded.places),
           reason = excluded.reason, set_by = excluded.set_by, set_at = clock_timestamp()""")
QUOTA = text("""
    SELECT o.id AS office, o.name, :day AS day, coalesce(q.places, 0) AS places, coalesce(q.reason, '') AS reason,
           (SELECT count(*) FROM paspor.walk_in w JOIN paspor.booking b
                ON b.id = w.booking_id AND b.state IN ('offered', 'held', 'confirmed', 'used')
             WHERE w.office = o.id AND w.day = :day) AS taken,
           (SELECT count(*) FROM paspor.walk_in w
             WHERE w.office = o.id AND w.day = :day AND w.state = 'noted') AS noted
      FROM paspor.office o LEFT JOIN paspor.walk_in_quota q ON q.office = o.id AND q.day = :day
     WHERE o.id = :office""")
TAKE = text("""
    SELECT code, place, day, slot_id FROM paspor.take_walk_in(:office, :number, :ground, :by, :key, :next)""")
# A statement of its own: the one before does not see the slot that it has made.
SLOT = text("""
    SELECT s.starts_at, s.ends_at, o.utc_offset FROM paspor.slot s JOIN paspor.office o ON o.id = s.office
     WHERE s.id = :slot""")
LISTED = text("""
    SELECT w.number, w.ground, w.state, w.at FROM paspor.walk_in w
     WHERE w.office = :office AND w.day = :day AND w.state <> 'left' ORDER BY w.state, w.rank LIMIT 500""")


class TooFew(ValueError):
    """More people have a place already than the quota would have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What an office serves on a day without an appointment; `noted` are those whom an earlier day had no place for."""

    office: str
    name: str
    day: date
    places: int
    reason: str
    taken: int
    noted: int

    @property
    def left(self) -> int:
        """Places that nobody has, and nobody was noted for."""
        return max(self.places - self.taken - self.noted, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What became of a walk-in: `ok` with a seat of today, `quota_used` noted for `day`, or why not."""

    code: str
    place: int | None = None
    day: date | None = None
    slot_id: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkInRow:
    """One line of the office's list; `ground` is why the person needs no appointment."""

    number: str
    ground: str
    state: str
    at: datetime


def today(conn: Connection, office: str) -> date:
    """The office's date."""
    found: date = conn.execute(TODAY, {"office": office}).scalar_one()
    return found


def set_quota(conn: Connection, office: str, day: date, places: int, reason: str, by: str) -> Quota:
    """State the quota of a day. Raises `TooFew` where more have a place already."""
    conn.execute(SET, {"office": office, "day": day, "places": max(places, 0), "reason": reason, "by": by})
    # The row is ours from here on, so that nobody takes a place meanwhile.
    found = quota(conn, office, day)
    if found.taken > places:
        raise TooFew("more have a place already")
    return found


def quota(conn: Connection, office: str, day: date) -> Quota:
    """The quota of an office on a day; no places where none was stated."""
    return Quota(**conn.execute(QUOTA, {"office": office, "day": day}).mappings().one())


def take(conn: Connection, office: str, number: str, ground: str, by: str, key: str, ring: KeyRing) -> Placed:
    """Give a walk-in a place of today, or note them for the office's next working day, in order."""
    next_day = rules.working_day(conn, WorkingDays(after=today(conn, office), days=1, office=office))
    asked = {"office": office, "number": number, "by": by, "key": key, "next": next_day}
    try:
        with conn.begin_nested():
            row = conn.execute(TAKE, {**asked, "ground": ring.seal(ground.encode(), _place(number))}).one()
    except IntegrityError:
        # Another seat of the same person was faster.
        return Placed(code="has_seat")
    if row.slot_id is None:
        return Placed(code=row.code, place=row.place, day=row.day)
    slot = conn.execute(SLOT, {"slot": row.slot_id}).one()
    zone = timezone(timedelta(hours=slot.utc_offset))
    starts_at, ends_at = slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)
    return Placed(
        code=row.code,
        place=row.place,
        day=row.day,
        slot_id=public_id(row.slot_id),
        starts_at=starts_at,
        ends_at=ends_at,
    )


def of_day(conn: Connection, office: str, day: date, ring: KeyRing) -> tuple[WalkInRow, ...]:
    """Who was noted for a day, in order, and who was seated on it."""
    rows = conn.execute(LISTED, {"office": office, "day": day})
    return tuple(WalkInRow(number=row.number, ground=_ground(row, ring), state=row.state, at=row.at) for row in rows)


def _ground(row: Row[tuple[str, bytes]], ring: KeyRing) -> str:
    try:
        return ring.open(bytes(row.ground), _place(row.number)).decode()
    except CannotOpen:
        return ""


def _place(number: str) -> bytes:
    return f"walk-in|{number}|ground".encode()
