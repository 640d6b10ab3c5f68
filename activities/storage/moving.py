"""Moves that are no reschedule of the person's own: after a seat that they refused, or by the office for a cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, text

from activities.storage import nearest, reseating
from activities.storage.slots import slot_number
from activities.storage.tasks import uuid_of
from workflows.case.facts import Actor, Appointment, Role
from workflows.messages import SeatTaken
from workflows.partners.seats import KnownSeat

APPOINTMENT = TypeAdapter(Appointment)
OF_NO_OFFICE = ("applicant", "assistant", "system")

# The newest move of the person's live seat that still stands: who moved themselves since has chosen by themselves.
STANDING = text("""
    SELECT r.office, r.day, c.reason, r.refusals, r.family,
           f.starts_at AS was_at, t.starts_at AS now_at, o.utc_offset,
           (paspor.rule_value('reseating', o.id, n.today) ->> 'refusals')::int AS most,
           t.day - (paspor.rule_value('reschedule', o.id, n.today) ->> 'days_before')::int >= n.today AS in_time,
           r.state = 'waiting' AS waiting
      FROM paspor.reseating r JOIN paspor.booking b ON b.id = r.booking_id AND b.state IN ('held', 'confirmed')
      JOIN paspor.closure c ON c.office = r.office AND c.day = r.day JOIN paspor.office o ON o.id = r.office
      CROSS JOIN LATERAL (SELECT (clock_timestamp() AT TIME ZONE o.time_zone)::date AS today) AS n
      JOIN paspor.slot f ON f.id = r.from_slot LEFT JOIN paspor.slot t ON t.id = r.to_slot
     WHERE r.number = :number AND r.state <> 'gone' AND b.slot_id = coalesce(r.to_slot, r.from_slot)
     ORDER BY r.listed_at DESC LIMIT 1""")
SOUGHT = text("""
    SELECT EXISTS (
        SELECT 1 FROM paspor.booking b JOIN paspor.slot s ON s.id = b.slot_id
         WHERE b.id = :booking AND b.number = :number AND b.state IN ('held', 'confirmed')
           AND (paspor.public_slot(s.id) <> :slot_id
                OR EXISTS (SELECT 1 FROM paspor.closure c WHERE c.office = s.office AND c.day = s.day)))""")
TOGETHER = text("""
    SELECT r.booking_id, r.number, b.slot_id AS slot, s.lane, r.given, f.starts_at AT TIME ZONE o.time_zone AS starts_at
      FROM paspor.reseating r JOIN paspor.booking b ON b.id = r.booking_id AND b.state IN ('held', 'confirmed')
      JOIN paspor.slot s ON s.id = b.slot_id JOIN paspor.slot f ON f.id = r.from_slot
      JOIN paspor.office o ON o.id = r.office
     WHERE r.office = :office AND r.day = :day AND r.state = 'moved' AND b.slot_id = r.to_slot
       AND (r.number = :number OR r.family = :family)
     ORDER BY r.booked_at, r.booking_id""")
REFUSE = text("""
    SELECT paspor.refuse_seat(:number, :key, CAST(:bookings AS uuid[]), CAST(:was AS bigint[]),
                              CAST(:slots AS bigint[]), :by, :role)""")
FOR_CAUSE = text("SELECT paspor.move_for_cause(:number, :slot, :key, :office, :by, :role, :reason)")
TO_TELL = text("""
    SELECT m.key, m.body FROM paspor.outbox m JOIN paspor.seat_request q ON m.key = q.booking_id || ':' || q.revision
     WHERE q.key = :key AND q.number = :number""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What an office's closed day did to a person: from when to when, why, and how often they may still refuse."""

    office: str
    day: date
    reason: str
    was_at: datetime
    now_at: datetime | None
    utc_offset: int
    refusals: int
    most: int
    in_time: bool
    family: bool

    @property
    def left(self) -> int:
        """How often the person may still refuse: until the day before, as often as the rule of today says."""
        return max(self.most - self.refusals, 0) if self.in_time and self.now_at else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The answer to a move: `ok` with what the case is to be told, under the key of the outbox; else why not."""

    code: str
    key: str = ""
    message: SeatTaken | None = None


def standing(conn: Connection, number: str) -> Standing | None:
    """What a closed day did to the person's appointment, or None."""
    row = conn.execute(STANDING, {"number": number}).first()
    if row is None:
        return None
    return Standing(
        office=row.office,
        day=row.day,
        reason=row.reason,
        was_at=row.was_at,
        now_at=row.now_at,
        utc_offset=row.utc_offset,
        refusals=row.refusals,
        most=row.most,
        in_time=bool(row.in_time),
        family=row.family is not None,
    )


