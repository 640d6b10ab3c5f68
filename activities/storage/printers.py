"""Printers of an office, and what was sent to them: a job is looked for before another one is submitted."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, select, text, update
from sqlalchemy.dialects.postgresql import insert

from activities.storage.tables import PrintAttempt, Printer

NOW = text("clock_timestamp()")
AttemptState = Literal["started", "submitted", "printed", "aborted", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterRow:
    """A printer, and whether it may be used."""

    id: str
    office: str
    uri: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One booklet at one printer. Without `job_id` nothing is known to have been submitted."""

    key: str
    printer: str
    job_id: int | None
    job_uuid: str
    state: str


def add(conn: Connection, printer: str, office: str, uri: str) -> None:
    """Set up a printer, or give it another address."""
    row = insert(Printer).values(id=printer, office=office, uri=uri)
    conn.execute(row.on_conflict_do_update(index_elements=[Printer.id], set_={"uri": uri}))


def of_office(conn: Connection, office: str) -> tuple[PrinterRow, ...]:
    """The printers of an office, up or down."""
    columns = (Printer.id, Printer.office, Printer.uri, Printer.state, Printer.reason)
    rows = conn.execute(select(*columns).where(Printer.office == office).order_by(Printer.id))
    return tuple(PrinterRow(**row._mapping) for row in rows)


def set_state(conn: Connection, printer: str, state: Literal["up", "down"], reason: str, by: str) -> bool:
    """Take a printer out of use, with a reason, or into use again; False without such a printer."""
    values = {"state": state, "reason": reason, "changed_by": by, "changed_at": NOW}
    change = update(Printer).where(Printer.id == printer).values(values).returning(Printer.id)
    return conn.execute(change).first() is not None


def start_attempt(conn: Connection, key: str, printer: str) -> Attempt:
    """Note, before anything is sent, that this attempt goes to this printer; a repeat gets the attempt that stands."""
    conn.execute(insert(PrintAttempt).values(key=key, printer=printer).on_conflict_do_nothing())
    found = attempt(conn, key)
    assert found is not None
    return found


def record_job(conn: Connection, key: str, job_id: int | None, job_uuid: str, state: AttemptState) -> None:
    """Note what the printer said. A job's id, once known, stays."""
    known = PrintAttempt
    values: dict[str, Any] = {"state": state, "changed_at": NOW, "job_uuid": job_uuid}
    if job_id is not None:
        values["job_id"] = job_id
    conn.execute(update(known).where(known.key == key).values(values))


def attempt(conn: Connection, key: str) -> Attempt | None:
    """What is known of an attempt."""
    known = PrintAttempt
    row = conn.execute(
        select(known.key, known.printer, known.job_id, known.job_uuid, known.state).where(known.key == key)
    ).first()
    return Attempt(**row._mapping) if row else None
