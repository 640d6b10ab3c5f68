"""An application as people read it. Fields with a question mark in the contract are left out where there is nothing."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from activities.storage.reads import PaymentRow
from api.paid import PaymentShown, payment, state_of
from workflows.case.facts import Appointment, Bill, ConsentKind, Ending, PaperKind, Promise, Stage, Turn
from workflows.case.record import CaseView


class Document(BaseModel):
    """One document of the application: `missing`, `uploaded`, `returned` or `verified`."""

    kind: PaperKind
    required: bool
    state: str


class Next(BaseModel):
    """Whose turn it is; `what` is a code that pages translate."""

    who: Turn
    what: str
    by: datetime | None = None


class Seat(BaseModel):
    """The appointment, in the office's time."""

    slot_id: str
    office: str
    lane: str
    starts_at: datetime
    ends_at: datetime
    state: str


class BillLine(BaseModel):
    """One line of a bill, in rupiah."""

    what: str
    amount: int


class BillShown(BaseModel):
    """The bill: paid by its code at any bank, until `due_at`."""

    code: str
    amount: int
    currency: str
    items: list[BillLine]
    due_at: datetime
    state: str


class TicketShown(BaseModel):
    """The place in the queue."""

    number: str
    state: str


class PromiseBefore(BaseModel):
    """A promise that was replaced, and why."""

    collect_on: date
    since: datetime
    reason: str


class PromiseShown(BaseModel):
    """The one collection date."""

    collect_on: date
    since: datetime
    rule: str
    reason: str
    history: list[PromiseBefore]


class PassportShown(BaseModel):
    """The booklet of this application."""

    number: str
    state: str


class Happened(BaseModel):
    """One line of the timeline."""

    at: datetime
    what: str
    note: str | None = None


class AssistanceShown(BaseModel):
    """Which institution filed for the citizen, and how and when the citizen agreed."""

    institution: str
    consent: ConsentKind
    given_on: date


class Application(BaseModel):
    """The application as it stands."""

    number: str
    stage: Stage
    ending: Ending | None
    ending_reason: str | None = None
    office: str | None = None
    next_step: Next
    documents: list[Document]
    appointment: Seat | None = None
    bill: BillShown | None = None
    ticket: TicketShown | None = None
    promise: PromiseShown | None = None
    passport: PassportShown | None = None
    timeline: list[Happened]
    family: UUID | None = None
    payments: list[PaymentShown] | None = None
    assistance: AssistanceShown | None = None


def application(
    view: CaseView,
    timeline: Iterable[Happened],
    family: UUID | None = None,
    payments: tuple[PaymentRow, ...] = (),
) -> Application:
    """The application as it is shown: the case's own view, its timeline, the family it was filed with, its payments."""
    step = {"who": view.next_step.who, "what": view.next_step.what}
    optional: dict[str, Any] = {
        "ending_reason": view.ending_reason or None,
        "office": view.office or None,
        "family": family,
        "assistance": view.assistance and AssistanceShown(**asdict(view.assistance)),
        "appointment": view.appointment and seat(view.appointment),
        "bill": view.bill and bill(view.bill, payments),
        "payments": [payment(one) for one in payments],
        "ticket": view.ticket and TicketShown(number=view.ticket.number, state=view.ticket.state),
        "promise": view.promise and promise(view.promise),
        "passport": view.passport and PassportShown(number=view.passport.number, state=view.passport.state),
    }
    return Application(
        number=view.number,
        stage=view.stage,
        ending=view.ending,
        next_step=Next(**step, by=view.next_step.by) if view.next_step.by else Next(**step),
        documents=[Document(kind=one.kind, required=one.required, state=one.state) for one in view.papers],
        timeline=list(timeline),
        **{name: value for name, value in optional.items() if value},
    )


def seat(taken: Appointment) -> Seat:
    """An appointment, in the office's time."""
    return Seat(
        slot_id=taken.slot_id,
        office=taken.office,
        lane=taken.lane,
        starts_at=taken.local(taken.starts_at),
        ends_at=taken.local(taken.ends_at),
        state=taken.state,
    )


def bill(made: Bill, payments: tuple[PaymentRow, ...]) -> BillShown:
    """A bill, as it stands beside what was paid."""
    return BillShown(
        code=made.code,
        amount=made.amount,
        currency="IDR",
        items=[BillLine(what=one.what, amount=one.amount) for one in made.items],
        due_at=made.due_at,
        state=state_of(made, payments),
    )


def promise(given: Promise) -> PromiseShown:
    """The collection date, with all that were promised before."""
    return PromiseShown(
        collect_on=given.collect_on,
        since=given.since,
        rule=given.rule,
        reason=given.reason,
        history=[PromiseBefore(collect_on=one.collect_on, since=one.since, reason=one.reason) for one in given.history],
    )
