"""The appointment: PostgreSQL decides who gets the seat, the case is told, and the proof can be shown as a QR code.

What people read shows the seat as soon as it is theirs (`activities/storage/reads/cases.py`), told or not.
"""

from datetime import UTC, datetime
from typing import Any

from activities.storage import reads
from activities.storage.seats import Overloaded, Taken
from api.acts import Speaker, Speaking
from api.applicants.forms import SeatForm
from api.database import AWAY
from api.installation import Installation
from api.problems import Problem
from api.routing import SHOWN, router
from api.shown import Application
from workflows.messages import SeatTaken

routes = router("applicants")
CASE = "/v1/applications/{number}"
AS_PROBLEM = {"not_bookable": "not_your_turn", "no_application": "not_found"}


@routes.put(CASE + "/appointment", **SHOWN)
async def take_seat(form: SeatForm, speaker: Speaking) -> Application:
    """Hold a seat, move the hold, or make the one reschedule of a confirmed appointment."""
    house, number = speaker.house, speaker.case.number
    await house.room.pass_in(speaker.actor, number)
    await _check_alone(speaker)
    taken = await _asked(house, number, form.slot_id, speaker.message_id)
    if taken.appointment is None:
        more: dict[str, Any] = {}
        if taken.code in ("slot_full", "slot_gone"):
            more["alternatives"] = list(taken.alternatives)
        raise Problem(AS_PROBLEM.get(taken.code, taken.code), **more)
    await house.room.leave(speaker.actor)
    seat = SeatTaken(by=speaker.actor, appointment=taken.appointment)
    await speaker.told_of(seat, f"{taken.appointment.booking}:{taken.revision}")
    return await speaker.sees()


async def _check_alone(speaker: Speaker) -> None:
    """A family's first seats are taken together, so that none of it is left without."""
    family = speaker.case.family
    if family is None:
        return
    if await speaker.house.database.read(reads.to_be_seated_together, speaker.case.number):
        raise Problem("family_together", family=str(family))


async def _asked(house: Installation, number: str, slot_id: str, key: str) -> Taken:
    try:
        return await house.seats.take(number, slot_id, key, datetime.now(UTC).date())
    except Overloaded as error:
        raise Problem("overloaded") from error
    except AWAY as error:
        raise Problem("database_away") from error
