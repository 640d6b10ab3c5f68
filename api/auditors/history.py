"""The history of one case: as sentences, as the engine's own JSON, or as sizes; each read is itself recorded."""

from typing import Annotated, Any, Literal, TypeVar

from fastapi import Header, Query
from starlette.requests import Request

from activities.storage import reads
from api import trail
from api.auditors.chronicle import from_engine, from_ledger
from api.cases import Place
from api.installation import Caller, House, Installation
from api.language import preferred
from api.lookup import CaseNumber
from api.problems import Problem
from api.routing import router

routes = router("auditors")

T = TypeVar("T")
Form = Annotated[Literal["sentences", "engine", "sizes"], Query()]


@routes.get("/v1/audit/applications/{number}/history")
async def history(
    number: CaseNumber,
    request: Request,
    house: House,
    auditor: Caller,
    form: Form = "sentences",
    accept_language: Annotated[str, Header()] = "",
) -> dict[str, Any]:
    """From the engine's history while it is retained, then from the ledger."""
    place = await _place(house, number)
    await trail.looked(house, auditor, request, number)
    if form == "engine":
        return _there(await house.histories.as_json(place) if place else None)
    if form == "sizes":
        return {"items": _there(await house.histories.sizes(place) if place else None), "next": None}
    language = preferred(accept_language)
    story = await house.histories.story(place) if place else None
    if story is not None:
        lines = from_engine(story, language)
    else:
        lines = from_ledger(await house.database.run(reads.events, number), language)
    return {"items": [line.shown() for line in _there(lines)], "next": None}


async def _place(house: Installation, number: str) -> Place | None:
    """By our own row; without one, by the engine alone."""
    found = await house.database.run(reads.case_address, number)
    return Place(found.workflow_id, found.run_id) if found else await house.histories.find(number)


def _there(found: T | None) -> T:
    if not found:
        raise Problem("not_found")
    return found
