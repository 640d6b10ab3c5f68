"""What our database needs from time to time; each piece may be done by several processes at once."""

import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from activities.storage import idempotency, rules, seal, seats, sessions, slots
from activities.storage.tables import Office

FURTHEST = timedelta(days=366)  # the office's own horizon ends before

log = logging.getLogger(__name__)


def each_minute(conn: Connection) -> None:
    """Free lapsed holds and seal the record."""
    seats.expire_lapsed(conn)
    seal.seal(conn)


def each_hour(conn: Connection) -> None:
    """Make the slots ahead, forget old answers, and compare the counters of seats with the bookings."""
    until = datetime.now(UTC).date() + FURTHEST
    for office in conn.execute(select(Office.id)).scalars().all():
        try:
            slots.open_days(conn, office, until)
        except rules.NoSuchRule:
            log.warning("office %s has no opening rule in force, and gets no slots", office)
    idempotency.forget_old(conn)
    sessions.forget_old(conn)
    for slot in slots.miscounted(conn):
        log.error("slot %s: its counter is not the number of its bookings", slot)
