"""The person of an application: read by the owner, and by officers while they work on the case."""

from datetime import date

from pydantic import BaseModel
from starlette.requests import Request

from activities.storage import reads
from api import trail
from api.installation import Caller, House
from api.lookup import CaseInHand
from api.problems import Problem
from api.routing import router
from workflows.case.facts import Sex

routes = router("applicants")


class GuardianShown(BaseModel):
    """Parent or guardian who answers for a child."""

    nik: str
    full_name: str
    relation: str


class PersonShown(BaseModel):
    """The person as claimed at filing."""

    nik: str
    full_name: str
    birth_date: date
    birth_place: str
    sex: Sex
    phone: str
    email: str
    married: bool
    guardians: list[GuardianShown]


@routes.get("/v1/applications/{number}/applicant")
async def read_person(case: CaseInHand, request: Request, actor: Caller, house: House) -> PersonShown:
    """Who applies. Officers need a lease on the case (`lease_required`), unless they head its office."""
    await trail.looked(house, actor, request, case.number)
    found = await house.database.read(reads.applicant, case.number, house.keys.columns)
    if found is None:
        raise Problem("not_found")
    return PersonShown.model_validate(found, from_attributes=True)
