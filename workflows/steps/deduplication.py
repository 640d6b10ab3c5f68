"""The 1:N search: is this person known under another name? The matcher answers later, by a message."""

from datetime import timedelta

from temporalio import workflow

from workflows.case.facts import Candidate, Stage, Turn
from workflows.case.rules import RuleName
from workflows.casework import Casework
from workflows.holds import ask_or_hold
from workflows.partners.biometrics import DuplicateSearch, SearchRequest, duplicates_searched, search_result


async def deduplicate(case: Casework) -> tuple[Candidate, ...]:
    """Search, and wait for the answer; where its message may be lost, ask again. Candidates go to adjudicators."""
    capture = case.file.capture
    assert capture is not None
    search = DuplicateSearch(
        key=case.key("search"),
        number=case.file.number,
        reference_id=str(workflow.uuid4()),
        portrait=capture.portrait,
        fingers=capture.fingers,
    )
    await ask_or_hold(case, "search", lambda: duplicates_searched(search))
    candidates = await _answer(case, search.key)
    if not candidates:
        case.stand(Stage.VERIFIED, Turn.SYSTEM, "check_exit_ban")
        await case.note(case.entry("duplicates.searched", outcome="none"))
    return candidates


async def _answer(case: Casework, key: str) -> tuple[Candidate, ...]:
    rule = (await case.look_up(RuleName.MATCHING))[RuleName.MATCHING]
    while True:
        until = case.now() + timedelta(minutes=rule.number("poll_minutes"))
        await case.desk.wait(case.desk.matches, until=until, summary="wait for the matcher")
        while delivery := case.desk.matches.take():
            if delivery.message.request_id == key:
                return delivery.message.candidates
        if case.now() >= until:
            found = await ask_or_hold(case, "search", lambda: search_result(SearchRequest(key=key)))
            if found is not None:
                return found.candidates
