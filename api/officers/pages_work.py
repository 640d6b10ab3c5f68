"""One step of one case in front of one officer: may they, does it still wait, and who holds it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from activities.storage import reads
from activities.storage.reads import desk
from activities.storage.reads.desk import DeskTask
from api import access, trail
from api.installation import Caller, House, Installation
from api.lookup import Case, VisibleCase
from api.officers.decisions import ADDRESS
from api.pages.dates import CAPITAL
from api.pages.layout import Page, Shown
from api.problems import Problem
from workflows.case.facts import Actor
from workflows.case.record import TaskStep

DESK = "/desk"
WORK = "/desk/applications/{number}/{step}"
# Refusals that have a page of their own, which says what to do now.
SAID = ("lease_lost", "not_your_turn", "same_officer", "already_claimed", "exit_ban", "lease_required")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A step of a case, and its open task, if there is one."""

    case: Case
    step: TaskStep
    task: DeskTask | None
    actor: Actor
    house: Installation
    page: Page
    request: Request

    @property
    def path(self) -> str:
        """Where this work stands."""
        return WORK.format(number=self.case.number, step=self.step.value)

    @property
    def mine(self) -> bool:
        """Whether the officer holds it."""
        return self.task is not None and self.task.owner == self.actor.id


async def _work(step: TaskStep, case: VisibleCase, actor: Caller, house: House, page: Shown, request: Request) -> Work:
    task = await house.database.read(desk.open_task, case.number, step)
    # The head decides where two adjudicators differ, and only there.
    roles = {task.role} if task else access.row_of("POST", f"{ADDRESS}/{step.value}").roles
    if not roles & set(actor.roles):
        await trail.refused(house, actor, request, "role_not_allowed")
        raise Problem("role_not_allowed")
    return Work(case=case, step=step, task=task, actor=actor, house=house, page=page, request=request)


Working = Annotated[Work, Depends(_work)]


async def not_now(work: Work) -> Response | None:
    """The page that says why an officer cannot decide here now; None where they hold the task."""
    task, page = work.task, work.page
    if task is None:
        return page.show("desk/no.html", 409, work=work, code="not_your_turn")
    if work.actor.id in task.barred:
        return page.show("desk/no.html", 409, work=work, code="same_officer")
    if task.owner and not work.mine:
        place = await place_of(work.house, work.actor)
        return page.show("desk/held.html", 409, work=work, task=task, place=place)
    return None


async def refused(work: Work, problem: Problem) -> Response:
    """The page of a refusal that has one, recorded where the law wants that; raises all others."""
    if problem.code not in SAID:
        raise problem
    if problem.code in trail.TRACED:
        await trail.refused(work.house, work.actor, work.request, problem.code)
    return work.page.show("desk/no.html", 409, work=work, code=problem.code)


@dataclass(frozen=True, slots=True)
class Place:
    """An officer's office: its name, and the hours of its clock."""

    name: str
    offset: int


async def place_of(house: Installation, actor: Actor) -> Place:
    """The office of an officer."""
    found = next((one for one in await house.database.read(reads.offices) if one.id == actor.office), None)
    return Place(found.name, found.utc_offset) if found else Place(actor.office, CAPITAL)
