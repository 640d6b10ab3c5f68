"""Filing for several people in one act: all are judged, and either all stand or none is left.

The act has a row of its own before the first case starts. Whoever asks again under the same key goes on with it, after
a death at any moment; one that nobody asks for again is ended by the relay, as soon as the rule's minutes are over.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from activities.storage import families, reads
from api.applicants.assisting import count_assisted
from api.applicants.filing import filed
from api.cases import Place
from api.installation import Installation
from api.problems import Problem, invalid
from workflows.case.facts import Actor, Filing, Role
from workflows.messages import Withdrawal

MEMBER = "/applications/{place}"
# What is refused with no word on where: the field that it is about.
FIELDS = {"live_application_exists": "/applicant/nik", "already_holds_passport": "/applicant/nik"}
MOST_AT_ONCE = 20


def family_id(house: Installation, caller: str, key: str) -> UUID:
    """The id of the act: of who asked with which key, so that asking again is the same act."""
    return UUID(house.keys.digest("family", f"{caller}|{key}"))


async def filed_together(house: Installation, family: UUID, filings: Sequence[Filing], message_id: str) -> None:
    """File for all of them. Raises the refusal, by member, when one was refused; then the others end too."""
    _check_distinct(filings)
    await count_assisted(house, filings)
    owner, numbers = filings[0].owner, [filing.number for filing in filings]
    act = await house.database.run(families.begin, family, owner, numbers)
    if act.state == "filing":
        act = await _judged(house, family, filings, message_id)
    if act.state == "refused":
        await _end_members(house, family)
        refusal: Mapping[str, Any] = act.refusal or families.LAPSED
        raise Problem(refusal["code"], errors=refusal["errors"])


async def _judged(house: Installation, family: UUID, filings: Sequence[Filing], message_id: str) -> families.Act:
    tries = (filed(house, filing, f"{message_id}/{place}") for place, filing in enumerate(filings))
    answers = await asyncio.gather(*tries, return_exceptions=True)
    found = [answer for answer in answers if isinstance(answer, BaseException)]
    unexpected = [error for error in found if not isinstance(error, Problem)]
    refused = {place: answer for place, answer in enumerate(answers) if isinstance(answer, Problem) and answer.final}
    if unexpected:
        raise unexpected[0]
    if refused:
        return await house.database.run(families.refuse, family, _refusal(refused))
    if found:  # not judged yet: the same key goes on from here
        raise found[0]
    return await house.database.run(families.stand, family)


def _refusal(refused: Mapping[int, Problem]) -> dict[str, Any]:
    """What is said of the act: the code of the first refusal, and of each member the field and why."""
    errors = []
    for place, problem in refused.items():
        fallback = [{"pointer": FIELDS.get(problem.code, "/applicant"), "detail": problem.code}]
        for error in problem.about.get("errors") or fallback:
            errors.append({**error, "pointer": MEMBER.format(place=place) + error["pointer"]})
    return {"code": next(iter(refused.values())).code, "errors": errors}


def _check_distinct(filings: Sequence[Filing]) -> None:
    known: set[str] = set()
    for place, filing in enumerate(filings):
        if filing.person_key in known:
            raise invalid(MEMBER.format(place=place) + "/applicant/nik", "is the NIK of another member")
        known.add(filing.person_key)


async def _end_members(house: Installation, family: UUID) -> None:
    """End those who stand. What does not answer now is ended by the relay, under the same id."""
    found = await house.database.read(reads.family, family)
    living = found.living if found else ()
    await asyncio.gather(*(_end(house, family, found.owner, member) for member in living if found))


async def _end(house: Installation, family: UUID, owner: str, member: reads.Member) -> None:
    by = Actor(id=owner, roles=(Role.APPLICANT,))
    with suppress(Problem):
        await house.cases.tell(
            Place(member.workflow_id, member.run_id),
            "withdraw",
            Withdrawal(by=by, reason=families.ENDED_WITH_FAMILY),
            families.ending_id(family, member.number),
        )
