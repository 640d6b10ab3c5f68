"""Seats and queue tickets: what the schema's functions decide, as calls."""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection, TextClause, select, text
from sqlalchemy.dialects.postgresql import insert

from activities.storage import rules
from activities.storage.closures import close_day
from activities.storage.committer import SeatCommitter
from activities.storage.slots import open_days, public_id, slot_number
from activities.storage.tables import QueueTicket
from activities.storage.taking import Overloaded, Taken
from activities.storage.tasks import uuid_of
from workflows.case.facts import Lane, Ticket
from workflows.partners.seats import Admission, SeatRequest

__all__ = [
    "Overloaded",
    "SeatCommitter",
    "Taken",
    "admit",
    "admit_again",
    "close_day",
    "confirm",
    "expire_lapsed",
    "open_days",
    "public_id",
    "release",
    "slot_number",
]

SERIES = {Lane.REGULAR: "A", Lane.PRIORITY: "P", Lane.SAME_DAY: "S"}
MOST_AT_ONCE = 500

CONFIRM = text("SELECT paspor.confirm_seat(:booking, :number)")
RELEASE = text("""
    SELECT paspor.free_seat(id, 'released', false) FROM paspor.booking WHERE id = :booking AND number = :number""")
EXPIRE = text("SELECT paspor.expire_holds(:most)")
USE = text("UPDATE paspor.booking SET state = 'used' WHERE id = :booking AND number = :number AND state = 'confirmed'")
SERIAL = text("SELECT paspor.next_serial(:office, :day, :series)")
NOW = text("""
    SELECT clock_timestamp() AS moment, (clock_timestamp() AT TIME ZONE time_zone)::date AS day
      FROM paspor.office WHERE id = :office""")
TODAY = text("SELECT (clock_timestamp() AT TIME ZONE time_zone)::date FROM paspor.office WHERE id = :office")
# The newest ticket of an earlier day, while work waits that a person must come for and none was given today. Whoever
# asks at the same moment waits for the row, and then finds the ticket.
BEFORE = text("""
    SELECT k.lane FROM paspor.ticket k
     WHERE k.number = :number AND k.office = :office AND k.day < :day
     ORDER BY k.day DESC LIMIT 1 FOR UPDATE""")
AGAIN = text("""
    SELECT EXISTS (SELECT 1 FROM paspor.task
                    WHERE number = :number AND office = :office AND state = 'open'
                      AND step IN ('documents', 'interview', 'enrolment'))
       AND NOT EXISTS (SELECT 1 FROM paspor.ticket WHERE number = :number AND day = :day)""")
# Priority first, then by rank: the order in which people are called.
AHEAD = text("""
    SELECT count(*) FROM paspor.ticket
     WHERE office = :office AND day = :day AND state IN ('waiting', 'late', 'too_early')
       AND (lane <> 'priority', rank_from) <= (:lane <> 'priority', :rank_from)""")


def confirm(conn: Connection, request: SeatRequest) -> bool:
    """Make a held seat a confirmed one. One that lapsed is taken again where there is room; False when it is gone."""
    booking = uuid_of(request.booking)
    return booking is not None and bool(conn.execute(CONFIRM, {"booking": booking, "number": request.number}).scalar())


def release(conn: Connection, request: SeatRequest) -> None:
    """Give a held or confirmed seat back; nothing to do is fine."""
    booking = uuid_of(request.booking)
    if booking is not None:
        conn.execute(RELEASE, {"booking": booking, "number": request.number})


def expire_lapsed(conn: Connection) -> int:
    """Free the seats of holds whose time is over; how many. Workflows free theirs on time; this is for the rest."""
    return int(conn.execute(EXPIRE, {"most": MOST_AT_ONCE}).scalar_one())


def admit(conn: Connection, admission: Admission) -> Ticket:
    """Use the seat and give the person a ticket of the day; the same key gets the same ticket."""
    if found := _ticket(conn, admission.key):
        return found
    if (booking := uuid_of(admission.booking)) is not None:
        conn.execute(USE, {"booking": booking, "number": admission.number})
    day = conn.execute(TODAY, {"office": admission.office}).scalar_one()
    place = {"office": admission.office, "day": day, "lane": admission.lane.value, "rank_from": admission.rank_from}
    series = SERIES[admission.lane]
    # The series' row is locked from here on, so that two tries of one admission meet before they write.
    serial = conn.execute(SERIAL, {"office": admission.office, "day": day, "series": series}).scalar_one()
    values = {
        **place,
        "key": admission.key,
        "number": admission.number,
        "serial": serial,
        "label": f"{series}-{serial:03d}",
        "arrival": admission.state,
        "state": admission.state,
        "ahead": conn.execute(AHEAD, place).scalar_one(),
        "callable_from": _callable_from(conn, admission, day),
    }
    conn.execute(insert(QueueTicket).values(values).on_conflict_do_nothing(index_elements=[QueueTicket.key]))
    ticket = _ticket(conn, admission.key)
    assert ticket is not None
    return ticket


def admit_again(conn: Connection, office: str, number: str, key: str) -> Ticket | None:
    """A ticket of today for who came on an earlier day and is wanted again, ranked from now; else None.

    The lane is the one of before. The same key gets the same ticket.
    """
    if found := _ticket(conn, key):
        return found
    now = conn.execute(NOW, {"office": office}).one()
    place = {"number": number, "office": office, "day": now.day}
    lane = conn.execute(BEFORE, place).scalar()
    if lane is None or not conn.execute(AGAIN, place).scalar():
        return _ticket(conn, key)
    again = Admission(
        key=key, number=number, booking="", office=office, lane=Lane(lane), state="waiting", rank_from=now.moment
    )
    return admit(conn, again)


def _ticket(conn: Connection, key: str) -> Ticket | None:
    """The ticket as it was given out."""
    question = select(QueueTicket.label, QueueTicket.arrival, QueueTicket.ahead).where(QueueTicket.key == key)
    row = conn.execute(question).first()
    return Ticket(number=row.label, state=row.arrival, ahead=row.ahead) if row else None


def _callable_from(conn: Connection, admission: Admission, day: date) -> datetime | TextClause:
    """Who comes early is not called before their window opens; the others from now on."""
    if admission.state != "too_early":
        return text("clock_timestamp()")
    minutes = int(rules.value(conn, "attendance", admission.office, day)["early_minutes"])
    return admission.rank_from - timedelta(minutes=minutes)
