"""Writes the record of cases: the entry, the view that people read, and the officers' tasks, in one transaction."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from activities.keyring import KeyRing
from activities.storage import payments, sealing
from activities.storage.tables import Application, CaseEvent
from workflows.case.dates import NATION
from workflows.case.facts import Kind
from workflows.case.nik import without_nik
from workflows.case.record import CaseView, Entry, Task
from workflows.partners.ledger import Note, Opening

VIEW, TASKS = TypeAdapter(CaseView), TypeAdapter(tuple[Task, ...])
ENTRY = TypeAdapter(Entry)
WRITE = text("SELECT paspor.write_note(:number, :run_id, :entry, :view, :tasks)")


def open_case(conn: Connection, opening: Opening, columns_ring: KeyRing) -> Entry | None:
    """Write the case's row and first entry; None when the person has a live one. The same key gets the stored entry.

    None too when another run has opened this number: its entries would have the keys of ours, and ours would be lost.
    """
    entry = _clean(opening.entry)
    if found := _opened(conn, opening):
        return found.entry if found.ours else None
    row = _row(opening, sealing.seal(columns_ring, opening.filing), entry.at)
    statement = (
        upsert(Application)
        .values(row)
        .on_conflict_do_nothing(index_elements=[Application.person_key], index_where=Application.ending.is_(None))
    )
    if conn.execute(statement.returning(Application.number)).first() is None:
        found = _opened(conn, opening)  # by another try a moment ago, or not at all
        return found.entry if found and found.ours else None
    values = {**ENTRY.dump_python(entry, mode="json"), "details": _details(entry), "number": opening.filing.number}
    conn.execute(insert(CaseEvent), {**values, "at": entry.at})
    return entry


def note(conn: Connection, note: Note) -> Entry:
    """Append an entry with the view and all open tasks after it. The same key again changes nothing.

    Raises `IntegrityError` for a case that was never opened.
    """
    entry, view = _clean(note.entry), replace(note.view, ending_reason=without_nik(note.view.ending_reason))
    values = {
        "number": view.number,
        "run_id": note.run_id,
        "entry": json.dumps({**ENTRY.dump_python(entry, mode="json"), "details": _details(entry)}),
        "view": VIEW.dump_json(view).decode(),
        "tasks": TASKS.dump_json(note.tasks).decode(),
    }
    if conn.execute(WRITE, values).scalar_one():
        # In the same transaction: what the record says of a payment is what became of it.
        for receipt in note.receipts:
            payments.enter(conn, receipt, view.number, view.office, _day(view, entry))
        return entry
    found = stored(conn, entry.key)
    assert found is not None
    return found


def stored(conn: Connection, key: str) -> Entry | None:
    """The entry of a key, if it is in the record."""
    row = conn.execute(select(CaseEvent.__table__).where(CaseEvent.key == key)).mappings().first()
    if row is None:
        return None
    return ENTRY.validate_python({**row, "details": json.loads(row["details"])}, extra="ignore")


@dataclass(frozen=True, slots=True)
class _Opened:
    entry: Entry
    ours: bool


def _opened(conn: Connection, opening: Opening) -> _Opened | None:
    entry = stored(conn, opening.entry.key)
    if entry is None:
        return None
    run_id = conn.execute(select(Application.run_id).where(Application.number == opening.filing.number)).scalar()
    return _Opened(entry, run_id in ("", opening.run_id))


def _row(opening: Opening, sealed: bytes, at: datetime) -> dict[str, Any]:
    filing, view = opening.filing, opening.view
    return {
        "number": filing.number,
        "person_key": filing.person_key,
        "filing_key": filing.key,
        "owner": filing.owner,
        "workflow_id": opening.workflow_id,
        "run_id": opening.run_id,
        "office": view.office or None,
        "kind": filing.kind,
        # A new passport with a reason is refused by the procedure, and has to be on record for that.
        "replacement_reason": filing.replacement_reason if filing.kind is Kind.REPLACEMENT else None,
        "document_type": filing.document_type,
        "validity_years": filing.validity_years,
        "service": filing.service,
        "stage": view.stage,
        "ending": view.ending,
        "bookable": view.bookable and view.ending is None,
        "version": view.version,
        "view": VIEW.dump_python(view, mode="json"),
        "applicant": sealed,
        "created_at": at,
        "ended_at": at if view.ending else None,
        "due_at": view.next_step.by,
        "family": UUID(filing.family) if filing.family else None,
    }


def _day(view: CaseView, entry: Entry) -> date:
    """The date at the office that serves the case; before there is one, at the capital."""
    zone = view.appointment.zone() if view.appointment else NATION
    return entry.at.astimezone(zone).date()


def _clean(entry: Entry) -> Entry:
    return replace(entry, reason=without_nik(entry.reason))


def _details(entry: Entry) -> str:
    return json.dumps(entry.details, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
