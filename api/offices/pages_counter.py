"""A counter: call the next person, call again, no-show, aside; the decision is made on the screen of the task."""

from typing import Annotated, Literal

from fastapi import Path
from pydantic import ValidationError
from starlette.responses import Response

from activities.storage import queue
from activities.storage.reads import desk
from api.fields import CounterId
from api.installation import Caller, House
from api.officers.pages_work import DESK, place_of
from api.offices import counters
from api.offices.counters import ROLE_AT, NextForm, TicketForm
from api.pages.acting import FormId
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.problems import Problem

routes = pages()
COUNTERS = DESK + "/counter"
COUNTER = DESK + "/counter/{counter}"
MOST_COUNTERS = 12
Act = Annotated[Literal["next", "recall", "no-show", "park"], Path()]


@routes.get(COUNTERS)
async def choose(page: Shown, actor: Caller, house: House) -> Response:
    """At which counter the officer sits."""
    return page.show("desk/counters.html", place=await place_of(house, actor), most=MOST_COUNTERS)


@routes.get(COUNTER)
async def sit(counter: CounterId, page: Shown, actor: Caller, house: House, nobody: bool = False) -> Response:
    """Who is at the counter, who waits aside, and how many wait."""
    return await _counter(page, house, actor, counter, nobody=nobody)


@routes.post(COUNTER + "/{act}")
async def do(counter: CounterId, act: Act, page: Shown, actor: Caller, house: House, message: FormId) -> Response:
    """By the very code of the API. Somebody who stands at the counter is served before another is called."""
    here, office = COUNTER.format(counter=counter), actor.office
    try:
        if act == "next":
            return page.go(here + await _called(page, counter, actor, house, message))
        form = TicketForm(ticket=page.field("ticket"), reason=page.field("reason"))
        if act == "recall":
            await counters.recall(office, counter, form, actor, house)
        elif act == "park":
            await counters.park(office, counter, form, actor, house)
        else:
            await counters.no_show(office, counter, form, actor, house)
    except (ValidationError, Problem) as error:
        if isinstance(error, Problem) and error.code != "not_found":
            raise
        return await _counter(page, house, actor, counter, wrong="desk.wrong.ticket")
    return page.go(here)


async def _called(page: Page, counter: str, actor: Caller, house: House, message: str) -> str:
    standing = await house.database.read(desk.at_counter, actor.office, counter, actor.id)
    if any(one.state == "called" and one.until for one in standing):
        return ""
    form = NextForm.model_validate({"step": page.field("step")})
    called = await counters.next_person(actor.office, counter, form, actor, house, message)
    return "?nobody=true" if isinstance(called, Response) else ""


async def _counter(
    page: Page, house: House, actor: Caller, counter: str, wrong: str = "", nobody: bool = False
) -> Response:
    at = await house.database.read(desk.at_counter, actor.office, counter, actor.id)
    return page.show(
        "desk/counter.html",
        422 if wrong else 200,
        counter=counter,
        place=await place_of(house, actor),
        board=await house.database.read(queue.board, actor.office),
        called=[one for one in at if one.state == "called"],
        aside=[one for one in at if one.state != "called" and one.steps],
        serves=[step for step, role in ROLE_AT.items() if role in actor.roles],
        nobody=nobody,
        errors=[("next", page.t(wrong))] if wrong else [],
    )
