"""The case that a path names, for who may see it. Another person's thing is 404, as if it were not there."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path

from activities.storage import claims, reads
from api.cases import Place
from api.fields import OfficeId
from api.installation import Caller, House, Installation
from api.problems import Problem
from workflows.case.facts import Actor, Role

NUMBER = r"^[0-9]{16}$"
IN_CHARGE = {Role.HEAD, Role.SUPERVISOR}

CaseNumber = Annotated[str, Path(pattern=NUMBER)]


@dataclass(frozen=True, slots=True)
class Case:
    """Where a case is found, and whose it is."""

    number: str
    place: Place
    owner: str
    office: str
    family: UUID | None = None


async def find_case(house: Installation, actor: Actor, number: str) -> Case:
    """The case of that number; raises `not_found` where there is none that the actor may see."""
    found = await house.database.read(reads.case_address, number)
    if found is None:
        raise Problem("not_found")
    case = Case(number, Place(found.workflow_id, found.run_id), found.owner, found.office or "", found.family)
    if not may_see(actor, case):
        raise Problem("not_found")
    return case


async def _named(number: CaseNumber, actor: Caller, house: House) -> Case:
    return await find_case(house, actor, number)


VisibleCase = Annotated[Case, Depends(_named)]


async def _in_hand(case: VisibleCase, actor: Caller, house: House) -> Case:
    if may_open(actor, case) or await house.database.read(claims.works_on, case.number, actor.id):
        return case
    raise Problem("lease_required")


# For what is personal: nobody browses the people of an office without work on them (OWASP API3:2023).
CaseInHand = Annotated[Case, Depends(_in_hand)]


async def _known_office(office: OfficeId, house: House) -> str:
    if office not in [one.id for one in await house.database.read(reads.offices)]:
        raise Problem("not_found")
    return office


KnownOffice = Annotated[str, Depends(_known_office)]


def may_see(actor: Actor, case: Case) -> bool:
    """The owner, officers of its office, auditors; a head also while no office serves it, to cancel it."""
    if actor.id == case.owner or Role.AUDITOR in actor.roles:
        return True
    if {Role.APPLICANT, Role.ASSISTANT} & set(actor.roles):
        return False
    if not case.office:
        return Role.HEAD in actor.roles
    return actor.office == case.office


def may_open(actor: Actor, case: Case) -> bool:
    """Who sees the person of a visible case without a lease: the owner, and who is in charge of its office."""
    return actor.id == case.owner or (actor.office == case.office and not IN_CHARGE.isdisjoint(actor.roles))
