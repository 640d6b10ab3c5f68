"""Pages of a draft for several people: one more, a change, one less."""

from uuid import uuid4

from starlette.responses import Response

from api.applicants import draft as drafts
from api.applicants import people
from api.applicants.pages_filing import circumstances, draft_of, next_page, put
from api.applicants.questions import Circumstances, Draft
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.problems import Problem
from workflows.case.rules import RuleName

routes = pages()


@routes.post("/apply/people")
async def change_people(page: Shown) -> Response:
    """Add another person, go back to one to change an answer, or leave one out."""
    now, draft = await circumstances(page), await draft_of(page)
    changed = _changed(page, draft, now)
    await put(page, changed)
    return page.go(next_page(changed, now))


def _changed(page: Page, draft: Draft, now: Circumstances) -> Draft:
    known, key, what = people.everybody(draft), uuid4().hex, page.field("do")
    if what == "add" and len(known) < most(now) and drafts.first_open(draft, now) is None:
        return people.with_another(draft, key)
    given = page.field("place")
    place = int(given) if given.isascii() and given.isdigit() and len(given) < 3 else -1
    if not 0 <= place < len(known):
        raise Problem("bad_request")
    if what == "change" and drafts.first_open(draft, now) is None:
        return people.turned_to(draft, place, key)
    if what == "leave_out" and len(known) > 1:
        return people.without(draft, place, key)
    raise Problem("bad_request")


def most(now: Circumstances) -> int:
    """How many people may be filed for in one act, by the rule."""
    return now.rules[RuleName.FAMILY].number("most")
