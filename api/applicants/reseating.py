"""The office closed the day of an appointment: what the person was given instead, and their refusals."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

from pydantic import BaseModel
from sqlalchemy import Connection

from activities.storage import moving
from activities.storage.moving import Moved, Standing
from api.acts import Speaker, Speaking
from api.installation import House
from api.lookup import VisibleCase
from api.problems import Problem
from api.routing import SHOWN, router
from api.shown import Application
from workflows.case.facts import Role

routes = router("applicants")
CASE = "/v1/applications/{number}"
REFUSAL = CASE + "/reseating/refusal"
TRIES = 5
FILED_AS = (Role.ASSISTANT, Role.APPLICANT)


class ReseatingShown(BaseModel):
    """Which day was closed and why, the appointment before and after, and how often it may still be refused.

    `now_at` is left out while no other seat is free; the person comes first when one appears.
    """

    office: str
    closed: date
    reason: str
    was_at: datetime
    now_at: datetime | None = None
    refusals_left: int
    together: bool


@routes.get(CASE + "/reseating", response_model_exclude_none=True)
async def reseating(case: VisibleCase, house: House) -> ReseatingShown:
    """What a closed day did to the appointment; 404 where nothing did."""
    found = await house.database.read(moving.standing, case.number)
    if found is None:
        raise Problem("not_found")
    return shown(found)


@routes.post(REFUSAL, **SHOWN)
async def refuse(speaker: Speaking) -> Application:
    """Refuse the seat that came instead of a closed day's, and get the next nearest, the family together."""
    role = next(role for role in FILED_AS if role in speaker.actor.roles)

    def refused(conn: Connection) -> Moved:
        return moving.refuse(conn, speaker.case.number, speaker.message_id, speaker.actor.id, role.value)

    await moved(speaker, refused)
    return await speaker.sees()


async def moved(speaker: Speaker, move: Callable[[Connection], Moved]) -> None:
    """Move in our database, again when somebody else was faster, and tell the case; raises why not."""
    done = Moved(code="again")
    for _ in range(TRIES):
        done = await speaker.house.database.run(move)
        if done.code != "again":
            break
    if done.message is None:
        raise Problem("overloaded" if done.code == "again" else done.code)
    try:
        await speaker.told_of(done.message, done.key)
    except Problem as problem:
        if problem.code != "not_your_turn":
            raise
        # Another message lies on the case's tray at this moment: the relay tells it, and the seat stands already.


def shown(found: Standing) -> ReseatingShown:
    """As people read it, in the office's time."""
    here = timezone(timedelta(hours=found.utc_offset))
    optional = {"now_at": found.now_at.astimezone(here)} if found.now_at else {}
    return ReseatingShown(
        office=found.office,
        closed=found.day,
        reason=found.reason,
        was_at=found.was_at.astimezone(here),
        refusals_left=found.left,
        together=found.family,
        **optional,
    )
