"""Two adjudicators look at a duplicate candidate, neither of whom interviewed the person; the head settles a doubt."""

from workflows.admission import by_officer
from workflows.case.facts import Candidate, Ending, Role, Stage, Turn
from workflows.case.record import TaskStep
from workflows.casework import Casework
from workflows.desk import CaseEnds
from workflows.messages import AdjudicationDecision, AdjudicationOutcome
from workflows.tray import Delivery, refusal

Opinion = Delivery[AdjudicationDecision]


async def adjudicate(case: Casework, candidates: tuple[Candidate, ...]) -> None:
    """Returns when the person is held to be nobody else; a confirmed duplicate ends the case."""
    interviewer = case.file.interviewed_by
    seen = [interviewer.id] if interviewer else []
    opinions: list[AdjudicationOutcome] = []
    await _begun(case, candidates, tuple(seen))
    for _ in range(2):
        opinion = await _opinion(case, Role.ADJUDICATOR, tuple(seen))
        seen.append(opinion.message.by.id)
        opinions.append(opinion.message.outcome)
        settled = _settled(opinions)
        if settled is None:
            await _noted(case, opinion, Role.ADJUDICATOR, tuple(seen), second=len(opinions) == 1)
        else:
            await _conclude(case, opinion, Role.ADJUDICATOR, settled)
            return
    opinion = await _opinion(case, Role.HEAD, tuple(seen))
    await _conclude(case, opinion, Role.HEAD, opinion.message.outcome)


def _settled(opinions: list[AdjudicationOutcome]) -> AdjudicationOutcome | None:
    """What two equal and certain opinions say."""
    agreed = len(opinions) == 2 and opinions[0] is opinions[1]
    return opinions[0] if agreed and opinions[0] is not AdjudicationOutcome.UNSURE else None


async def _begun(case: Casework, candidates: tuple[Candidate, ...], barred: tuple[str, ...]) -> None:
    case.stand(Stage.ADJUDICATION, Turn.OFFICE, "adjudicate")
    case.open_task(TaskStep.ADJUDICATION, barred=barred)
    details = {"candidates": " ".join(candidate.reference_id for candidate in candidates)}
    await case.note(case.entry("duplicates.searched", outcome="candidates", details=details))


async def _opinion(case: Casework, role: Role, barred: tuple[str, ...]) -> Opinion:
    tray = case.desk.adjudication
    officer = by_officer(role, office=case.file.office, barred=barred)

    def rule(act: AdjudicationDecision) -> None:
        officer(act)
        if role is Role.HEAD and act.outcome is AdjudicationOutcome.UNSURE:
            raise refusal("invalid_input", "the head's opinion settles the doubt", pointer="/outcome")

    tray.open(rule)
    await case.desk.wait(tray, summary="adjudication")
    opinion = tray.take()
    assert opinion is not None
    case.close_task(TaskStep.ADJUDICATION)
    return opinion


async def _noted(case: Casework, opinion: Opinion, role: Role, barred: tuple[str, ...], *, second: bool) -> None:
    """One opinion is not enough, or two differ: the next person's task opens with this note."""
    case.open_task(TaskStep.ADJUDICATION, barred=barred, role=Role.ADJUDICATOR if second else Role.HEAD)
    entry = case.entry("adjudication.opinion", act=opinion.message, role=role, outcome=opinion.message.outcome.value)
    opinion.answer(await case.note(entry))


async def _conclude(case: Casework, opinion: Opinion, role: Role, outcome: AdjudicationOutcome) -> None:
    if outcome is not AdjudicationOutcome.NO_MATCH:
        raise CaseEnds(Ending.REFUSED, "duplicate_confirmed", asked=opinion, role=role)
    case.stand(Stage.VERIFIED, Turn.SYSTEM, "check_exit_ban")
    entry = case.entry("adjudication.concluded", act=opinion.message, role=role, outcome=outcome.value)
    opinion.answer(await case.note(entry))
