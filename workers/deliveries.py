"""Rows of inbox and outbox, as the messages that cases take."""

from pydantic import TypeAdapter

from activities.storage.inbox import Undelivered
from activities.storage.outbox import Unsent
from workflows.case.facts import Actor, Appointment, Role
from workflows.case.notifications import MatchResult, News, NewsKind, PaymentNotice
from workflows.messages import SeatTaken

APPOINTMENT = TypeAdapter(Appointment)
PAYMENT = TypeAdapter(PaymentNotice)
MATCH = TypeAdapter(MatchResult)


def seat_taken(row: Unsent) -> SeatTaken:
    """The seat that the applicant won; the message's key is `<booking>:<revision>`."""
    owner = Actor(id=row.owner, roles=(Role.APPLICANT,))
    revision = row.key.rpartition(":")[2]
    body = {**row.body, "revision": int(revision) if revision.isdecimal() else 0}
    return SeatTaken(by=owner, appointment=APPOINTMENT.validate_python(body))


def news(row: Unsent) -> News:
    """What the applicant is to hear of their seat."""
    return News(key=row.key, kind=NewsKind(row.body["kind"]), facts=dict(row.body["facts"]))


def notification(message: Undelivered) -> PaymentNotice | MatchResult:
    """What the billing system or the matcher wrote; raises `ValidationError` where it is not of the agreed form."""
    adapter = PAYMENT if message.sender == "billing" else MATCH
    found: PaymentNotice | MatchResult = adapter.validate_python(message.body)
    return found
