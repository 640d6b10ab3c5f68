"""What an officer sees beside a task: the person, the papers, the portrait, and what the step is about."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from activities.storage import booklets, reads
from activities.storage.reads import desk
from api import trail
from api.access import LIKENESS_READERS, PAPER_READERS, PERSON_READERS
from api.applicants.person import PersonShown, read_person
from api.officers.pages_work import Work, place_of
from api.pages.rules import in_force
from api.problems import Problem
from api.uploads import PDF
from workflows.case.dates import age_on
from workflows.case.facts import Applicant
from workflows.case.papers import Paper
from workflows.case.record import TaskStep
from workflows.case.rules import RuleName

PORTRAITS = (TaskStep.ADJUDICATION, TaskStep.QUALITY, TaskStep.HANDOVER)
PAPERS = (TaskStep.DOCUMENTS, TaskStep.INTERVIEW, TaskStep.ENROLMENT, TaskStep.RESUME, TaskStep.HANDOVER)
# ISO/IEC 19794: right thumb to little, then left.
HANDS = {"right": (1, 2, 3, 4, 5), "left": (6, 7, 8, 9, 10)}
MOST_BLANKS = 200


@dataclass(frozen=True, slots=True)
class Double:
    """Somebody whom the matcher named: how we know them, and what stands of them in their own case, if it is ours."""

    place: int
    reference: str
    number: str | None
    person: Applicant | None
    portrait: bool


async def sight(work: Work) -> dict[str, Any]:
    """All that the screen of a task shows. The read of the person is recorded, as the API does."""
    row = await work.house.database.read(reads.application, work.case.number)
    if row is None:
        raise Problem("not_found")
    papers = _papers(work, row.view.papers)
    about = {
        "row": row,
        "view": row.view,
        "person": await _person(work),
        "age": age_on,
        "papers": papers,
        "pdfs": await _pdfs(work, papers),
        "portrait": await _has_portrait(work),
        "place": await place_of(work.house, work.actor),
        "now": datetime.now(UTC),
    }
    more = MORE.get(work.step)
    return {**about, **(await more(work) if more else {})}


async def _person(work: Work) -> PersonShown | None:
    """Who it is about; not for who only handles booklets, as with the API."""
    if not set(PERSON_READERS) & set(work.actor.roles):
        return None
    return await read_person(work.case, work.request, work.actor, work.house)


def _papers(work: Work, papers: tuple[Paper, ...]) -> list[Paper]:
    may = work.step in PAPERS and set(PAPER_READERS) & set(work.actor.roles)
    return list(papers) if may else []


async def _pdfs(work: Work, papers: list[Paper]) -> set[str]:
    """Which papers a page cannot show as a picture."""
    found = set()
    for one in papers:
        if not one.sha256:
            continue
        content = await asyncio.to_thread(work.house.files.get, one.sha256) if one.pages == 1 else PDF
        if content.startswith(PDF):
            found.add(one.kind.value)
    return found


async def _has_portrait(work: Work) -> bool:
    if work.step not in PORTRAITS or not set(LIKENESS_READERS) & set(work.actor.roles):
        return False
    return await work.house.database.read(desk.portrait, work.case.number) is not None


async def _capture(work: Work) -> dict[str, Any]:
    rules = await in_force(work.house, RuleName.ENROLMENT, office=work.actor.office)
    rule = rules[RuleName.ENROLMENT]
    return {"hands": HANDS, "fewest": rule.number("fingers"), "face": rule.number("face_quality")}


async def _doubles(work: Work) -> dict[str, Any]:
    found = await work.house.database.read(desk.likenesses, work.case.number)
    return {"doubles": [await _double(work, place, one) for place, one in enumerate(found)]}


async def _double(work: Work, place: int, found: desk.Likeness) -> Double:
    if found.number is None:
        return Double(place, found.reference_id, None, None, portrait=False)
    # Two people are read here, so two reads are recorded.
    await trail.looked(work.house, work.actor, work.request, found.number, "named by the matcher")
    person = await work.house.database.read(reads.applicant, found.number, work.house.keys.columns)
    return Double(place, found.reference_id, found.number, person, portrait=bool(found.portrait))


async def _stock(work: Work) -> dict[str, Any]:
    found = await work.house.database.run(booklets.stock, work.actor.office)
    return {"blanks": found.serials[:MOST_BLANKS], "left_in_stock": found.counts.get("stock", 0)}


async def _hold(work: Work) -> dict[str, Any]:
    """Why the case is on hold: the last thing that was recorded before its head was asked."""
    events = await work.house.database.read(reads.events, work.case.number)
    held = [one for one in events if one.outcome in ("suspend", "suspended")]
    return {"held": held[-1] if held else None}


MORE: dict[TaskStep, Callable[[Work], Awaitable[dict[str, Any]]]] = {
    TaskStep.ENROLMENT: _capture,
    TaskStep.ADJUDICATION: _doubles,
    TaskStep.ALLOCATION: _stock,
    TaskStep.RESUME: _hold,
}
