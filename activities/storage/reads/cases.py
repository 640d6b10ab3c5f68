"""One case: where it stands, where the engine has it, and what happened."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, func, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB

from activities.keyring import KeyRing
from activities.storage.sealing import unseal
from activities.storage.tables import Application, Booking, CaseEvent, Office, QueueTicket, Slot
from workflows.case.facts import Applicant, Ending
from workflows.case.record import CaseView, Entry

VIEW = TypeAdapter(CaseView)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationRow:
    """A case as it is read: its own view, and the facts of its filing."""

    number: str
    owner: str
    office: str | None
    kind: str
    replacement_reason: str | None
    document_type: str
    validity_years: int
    service: str
    created_at: datetime
    updated_at: datetime
    view: CaseView
    family: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAddress:
    """Where the engine has a case, whose it is, and who serves it. A person's next case has the same `workflow_id`."""

    workflow_id: str
    run_id: str
    owner: str
    office: str | None
    ending: Ending | None
    family: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow(Entry):
    """An entry of the record with its place in the case's chain."""

    seq: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """An entry of the record, as far as whoever reads the application reads it."""

    at: datetime
    action: str
    reason: str
    outcome: str


EVENT = TypeAdapter(EventRow)

# Made once: making a statement costs more than PostgreSQL's answer to it.
NEW_EVENTS = (
    select(CaseEvent.__table__)
    .where(CaseEvent.number == bindparam("number"), CaseEvent.seq > bindparam("after"))
    .order_by(CaseEvent.seq)
)
TIMELINE = (
    select(CaseEvent.at, CaseEvent.action, CaseEvent.reason, CaseEvent.outcome)
    .where(CaseEvent.number == bindparam("number"))
    .order_by(CaseEvent.seq)
)


NEWEST_TICKET = (
    select(
        func.jsonb_build_object("number", QueueTicket.label, "state", QueueTicket.arrival, "ahead", QueueTicket.ahead)
    )
    .where(QueueTicket.number == Application.number)
    .order_by(QueueTicket.day.desc())
    .limit(1)
    .scalar_subquery()
)
LIVE_SEAT = (
    select(
        func.paspor.appointment(
            Booking.id, Slot.id, Slot.office, Slot.lane, Slot.starts_at, Slot.ends_at, Office.utc_offset, Booking.state
        )
    )
    .join(Slot, Slot.id == Booking.slot_id)
    .join(Office, Office.id == Slot.office)
    .where(Booking.number == Application.number, Booking.state.in_(("held", "confirmed")))
    .scalar_subquery()
)
APPLICATION = select(
    *(getattr(Application, name) for name in ApplicationRow.__dataclass_fields__),
    NEWEST_TICKET.label("ticket"),
    type_coerce(LIVE_SEAT, JSONB).label("seat"),
).where(Application.number == bindparam("number"))
# What a case stands at once it is told of the seat that it waits for (workflows/steps/booking.py).
TOLD_OF_SEAT: Mapping[str, Mapping[str, Any]] = {
    "choose_appointment": {"stage": "booked", "next_step": {"who": "system", "what": "make_bill"}},
    "choose_another_appointment": {"stage": "paid", "next_step": {"who": "system", "what": "confirm_seat"}},
}


def application(conn: Connection, number: str) -> ApplicationRow | None:
    """A case, or None. Its ticket is the newest: the case knows that of the first visit. Its seat is the booked one."""
    row = conn.execute(APPLICATION, {"number": number}).mappings().first()
    if row is None:
        return None
    facts = dict(row)
    newest, seat = facts.pop("ticket"), facts.pop("seat")
    view = _with_seat(facts["view"], seat) | ({"ticket": newest} if newest else {})
    return ApplicationRow(**{**facts, "view": VIEW.validate_python(view)})


def _with_seat(view: dict[str, Any], seat: Mapping[str, Any] | None) -> dict[str, Any]:
    """Seats are decided here, and the case is told: until it is, what it says of its seat is behind."""
    known = view.get("appointment") or {}
    if seat is None or view.get("ending") or all(known.get(name) == seat[name] for name in ("booking", "slot_id")):
        return view
    if known.get("booking") == seat["booking"]:
        seat = {**seat, "state": known["state"]}  # whether it is paid is for the case to say
    return {**view, "appointment": seat, **TOLD_OF_SEAT.get(view["next_step"]["what"], {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedRow:
    """One line of somebody's list of their own applications."""

    number: str
    kind: str
    stage: str
    ending: str | None
    created_at: datetime
    family: UUID | None = None


def owned_by(conn: Connection, owner: str) -> tuple[OwnedRow, ...]:
    """Somebody's applications, the newest first; at most a hundred."""
    columns = [getattr(Application, name) for name in OwnedRow.__dataclass_fields__]
    newest = select(*columns).where(Application.owner == owner).order_by(Application.created_at.desc()).limit(100)
    return tuple(OwnedRow(**row) for row in conn.execute(newest).mappings())


ADDRESS = select(*(getattr(Application, name) for name in CaseAddress.__dataclass_fields__)).where(
    Application.number == bindparam("number")
)


def case_address(conn: Connection, number: str) -> CaseAddress | None:
    """Where a case is found, or None."""
    row = conn.execute(ADDRESS, {"number": number}).mappings().first()
    return CaseAddress(**{**row, "ending": Ending(row["ending"]) if row["ending"] else None}) if row else None


def applicant(conn: Connection, number: str, ring: KeyRing) -> Applicant | None:
    """Who the case is about, or None without such a case; raises `CannotOpen`. Whoever asks records the read."""
    sealed = conn.execute(select(Application.applicant).where(Application.number == number)).scalar()
    return unseal(ring, number, bytes(sealed)).applicant if sealed is not None else None


def events(conn: Connection, number: str) -> tuple[EventRow, ...]:
    """The whole record of a case, in order."""
    return new_events(conn, number, 0)


def timeline(conn: Connection, number: str) -> tuple[TimelineRow, ...]:
    """What the applicant reads of the record: when what happened, with which outcome."""
    return tuple(TimelineRow(*row) for row in conn.execute(TIMELINE, {"number": number}))


def new_events(conn: Connection, number: str, after_seq: int) -> tuple[EventRow, ...]:
    """The entries after one, in order."""
    rows = conn.execute(NEW_EVENTS, {"number": number, "after": after_seq}).mappings()
    return tuple(EVENT.validate_python({**row, "details": json.loads(row["details"])}, extra="ignore") for row in rows)
