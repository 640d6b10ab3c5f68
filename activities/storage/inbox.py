"""Messages of other systems: each is kept once, until its case has it or an officer has to look at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import Connection, select, text, update
from sqlalchemy.dialects.postgresql import insert

from activities.storage import payments
from activities.storage.tables import InboxMessage
from workflows.case.notifications import PaymentNotice

NOTICE = TypeAdapter(PaymentNotice)
UNDELIVERED = """
    SELECT m.id, m.sender, m.message_id, m.body, m.received_at, a.number, a.workflow_id, a.run_id, a.owner,
           a.ending IS NOT NULL AS ended
      FROM paspor.inbox m
      LEFT JOIN paspor.bill b ON m.sender = 'billing' AND b.code = m.body ->> 'bill_code'
      LEFT JOIN paspor.search s ON m.sender = 'abis' AND s.request_id = m.body ->> 'request_id'
      LEFT JOIN paspor.application a ON a.number = coalesce(b.number, s.number)
     WHERE m.delivered_at IS NULL AND m.left_over_at IS NULL"""
# A message whose case is not known yet must not stand in the way of others.
MANY = text(f"{UNDELIVERED} ORDER BY (a.number IS NULL), m.id LIMIT :most FOR UPDATE OF m SKIP LOCKED")
ONE = text(f"{UNDELIVERED} AND m.sender = :sender AND m.message_id = :message_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A message, and where its case is found; that is None while no bill or search of ours leads to a case."""

    id: int
    sender: str
    message_id: str
    body: Mapping[str, Any]
    received_at: datetime
    number: str | None
    workflow_id: str | None
    run_id: str | None
    owner: str | None
    ended: bool


def receive(conn: Connection, sender: Literal["billing", "abis"], message_id: str, body: Mapping[str, Any]) -> bool:
    """Keep a message; False when this id was seen before."""
    row = {"sender": sender, "message_id": message_id, "body": dict(body)}
    statement = insert(InboxMessage).values(row).on_conflict_do_nothing().returning(InboxMessage.id)
    return conn.execute(statement).first() is not None


def undelivered(conn: Connection, limit: int) -> tuple[Undelivered, ...]:
    """The oldest messages that no case has, locked against other relays while the transaction lasts."""
    return tuple(Undelivered(**row._mapping) for row in conn.execute(MANY, {"most": limit}))


def undelivered_message(conn: Connection, sender: str, message_id: str) -> Undelivered | None:
    """One message, while no case has it."""
    row = conn.execute(ONE, {"sender": sender, "message_id": message_id}).first()
    return Undelivered(**row._mapping) if row else None


def delivered(conn: Connection, message: int) -> None:
    """The case has it."""
    waits = (InboxMessage.id == message, InboxMessage.left_over_at.is_(None), InboxMessage.delivered_at.is_(None))
    conn.execute(update(InboxMessage).where(*waits).values(delivered_at=text("clock_timestamp()")))


def left_over(conn: Connection, message: int, why: str) -> None:
    """Nobody can use it any more, such as a payment for a case that has ended: its outcome is entered with it."""
    waits = (InboxMessage.id == message, InboxMessage.left_over_at.is_(None), InboxMessage.delivered_at.is_(None))
    found = conn.execute(select(InboxMessage.sender, InboxMessage.body).where(*waits).with_for_update()).first()
    if found and found.sender == "billing":
        payments.enter_left_over(conn, NOTICE.validate_python(found.body))
    conn.execute(update(InboxMessage).where(*waits).values(left_over_at=text("clock_timestamp()"), left_over=why))
