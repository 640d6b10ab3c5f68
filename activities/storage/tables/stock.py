"""Booklets, printers and their attempts, and the codes under which other systems speak of a case."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from activities.storage.tables.base import Base, Blank, Stamp, among, filled, pattern


class Booklet(Base):
    """A blank booklet; the serial is the passport number. Bound once, and never back in stock."""

    __tablename__ = "booklet"
    __table_args__ = (
        pattern("serial", "^[A-Z][0-9]{7}$"),
        among("state", ("stock", "allocated", "used", "spoiled", "cancelled")),
        CheckConstraint("(number IS NULL) = (attempt IS NULL)", name="attempt_of_case"),
        CheckConstraint("(number IS NULL) = (allocation_key IS NULL)", name="key_of_case"),
        CheckConstraint("state <> 'stock' OR number IS NULL", name="stock_is_free"),
        CheckConstraint("state NOT IN ('allocated', 'used') OR number IS NOT NULL", name="bound_to_case"),
        CheckConstraint("attempt > 0", name="attempt_counts"),
        UniqueConstraint("allocation_key"),
        Index("booklet_one_allocated", "number", unique=True, postgresql_where=text("state = 'allocated'")),
        Index("booklet_stock_idx", "office", "serial", postgresql_where=text("state = 'stock'")),
    )

    serial: Mapped[str] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(ForeignKey("paspor.office.id"))
    state: Mapped[str] = mapped_column(server_default="stock")
    number: Mapped[str | None] = mapped_column(ForeignKey("paspor.application.number"))
    attempt: Mapped[int | None] = mapped_column(SmallInteger)
    allocation_key: Mapped[str | None]
    settlement_key: Mapped[str | None]
    reason: Mapped[Blank]
    received_at: Mapped[Stamp]
    changed_at: Mapped[Stamp]


class Printer(Base):
    """A printer of an office, and whether it may be used."""

    __tablename__ = "printer"
    __table_args__ = (
        among("state", ("up", "down")),
        pattern("uri", "^(ipps?|https?)://"),
        CheckConstraint("state = 'up' OR reason ~ '[^ ]'", name="down_for_a_reason"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(ForeignKey("paspor.office.id"), index=True)
    uri: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="up")
    reason: Mapped[Blank]
    changed_by: Mapped[Blank]
    changed_at: Mapped[Stamp]


class PrintAttempt(Base):
    """One booklet sent to one printer once; looked for before anything is submitted again."""

    __tablename__ = "print_attempt"
    __table_args__ = (
        among("state", ("started", "submitted", "printed", "aborted", "unknown")),
        CheckConstraint("state <> 'submitted' OR job_id IS NOT NULL", name="submitted_has_job"),
        CheckConstraint("job_id > 0", name="job_id_counts"),
        Index("print_attempt_printed_idx", "printer", "changed_at", postgresql_where=text("state = 'printed'")),
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    printer: Mapped[str] = mapped_column(ForeignKey("paspor.printer.id"))
    job_id: Mapped[int | None]
    job_uuid: Mapped[Blank]
    state: Mapped[str] = mapped_column(server_default="started")
    started_at: Mapped[Stamp]
    changed_at: Mapped[Stamp]


class BillCode(Base):
    """Which case a bill's code leads to."""

    __tablename__ = "bill"
    __table_args__ = (filled("code"), CheckConstraint("amount > 0", name="amount_positive"))

    code: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(ForeignKey("paspor.application.number"), index=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    due_at: Mapped[datetime]
    at: Mapped[Stamp]


class SearchCode(Base):
    """Which case a duplicate search's request id leads to.

    `reference_id` is what the matcher calls the person; `portrait` is the captured picture, by the hash of its file.
    """

    __tablename__ = "search"
    __table_args__ = (
        filled("request_id"),
        pattern("portrait", "^([0-9a-f]{64})?$"),
        Index("search_reference_idx", "reference_id", postgresql_where=text("reference_id <> ''")),
    )

    request_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(ForeignKey("paspor.application.number"), index=True)
    at: Mapped[Stamp]
    reference_id: Mapped[Blank]
    portrait: Mapped[Blank]