def is_sought(conn: Connection, known: KnownSeat) -> bool:
    """Whether a live seat is of a day that the office closed, or is another than the case knows of yet."""
    booking = uuid_of(known.booking)
    values = {"booking": booking, "number": known.number, "slot_id": known.slot_id}
    return booking is not None and bool(conn.execute(SOUGHT, values).scalar())


def refuse(conn: Connection, number: str, key: str, by: str, role: str) -> Moved:
    """Refuse the seat that came instead of a closed day's: the next one for the person and their family, or why none.

    Codes: `ok`, `not_your_turn`, `refusals_used`, `too_late`, `no_other_seat`, `again`. The same key is the same act.
    """
    if found := _told(conn, key, number):
        return found
    row = conn.execute(STANDING, {"number": number}).first()
    if row is None or row.waiting:
        return Moved(code="not_your_turn")
    if row.refusals >= row.most:
        return Moved(code="refusals_used")
    if not row.in_time:
        return Moved(code="too_late")
    about = {"office": row.office, "day": row.day, "number": number, "family": row.family}
    party = tuple(reseating.seated(conn.execute(TOGETHER, about)))
    slots = nearest.choose(party, reseating.pool(conn, row.office, row.day, kept=False))
    if slots is None:
        return Moved(code="no_other_seat")
    values = {"bookings": [one.booking for one in party], "was": [one.slot for one in party], "slots": list(slots)}
    code = conn.execute(REFUSE, {**values, "number": number, "key": key, "by": by, "role": role}).scalar_one()
    return _answer(conn, str(code), key, number)


def for_cause(
    conn: Connection, number: str, slot_id: str, key: str, *, office: str, by: str, role: str, reason: str
) -> Moved:
    """Move a person's appointment within an office, for a cause. The same key is the same act.

    Codes: `ok`, `slot_full`, `slot_gone`, `not_bookable` (no live seat there), `again`.
    """
    slot = slot_number(slot_id)
    if slot is None:
        return Moved(code="slot_gone")
    values = {"number": number, "slot": slot, "key": key, "office": office, "by": by, "role": role, "reason": reason}
    return _answer(conn, str(conn.execute(FOR_CAUSE, values).scalar_one()), key, number)


def message_of(body: Mapping[str, Any]) -> SeatTaken:
    """What the case is told of a move: the body of the topic `seat_moved`."""
    about = body["about"]
    appointment = APPOINTMENT.validate_python({**body["appointment"], "revision": body["revision"]})
    office = "" if about["role"] in OF_NO_OFFICE else appointment.office
    return SeatTaken(
        by=Actor(id=about["by"], roles=(Role(about["role"]),), office=office),
        appointment=appointment,
        cause=about["cause"],
        reason=about["reason"],
        was_at=datetime.fromisoformat(body["was_at"]),
    )


def _answer(conn: Connection, code: str, key: str, number: str) -> Moved:
    told = _told(conn, key, number) if code == "ok" else None
    return told or Moved(code="again" if code == "ok" else code)


def _told(conn: Connection, key: str, number: str) -> Moved | None:
    row = conn.execute(TO_TELL, {"key": key, "number": number}).first()
    return Moved(code="ok", key=row.key, message=message_of(row.body)) if row else None
