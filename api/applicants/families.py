"""Families: filing for several people in one act, reading them, and their seats, together or not at all."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Response
from pydantic import BaseModel, Field
from starlette.requests import Request

from activities.storage import families, outbox, reads
from activities.storage.families import FamilyTaken
from activities.storage.taking import Taken
from api.acts import TELLING_PATIENCE
from api.applicants.appointment import AS_PROBLEM
from api.applicants.forms import FilingForm, SeatForm
from api.applicants.together import MEMBER, MOST_AT_ONCE, family_id, filed_together
from api.cases import Place
from api.current import current
from api.fields import Form
from api.idempotency import MessageId, key_of
from api.installation import Caller, House, Installation
from api.language import Language
from api.pages.rules import in_force
from api.problems import Problem, invalid
from api.routing import SHOWN, router
from api.shown import Application
from workflows.case.facts import Actor, Filing
from workflows.case.rules import RuleName
from workflows.messages import SeatTaken

routes = router("applicants")
FILE = "/v1/families"
FAMILY = "/v1/families/{family}"
TRIES = 4
# The seats are theirs, and shown. The relay tells a slow engine; the seat of a case that ended meanwhile it gives back.
LEFT_TO_THE_RELAY = ("engine_slow", "not_your_turn")


class FamilyForm(Form):
    """Applications that are filed in one act; how many there may be says the rule `family`."""

    applications: Annotated[tuple[FilingForm, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]


class Family(BaseModel):
    """The applications of one act, in its order; `state` is `filing`, `stands` or `refused`."""

    family: UUID
    state: str
    applications: list[Application]


async def _mine(family: Annotated[UUID, Path()], actor: Caller, house: House) -> reads.FamilyRow:
    found = await house.database.read(reads.family, family)
    if found is None or found.owner != actor.id:
        raise Problem("not_found")
    return found


MyFamily = Annotated[reads.FamilyRow, Depends(_mine)]


@routes.post(FILE, status_code=201, **SHOWN)
async def file(
    form: FamilyForm,
    request: Request,
    actor: Caller,
    house: House,
    message_id: MessageId,
    language: Language,
    response: Response,
) -> Family:
    """File for several people in one act. A refusal names member and field; then none of them is left."""
    await check_size(house, len(form.applications))
    family = family_id(house, actor.id, key_of(request))
    await filed_together(house, family, filings(house, actor, form, family, key_of(request), language), message_id)
    response.headers["Location"] = FAMILY.format(family=family)
    return await shown(house, family)


async def check_size(house: Installation, size: int) -> None:
    """Raises `invalid_input` for more people than the rule `family` allows in one act."""
    most = (await in_force(house, RuleName.FAMILY))[RuleName.FAMILY].number("most")
    if size > most:
        raise invalid("/applications", f"at most {most} people in one act")


def filings(house: Installation, actor: Actor, form: FamilyForm, family: UUID, key: str, language: str) -> list[Filing]:
    """The filings of an act, each with a number and key of its own."""
    made = []
    for place, one in enumerate(form.applications):
        try:
            filing = one.filing(house.keys, actor, FILE, f"{key}/{place}", language)
        except Problem as problem:  # of this member
            errors = [
                {**one, "pointer": MEMBER.format(place=place) + one["pointer"]} for one in problem.about["errors"]
            ]
            raise Problem(problem.code, errors=errors) from None
        made.append(replace(filing, family=str(family)))
    return made


@routes.get(FAMILY, **SHOWN)
async def read(family: MyFamily, house: House) -> Family:
    """The applications as they stand."""
    return await shown(house, family.id)


@routes.put(FAMILY + "/appointment", **SHOWN)
async def take_seats(form: SeatForm, family: MyFamily, actor: Caller, house: House, message_id: MessageId) -> Family:
    """Hold seats for all members, or move them all; where they do not all find room, nobody is seated."""
    await house.room.pass_in(actor, family.members[0].number)
    taken = await _asked(house, family, form.slot_id, message_id)
    if taken.code != "ok":
        raise _refused(family, taken)
    await house.room.leave(actor)
    places = {member.number: Place(member.workflow_id, member.run_id) for member in family.members}
    told = (_tell(house, actor, places[number], seat) for number, seat in taken.seats)
    for answer in await asyncio.gather(*told, return_exceptions=True):
        if isinstance(answer, BaseException) and not (isinstance(answer, Problem) and answer.code in LEFT_TO_THE_RELAY):
            raise answer
    return await shown(house, family.id)


async def _asked(house: Installation, family: reads.FamilyRow, slot_id: str, key: str) -> FamilyTaken:
    today = datetime.now(UTC).date()
    for _ in range(TRIES):
        taken = await house.database.run(families.take_seats, family.id, slot_id, key, today)
        if taken.code != "again":
            return taken
    raise Problem("overloaded")


def _refused(family: reads.FamilyRow, taken: FamilyTaken) -> Problem:
    code = AS_PROBLEM.get(taken.code, taken.code)
    if taken.code in ("slot_full", "slot_gone"):
        return Problem(code, alternatives=list(taken.alternatives))
    places = [member.number for member in family.members]
    if taken.number not in places:
        return Problem(code)
    return Problem(code, errors=[{"pointer": MEMBER.format(place=places.index(taken.number)), "detail": code}])


async def _tell(house: Installation, actor: Actor, place: Place, taken: Taken) -> None:
    assert taken.appointment is not None
    key = f"{taken.appointment.booking}:{taken.revision}"
    await house.cases.tell(
        place, "take_seat", SeatTaken(by=actor, appointment=taken.appointment), key, TELLING_PATIENCE
    )
    await house.database.run(outbox.mark_sent_by_key, key)


async def shown(house: Installation, family: UUID) -> Family:
    """The family as it is now; raises `not_found` where there is none."""
    found = await house.database.read(reads.family, family)
    if found is None:
        raise Problem("not_found")
    applications = [await current(house, member.number, Response()) for member in found.members]
    return Family(family=family, state=found.state, applications=applications)
