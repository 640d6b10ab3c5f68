"""The seat of a case changes: what is noted, and when the person is told."""

from workflows.case.facts import Role
from workflows.casework import Casework
from workflows.messages import SeatTaken
from workflows.partners.notices import NoticeKind
from workflows.tray import Delivery

RESEATED = "seat.reseated"


async def seat_changed(case: Casework, delivery: Delivery[SeatTaken], own: str) -> None:
    """Note the new seat under the action `own`; one that is not of the owner's choice is noted as such, and they are
    told once.
    """
    message = delivery.message
    if not message.cause:
        delivery.answer(await case.note(case.entry(own, act=message, role=Role.APPLICANT)))
        return
    key = f"seat/{message.appointment.booking}/{message.appointment.slot_id}/{case.file.version}"
    role = next(
        role for role in (Role.SYSTEM, Role.SUPERVISOR, Role.HEAD, *message.by.roles) if role in message.by.roles
    )
    entry = case.entry(
        RESEATED, act=message, role=role, outcome=message.cause, reason=message.reason, details=_details(case, message)
    )
    delivery.answer(await case.note(entry))
    seat = message.appointment
    case.send(
        NoticeKind.RESEATED, key, starts_at=case.local_text(seat.starts_at), office=seat.office, reason=message.reason
    )


def _details(case: Casework, message: SeatTaken) -> dict[str, str]:
    to = {"to": case.local_text(message.appointment.starts_at)}
    return {"from": case.local_text(message.was_at), **to} if message.was_at else to
