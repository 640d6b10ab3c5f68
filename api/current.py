"""The application as our database has it now: what every change answers with, and every GET."""

from fastapi import Response
from sqlalchemy import Connection

from activities.storage import reads
from api.installation import Installation
from api.paid import version_of
from api.problems import Problem
from api.shown import Application, Happened, application
from workflows.case.record import CaseView

# What an adjudicator thought is for the record, and no news for the person.
UNSAID = ("adjudication.", "duplicates.")


async def view_of(house: Installation, number: str) -> CaseView:
    """The case's own view of itself."""
    return await house.database.read(_view, number)


async def current(house: Installation, number: str, response: Response) -> Application:
    """The application, with its version as `ETag`."""
    found, timeline, payments = await house.database.read(_read, number)
    response.headers["ETag"] = etag(found.view, version_of(payments))
    response.headers["Cache-Control"] = "private, no-cache"
    return application(found.view, timeline, found.family, payments)


def etag(view: CaseView, payments: str = "") -> str:
    """The version of an application: a new event is a new one, and so is a seat that the case has not heard of yet.

    So is what an officer decides on a payment, of which the case hears nothing either.
    """
    seat = f"-{view.appointment.slot_id}" if view.appointment else ""
    return f'"{view.version}{seat}{payments}"'


def _view(connection: Connection, number: str) -> CaseView:
    return _found(connection, number).view


def _found(connection: Connection, number: str) -> reads.ApplicationRow:
    found = reads.application(connection, number)
    if found is None:
        raise Problem("not_found")
    return found


def _read(
    connection: Connection, number: str
) -> tuple[reads.ApplicationRow, list[Happened], tuple[reads.PaymentRow, ...]]:
    timeline = [_happened(event) for event in reads.timeline(connection, number)]
    return _found(connection, number), timeline, reads.payments_of(connection, number)


def _happened(event: reads.TimelineRow) -> Happened:
    note = event.reason or event.outcome
    if event.action.startswith(UNSAID) or not note:
        return Happened(at=event.at, what=event.action)
    return Happened(at=event.at, what=event.action, note=note)
