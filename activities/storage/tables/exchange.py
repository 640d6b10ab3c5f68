"""What goes out and comes in: messages, repeated requests, who looked at what, and the seals of the record."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from activities.storage.tables.base import Base, BigInt, Blank, Stamp, among, filled


class OutboxMessage(Base):
    """Something that a workflow is to be told; written in the transaction that decided it."""

    __tablename__ = "outbox"
    __table_args__ = (
        filled("topic"),
        UniqueConstraint("key"),
        Index("outbox_unsent_idx", "id", postgresql_where=text("sent_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    topic: Mapped[str]
    number: Mapped[str]
    workflow_id: Mapped[str]
    key: Mapped[str]
    body: Mapped[dict[str, Any]]
    created_at: Mapped[Stamp]
    sent_at: Mapped[datetime | None]


class InboxMessage(Base):
    """A message of another system, kept until its case has it or an officer has to look at it."""

    __tablename__ = "inbox"
    __table_args__ = (
        among("sender", ("billing", "abis")),
        CheckConstraint("delivered_at IS NULL OR left_over_at IS NULL", name="one_fate"),
        CheckConstraint("(left_over_at IS NULL) = (left_over = '')", name="left_over_for_a_reason"),
        CheckConstraint("jsonb_typeof(body) = 'object'", name="body_object"),
        UniqueConstraint("sender", "message_id"),
        Index("inbox_receipt_idx", text("(body ->> 'receipt_no')"), postgresql_where=text("sender = 'billing'")),
        Index("inbox_undelivered_idx", "id", postgresql_where=text("delivered_at IS NULL AND left_over_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    sender: Mapped[str]
    message_id: Mapped[str]
    body: Mapped[dict[str, Any]]
    received_at: Mapped[Stamp]
    delivered_at: Mapped[datetime | None]
    left_over_at: Mapped[datetime | None]
    left_over: Mapped[Blank]


class IdempotentRequest(Base):
    """A request by its caller's key: running, or done with the answer that a repeat gets."""

    __tablename__ = "idempotent_request"
    __table_args__ = (
        CheckConstraint("status BETWEEN 200 AND 499", name="status_final"),
        CheckConstraint("(status IS NULL) = (finished_at IS NULL)", name="status_fits_end"),
        CheckConstraint("(status IS NULL) = (body IS NULL)", name="body_fits_end"),
        Index("idempotent_request_started_at_idx", "started_at"),
    )

    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str]
    fingerprint: Mapped[str]
    started_at: Mapped[Stamp]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    headers: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    body: Mapped[bytes | None]
    finished_at: Mapped[datetime | None]


class AccessRecord(Base):
    """A refused attempt, or a read by an officer or auditor. Append-only."""

    __tablename__ = "access_log"
    __table_args__ = (
        filled("actor"),
        filled("action"),
        filled("outcome"),
        Index("access_log_number_idx", "number", "id"),
        Index("access_log_actor_idx", "actor", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[Stamp]
    actor: Mapped[str]
    role: Mapped[Blank]
    action: Mapped[str]
    number: Mapped[str | None]
    outcome: Mapped[str]
    why: Mapped[Blank]


class Seal(Base):
    """A Merkle root over all events of the transactions in a range, chained to the seal before. Append-only."""

    __tablename__ = "seal"
    __table_args__ = (
        CheckConstraint("upto_xact > from_xact", name="range_ordered"),
        CheckConstraint("events > 0", name="events_some"),
        CheckConstraint("octet_length(root) = 32 AND octet_length(prev) = 32", name="hashes_whole"),
        UniqueConstraint("from_xact"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    from_xact: Mapped[BigInt]
    upto_xact: Mapped[BigInt]
    events: Mapped[int]
    root: Mapped[bytes]
    prev: Mapped[bytes]
    at: Mapped[Stamp]
