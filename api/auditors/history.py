"""The history of one case: as sentences, as the engine's own JSON, or as sizes; each read is itself recorded."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Header, Query
from starlette.requests import Request

from activities.storage import reads
from api import trail
from api.auditors.chronicle import Line, from_engine, from_ledger
from api.cases import Place
from api.installation import Caller, House, Installation
from api.language import preferred
from api.lookup import CaseNumber
from api.problems import Problem
from api.routing import router
from workflows.case.facts import Actor

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
    """From the engine's history while it is retained, then from the ledger; `source` says from which."""
    if form == "sentences":
        found = await told(house, auditor, request, number, preferred(accept_language))
        return {"items": [line.shown() for line in found.lines], "next": None, "source": found.source}
    place = await _place(house, number)
    await trail.looked(house, auditor, request, number)
    if form == "engine":
        return _there(await house.histories.as_json(place) if place else None)
    return {"items": _there(await house.histories.sizes(place) if place else None), "next": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A case's story, where it came from, and what our own ledger says, whatever the story came from."""

    lines: list[Line]
    source: Literal["engine", "ledger"]
    ledger: list[Line]


async def told(house: Installation, auditor: Actor, request: Request, number: str, language: str) -> Told:
    """The story of a case, and that somebody reads it is recorded. Raises `not_found`."""
    place = await _place(house, number)
    await trail.looked(house, auditor, request, number)
    # The ledger first: what is written while we read is then in the engine's story too.
    ledger = from_ledger(await house.database.read(reads.events, number), language)
    story = await house.histories.story(place) if place else None
    lines = _there(from_engine(story, language) if story is not None else ledger)
    return Told(lines=lines, source="ledger" if story is None else "engine", ledger=ledger)


async def _place(house: Installation, number: str) -> Place | None:
    """By our own row; without one, by the engine alone."""
    found = await house.database.read(reads.case_address, number)
    return Place(found.workflow_id, found.run_id) if found else await house.histories.find(number)


def _there(found: T | None) -> T:
    if not found:
        raise Problem("not_found")
    return found
