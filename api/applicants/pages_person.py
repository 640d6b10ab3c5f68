"""One's own data, and who has looked at them (PDP law 27/2022, art. 32: data and their trail, on request)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi.responses import JSONResponse
from starlette.responses import Response

from activities.storage import reads
from api.applicants.person import PersonShown
from api.current import current
from api.installation import House, Installation
from api.lookup import Case
from api.pages.acting import SeenCase
from api.pages.dates import CAPITAL
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.pages.texts import has
from api.problems import Problem
from workflows.case.facts import PaperKind

routes = pages()
DATA = "/applications/{number}/data"
MOST = 100  # looks on the page
PAPERS = {kind.value for kind in PaperKind}
# What was looked at, by the end of the address that was asked for; anything else is the application itself.
PARTS = (("/applicant", "person"), ("/history", "history"), ("/portrait", "portrait"), ("/doubles/{place}", "portrait"))


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at something: the role and office, not the name, which the record keeps for auditors."""

    at: datetime
    role: str
    office: str
    what: str


@routes.get(DATA)
async def my_data(case: SeenCase, page: Shown, house: House) -> Response:
    """The person as filed, and every look by somebody of the office or an auditor, the newest first."""
    person, looks = await _person(house, case.number), await _looks(page, house, case)
    shown = await current(house, case.number, Response())
    seat = shown.appointment
    offset = seat.starts_at.utcoffset() if seat else None
    hours = int(offset.total_seconds() // 3600) if offset else CAPITAL
    about: dict[str, Any] = {"shown": shown, "person": person, "looks": looks, "most": MOST, "offset": hours}
    return page.show("data.html", **about)


@routes.get(DATA + ".json")
async def my_data_as_file(case: SeenCase, page: Shown, house: House) -> Response:
    """The same for programs, to keep or to take elsewhere (art. 13)."""
    person, looks = await _person(house, case.number), await _looks(page, house, case)
    shown = await current(house, case.number, Response())
    content = {
        "person": person.model_dump(mode="json"),
        "application": shown.model_dump(mode="json"),
        "looked_at_by": [
            {"at": one.at.isoformat(), "who": one.role, "office": one.office, "what": one.what} for one in looks
        ],
    }
    named = f"attachment; filename=paspor-{case.number}.json"
    return JSONResponse(content, headers={"Content-Disposition": named, "Cache-Control": "no-store"})


async def _person(house: Installation, number: str) -> PersonShown:
    found = await house.database.read(reads.applicant, number, house.keys.columns)
    if found is None:
        raise Problem("not_found")
    return PersonShown.model_validate(found, from_attributes=True)


async def _looks(page: Page, house: Installation, case: Case) -> list[Look]:
    found = await house.database.run(reads.reads_of, case.number, None, MOST)
    names = {one.id: one.name for one in await house.database.read(reads.offices)}
    return [
        Look(row.at, _role(page, row.role), names.get(row.actor.rpartition("@")[2], ""), _what(page, row))
        for row in found.items
        if row.outcome == "read"
    ]


def _role(page: Page, roles: str) -> str:
    """The roles that somebody had then, in words."""
    return ", ".join(page.t(f"seen.role.{role}") if has(f"seen.role.{role}") else role for role in roles.split())


def _what(page: Page, row: reads.ReadRow) -> str:
    if row.why in PAPERS:
        return page.t(f"paper.{row.why}")
    part = next((name for ending, name in PARTS if row.action.endswith(ending)), "case")
    return page.t(f"seen.what.{part}")
