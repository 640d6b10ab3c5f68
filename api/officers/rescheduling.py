"""The office moves a person's appointment for a cause, beside the one reschedule that is the person's own."""

from typing import Any

from sqlalchemy import Connection

from activities.storage import moving
from activities.storage.moving import Moved
from api.acts import Speaking
from api.applicants.forms import SeatForm
from api.applicants.reseating import moved
from api.fields import Reason
from api.problems import Problem
from api.routing import SHOWN, router
from api.shown import Application
from workflows.case.facts import Role

routes = router("officers")
IN_CHARGE = (Role.SUPERVISOR, Role.HEAD)


class RescheduleForm(SeatForm):
    """Where to, and why."""

    reason: Reason


@routes.post("/v1/applications/{number}/reschedule", **SHOWN)
async def reschedule(form: RescheduleForm, speaker: Speaking) -> Application:
    """Move the appointment within the office, for a reason that stands in the record and is told to the person."""
    actor = speaker.actor
    about: dict[str, Any] = {
        "office": actor.office,
        "by": actor.id,
        "role": next(role for role in IN_CHARGE if role in actor.roles).value,
        "reason": form.reason,
    }

    def move(conn: Connection) -> Moved:
        return moving.for_cause(conn, speaker.case.number, form.slot_id, speaker.message_id, **about)

    try:
        await moved(speaker, move)
    except Problem as problem:
        if problem.code == "not_bookable":
            raise Problem("not_your_turn") from problem
        raise
    return await speaker.sees()
