"""An officer's desk: what they hold, what waits at their office; taking the next, choosing one, giving it back."""

from collections import Counter
from datetime import UTC, datetime

from pydantic import ValidationError
from starlette.responses import Response

from activities.storage.reads import desk
from activities.storage.reads.desk import DeskTask
from api.installation import Caller, House
from api.officers import tasks
from api.officers.pages_work import DESK, WORK, Working, not_now, place_of, refused
from api.officers.tasks import ROLE_OF, ChoiceForm, StepForm
from api.pages.acting import FormId
from api.pages.layout import Shown
from api.pages.routing import pages
from api.problems import Problem
from workflows.case.facts import Actor, Role
from workflows.case.record import TaskStep

routes = pages()
BOOTH = (TaskStep.INTERVIEW, TaskStep.ENROLMENT)


@routes.get(DESK)
async def at_desk(page: Shown, actor: Caller, house: House, step: str = "", none: bool = False) -> Response:
    """Own work first, then what waits, the most urgent first; of one step where one is asked for."""
    listed = await house.database.read(desk.open_tasks, actor.office, actor.roles)
    waits = [one for one in listed if one.owner != actor.id and actor.id not in one.barred]
    steps = steps_of(actor, waits)
    chosen = next((one for one in steps if one == step), None)
    return page.show(
        "desk/desk.html",
        mine=[one for one in listed if one.owner == actor.id],
        waiting=[one for one in waits if chosen in (None, one.step)],
        counts=Counter(one.step for one in waits if one.owner is None),
        steps=steps,
        chosen=chosen,
        nothing=none,
        place=await place_of(house, actor),
        front=_doors(actor),
        now=datetime.now(UTC),
    )


@routes.post(DESK + "/next")
async def take_next(page: Shown, actor: Caller, house: House, message: FormId) -> Response:
    """The next one by the rule. Who holds one of that step already goes on with it, so that two clicks take one."""
    try:
        step = StepForm.model_validate({"step": page.field("step")}).step
    except ValidationError:
        return page.go(DESK)
    held = await house.database.read(desk.open_tasks, actor.office, actor.roles)
    own = next((one for one in held if one.owner == actor.id and one.step in together(step)), None)
    if own is not None:
        return page.go(WORK.format(number=own.number, step=own.step.value))
    given = await tasks.next_task(StepForm(step=step), actor, house, message)
    if isinstance(given, Response):
        return page.go(f"{DESK}?step={step.value}&none=true")
    return page.go(WORK.format(number=given.task.application, step=given.task.step.value))


@routes.post(WORK + "/claim")
async def choose(work: Working) -> Response:
    """This one out of turn, for a reason that is recorded."""
    no, page = await not_now(work), work.page
    if no is not None or work.task is None:
        return no or page.go(DESK)
    try:
        await tasks.claim(work.task.id, work.actor, work.house, ChoiceForm(reason=page.field("reason")))
    except (Problem, ValidationError) as error:
        if isinstance(error, ValidationError) or error.code == "invalid_input":
            return page.show("desk/choose.html", 422, work=work, task=work.task, errors=_reason_wanted(work))
        return await refused(work, error)
    return page.go(work.path)


@routes.post(WORK + "/release")
async def give_back(work: Working) -> Response:
    """Give it back; where it is gone already, that is as good."""
    if work.task is not None and work.mine:
        try:
            await tasks.drop(work.task.id, work.actor, work.house)
        except Problem as problem:
            if problem.code != "lease_lost":
                raise
    return work.page.go(f"{DESK}?step={work.step.value}")


def together(step: TaskStep) -> tuple[TaskStep, ...]:
    """The steps that are one visit: interview and enrolment are."""
    return BOOTH if step in BOOTH else (step,)


def steps_of(actor: Actor, listed: list[DeskTask]) -> list[TaskStep]:
    """The steps that an officer decides on, with whatever else waits for them."""
    there = {one.step for one in listed}
    return [step for step in TaskStep if ROLE_OF[step] in actor.roles or step in there]


def _reason_wanted(work: Working) -> list[tuple[str, str]]:
    return [("reason", work.page.t("desk.wrong.reason"))]


def _doors(actor: Actor) -> list[str]:
    doors = {
        "check-in": {Role.EXAMINER, Role.SUPERVISOR},
        "counter": {Role.EXAMINER, Role.INTERVIEWER},
        "closures": {Role.SUPERVISOR, Role.HEAD},
        "reschedule": {Role.SUPERVISOR, Role.HEAD},
        "draws": {Role.SUPERVISOR},
        "cancellation": {Role.HEAD},
        "payments": {Role.SUPERVISOR, Role.HEAD},
        "notices": {Role.SUPERVISOR, Role.HEAD},
    }
    return [door for door, roles in doors.items() if roles & set(actor.roles)]
