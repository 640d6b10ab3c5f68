"""A case found by its number at the desk, whatever is to be done with it."""

import re

from starlette.responses import Response

from api.installation import House
from api.lookup import NUMBER, find_case
from api.pages.layout import Page
from api.problems import Problem
from workflows.case.facts import Actor


async def found(page: Page, house: House, actor: Actor, number: str | None, asking: str, onward: str) -> Response:
    """The page `asking` until a case of the office is named, then on to `onward`, an address with `{number}`."""
    if number is None:
        return page.show(asking, typed="")
    plain = re.sub(r"\s", "", number)
    try:
        if not re.fullmatch(NUMBER, plain):
            raise Problem("not_found")
        await find_case(house, actor, plain)
    except Problem as problem:
        if problem.code != "not_found":
            raise
        said = "desk.checkin.not_found" if re.fullmatch(NUMBER, plain) else "desk.wrong.number"
        return page.show(asking, 422, typed=number[:40], errors=[("number", page.t(said))])
    return page.go(onward.format(number=plain))
