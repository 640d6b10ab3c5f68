"""What workflows are to be told of decisions that our database took. Delivered at least once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text, update

from activities.storage.tables import OutboxMessage

UNSENT = text("""
    SELECT m.id, m.topic, m.number, a.workflow_id, a.run_id, a.owner, m.key, m.body
      FROM paspor.outbox m JOIN paspor.application a ON a.number = m.number
     WHERE m.sent_at IS NULL AND m.created_at <= clock_timestamp() - make_interval(secs => :age)
     ORDER BY m.id LIMIT :most FOR UPDATE OF m SKIP LOCKED""")

OVERTAKEN = text("""
    SELECT EXISTS (SELECT 1 FROM paspor.booking o JOIN paspor.booking n ON n.number = o.number AND n.id <> o.id
                    WHERE o.id = CAST(:booking AS uuid) AND o.state IN ('released', 'expired')
                      AND n.state IN ('held', 'confirmed'))""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """A message, and where its case is found. `body`: of `seat_taken` an `Appointment`, of `news` kind and facts."""

    id: int
    topic: str
    number: str
    workflow_id: str
    run_id: str
    owner: str
    key: str
    body: Mapping[str, Any]


def unsent(conn: Connection, older_than_seconds: float, limit: int) -> tuple[Unsent, ...]:
    """The oldest messages that nobody sent, locked against other relays while the transaction lasts."""
    rows = conn.execute(UNSENT, {"age": older_than_seconds, "most": limit})
    return tuple(Unsent(**row._mapping) for row in rows)


def is_overtaken(conn: Connection, booking: str) -> bool:
    """Whether a seat is gone and its person has another: told late, it would hide the one that they have."""
    return bool(conn.execute(OVERTAKEN, {"booking": booking}).scalar())


def mark_sent(conn: Connection, message_id: int) -> None:
    """The case has it."""
    _mark(conn, OutboxMessage.id == message_id)


def mark_sent_by_key(conn: Connection, key: str) -> None:
    """The case has what has this key (`<booking>:<revision>` of a seat)."""
    _mark(conn, OutboxMessage.key == key)


def _mark(conn: Connection, which: Any) -> None:
    unmarked = OutboxMessage.sent_at.is_(None)
    conn.execute(update(OutboxMessage).where(which, unmarked).values(sent_at=text("clock_timestamp()")))
