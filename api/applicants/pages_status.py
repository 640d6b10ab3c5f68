"""The page on which anybody who knows number and birth date reads where an application stands, without signing in."""

import re
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from activities.storage import reads
from api.applicants.pages_filing import PARTS
from api.applicants.status import StatusForm, StatusShown, looked_up
from api.installation import House
from api.pages.dates import CAPITAL
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.problems import Problem

routes = pages()
STATUS = "/status"
FIELDS = ("number", *(f"birth_date-{part}" for part in PARTS))


@routes.get(STATUS)
async def ask(page: Shown) -> Response:
    """The two questions."""
    return page.show("status.html", typed=dict.fromkeys(FIELDS, ""), wrong={})


@routes.post(STATUS)
async def tell(page: Shown, request: Request, house: House) -> Response:
    """The answer; what does not belong together is said without saying which of both is wrong."""
    typed = {name: page.field(name)[:40] for name in FIELDS}
    day, month, year = (typed[f"birth_date-{part}"] for part in PARTS)
    try:
        form = StatusForm.model_validate(
            {"number": re.sub(r"\s", "", typed["number"]), "birth_date": f"{year}-{month:0>2}-{day:0>2}"}
        )
        found = await looked_up(house, request, form)
    except ValidationError as error:
        names = {str(one["loc"][0]) for one in error.errors()}
        return _again(page, typed, {name: page.t(f"wrong.status.{name}") for name in sorted(names)})
    except Problem as problem:
        if problem.code != "not_found":
            raise
        return _again(page, typed, {"number": page.t("wrong.status.unknown")})
    return await _told(page, house, form.number, found)


def _again(page: Page, typed: dict[str, str], wrong: dict[str, str]) -> Response:
    anchors = {"number": "number", "birth_date": "birth_date-day"}
    errors = [(anchors[name], said) for name, said in sorted(wrong.items(), reverse=True)]
    return page.show("status.html", 422, typed=typed, wrong=wrong, errors=errors)


async def _told(page: Page, house: House, number: str, found: StatusShown) -> Response:
    names = {one.id: one.name for one in await house.database.read(reads.offices)}
    visit = found.appointment
    offset = visit.starts_at.utcoffset() if visit else None
    about: dict[str, Any] = {
        "number": number,
        "found": found,
        "office_name": names.get(visit.office, visit.office) if visit else "",
        "offset": int(offset.total_seconds() // 3600) if offset else CAPITAL,
        "promised": found.promise.collect_on if found.promise else None,
    }
    return page.show("status_told.html", **about)
