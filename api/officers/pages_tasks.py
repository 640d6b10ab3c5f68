"""The screen of a task: choose it, see it, decide on it, and what came of that."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from fastapi import Response as Blank
from pydantic import ValidationError
from starlette.responses import Response

from activities.storage import reads
from activities.storage.reads import desk
from api.current import current
from api.officers import tasks
from api.officers.decisions import Decider
from api.officers.pages_answers import decide, in_order, wrong_fields
from api.officers.pages_capture import capture, found_wrong, given_up
from api.officers.pages_desk import together
from api.officers.pages_sights import sight
from api.officers.pages_work import DESK, WORK, Work, Working, not_now, place_of, refused
from api.pages.acting import Acting
from api.pages.layout import Page
from api.pages.routing import pages
from api.problems import Problem
from workflows.case.record import TaskStep

routes = pages()


@routes.get(WORK)
async def open_work(work: Working, too_large: bool = False) -> Response:
    """The decision screen for who holds the task; else how to get it, or why not."""
    no = await not_now(work)
    if no is not None:
        return no
    if not work.mine:
        return work.page.show("desk/choose.html", work=work, task=work.task)
    return await _screen(work, {"portrait": "desk.wrong.file_too_large"} if too_large else {})


@routes.post(WORK)
async def answer(work: Working, speaker: Acting) -> Response:
    """Decide. What is missing is said at its field with all that was written; what is over is said on a page."""
    if work.page.field("do") == "renew":
        return await _renewed(work)
    officer = Decider(speaker)
    try:
        if work.step is TaskStep.ENROLMENT:
            await capture(work.page, officer)
        else:
            place = await place_of(work.house, work.actor)
            await decide(work.step, work.page, officer, place.offset)
    except (ValidationError, Problem) as error:
        return await _said_no(work, error)
    return work.page.go(f"{work.path}/done")


@routes.get(WORK + "/done")
async def done(work: Working) -> Response:
    """What this officer did last in this case, where it stands since, and what comes next."""
    house, page = work.house, work.page
    events = await house.database.read(reads.events, work.case.number)
    mine = [one for one in events if one.actor == work.actor.id and one.action != "application.filed"]
    if not mine:
        return page.go(DESK)
    listed = await house.database.read(desk.open_tasks, work.actor.office, work.actor.roles)
    same_visit = [one for one in listed if one.number == work.case.number and one.step in together(work.step)]
    waits = [one for one in listed if one.step is work.step and one.owner is None and work.actor.id not in one.barred]
    shown = await current(house, work.case.number, Blank())
    place = await place_of(house, work.actor)
    about: dict[str, Any] = {"last": mine[-1], "shown": shown, "place": place, "waits": len(waits)}
    return page.show("desk/done.html", work=work, on=next(iter(same_visit), None), **about)


async def _said_no(work: Work, error: ValidationError | Problem) -> Response:
    wrong = found_wrong(error) if work.step is TaskStep.ENROLMENT else wrong_fields(work.step, error)
    if not wrong:
        assert isinstance(error, Problem)
        return await refused(work, error)
    no = await not_now(work)
    return no if no is not None else await _screen(work, wrong)


async def _renewed(work: Work) -> Response:
    """The lease for its full length from now; what was written stays."""
    no = await not_now(work)
    if no is not None or work.task is None or work.task.lease_id is None:
        return no or work.page.go(work.path)
    try:
        await tasks.renew(work.task.lease_id, work.actor, work.house)
    except Problem as problem:
        return await refused(work, problem)
    return await _screen(work, {}, renewed=True)


async def _screen(work: Work, wrong: dict[str, str], renewed: bool = False) -> Response:
    page = work.page
    if not work.mine:
        return await refused(work, Problem("lease_lost"))
    task = await work.house.database.read(desk.open_task, work.case.number, work.step)
    if task is None or task.until is None:
        return await refused(work, Problem("lease_lost"))
    about = await sight(work)
    typed = {name: value for name, value in page.form.items() if isinstance(value, str)}
    said = {name: page.t(key) for name, key in in_order(work.step, wrong).items()}
    left = max(0, int((task.until - datetime.now(UTC)).total_seconds() // 60))
    return page.show(
        "desk/work.html",
        422 if wrong else 200,
        work=work,
        task=task,
        left=left,
        renewed=renewed,
        typed=defaultdict(str, typed),
        ticked=page.form.getlist("missing") if page.form else [],
        given_up=given_up(page),
        wrong=defaultdict(str, said),
        errors=[(_anchor(name), _of(page, name, wrong[name], words)) for name, words in said.items()],
        **about,
    )


def _of(page: Page, name: str, key: str, words: str) -> str:
    """What the summary says of a field: of ten fingers, which one; that there are too few is said of none."""
    finger = name.removeprefix("finger_")
    one = finger != name and not key.startswith("desk.reject.fingers.")
    return f"{page.t(f'capture.finger.{finger}')}: {words}" if one else words


def _anchor(name: str) -> str:
    return "until-day" if name == "until" else name
