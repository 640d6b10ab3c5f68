"""What our database needs from time to time; each piece may be done by several processes at once."""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, func, select

from activities.storage import (
    drafts,
    idempotency,
    inbox,
    limits,
    payments,
    rates,
    releasing,
    room,
    rules,
    seal,
    seats,
    sessions,
    slots,
)
from activities.storage.tables import CaseEvent, Office

MOST_AT_ONCE = 100
FURTHEST = timedelta(days=366)  # the office's own horizon ends before

log = logging.getLogger(__name__)


def leave_unknown_bills(conn: Connection) -> None:
    """Give payments of bills that nobody knows to an officer."""
    for message in payments.of_unknown_bills(conn, MOST_AT_ONCE):
        inbox.left_over(conn, message, "no bill of ours has this code")


def seats_by_plan(conn: Connection) -> int:
    """Measure what each office carries, and release the seats whose time has come; how many slots changed.

    In a transaction of its own: what it locks is locked in order, and nothing before it.
    """
    known = conn.execute(select(Office.id).order_by(Office.id)).scalars().all()
    for office in known:
        rates.measure(conn, office)
    return releasing.settle(conn, known)


# By the minute, since each is the longest that a lapsed hold keeps a seat, that a payment lies unseen, that an entry
# lies unsealed and that a release is late. Each in a transaction of its own: one that fails, or waits, holds up no
# other, and the locks of lapsed seats are not held while the record is sealed.
EACH_MINUTE = (seats.expire_lapsed, leave_unknown_bills, seal.seal, seats_by_plan)


def slots_ahead(conn: Connection) -> int:
    """Make the slots of the days ahead at every office; how many are new. An office without a rule gets none."""
    until, new = datetime.now(UTC).date() + FURTHEST, 0
    for office in conn.execute(select(Office.id)).scalars().all():
        try:
            new += slots.make_days(conn, office, until)
        except rules.NoSuchRule:
            log.warning("office %s has no opening rule in force, and gets no slots", office)
    seats_by_plan(conn)
    return new


def forget_old(conn: Connection) -> dict[str, int]:
    """Remove what is kept for a time only and whose time is over; how many of each."""
    return {
        "answers": idempotency.forget_old(conn),
        "sessions": sessions.forget_old(conn),
        "drafts": drafts.forget_old(conn),
        "counts": limits.forget_old(conn) + room.forget_old(conn),
    }


def recorded_days(conn: Connection) -> Iterator[date]:
    """The UTC days from the first entry of the record until today."""
    first = conn.execute(select(func.min(CaseEvent.recorded_at))).scalar()
    today = datetime.now(UTC).date()
    day = first.astimezone(UTC).date() if first else today
    while day <= today:
        yield day
        day += timedelta(days=1)
