"""The case that a path names, for who may see it. Another person's thing is 404, as if it were not there."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path

from activities.storage import reads
from api.cases import Place
from api.fields import OfficeId
from api.installation import Caller, House, Installation
from api.problems import Problem
from workflows.case.facts import Actor, Role

NUMBER = r"^[0-9]{16}$"

CaseNumber = Annotated[str, Path(pattern=NUMBER)]


@dataclass(frozen=True, slots=True)
class Case:
    """Where a case is found, and whose it is."""

    number: str
    place: Place
    owner: str
    office: str


async def find_case(house: Installation, actor: Actor, number: str) -> Case:
    """The case of that number; raises `not_found` where there is none that the actor may see."""
    found = await house.database.run(reads.case_address, number)
    if found is None:
        raise Problem("not_found")
    case = Case(number, Place(found.workflow_id, found.run_id), found.owner, found.office or "")
    if not may_see(actor, case):
        raise Problem("not_found")
    return case


async def _named(number: CaseNumber, actor: Caller, house: House) -> Case:
    return await find_case(house, actor, number)


VisibleCase = Annotated[Case, Depends(_named)]


async def _known_office(office: OfficeId, house: House) -> str:
    if office not in [one.id for one in await house.database.run(reads.offices)]:
        raise Problem("not_found")
    return office


KnownOffice = Annotated[str, Depends(_known_office)]


def may_see(actor: Actor, case: Case) -> bool:
    """The owner, officers of its office, auditors; a head also while no office serves it, to cancel it."""
    if actor.id == case.owner or Role.AUDITOR in actor.roles:
        return True
    if Role.APPLICANT in actor.roles:
        return False
    if not case.office:
        return Role.HEAD in actor.roles
    return actor.office == case.office
