"""Document examination: originals against uploads; what is missing is said in writing and may be brought."""

from datetime import datetime, timedelta
from typing import Any

from workflows.admission import by_decider, by_owner
from workflows.case.facts import Ending, Role, Stage, Turn
from workflows.case.record import TaskStep
from workflows.case.rules import RuleName
from workflows.casework import Casework
from workflows.desk import CaseEnds
from workflows.messages import DocumentsDecision, DocumentsOutcome
from workflows.partners.notices import NoticeKind
from workflows.tray import Delivery, Tray


async def examine_documents(case: Casework) -> None:
    """Until the examiner says complete. Thirty days without what is missing end the case as incomplete."""
    until = case.file.complete_by
    assert until is not None
    while True:
        case.desk.documents.open(by_decider(TaskStep.DOCUMENTS, case.file.office))
        decision = await _received(case, case.desk.documents, until)
        case.close_task(TaskStep.DOCUMENTS)
        if decision.message.outcome is DocumentsOutcome.COMPLETE:
            await _complete(case, decision)
            return
        if decision.message.outcome is DocumentsOutcome.REFUSE:
            raise CaseEnds(Ending.REFUSED, decision.message.reason, asked=decision, role=Role.EXAMINER)
        until = await _returned(case, decision)
        until = await _completed(case, until)


async def _received(case: Casework, tray: Tray[Any], until: datetime) -> Delivery[Any]:
    received = await case.desk.wait(tray, until=until, summary=tray.what)
    tray.shut()
    delivery = tray.take() if received else None
    if delivery is None:
        raise CaseEnds(Ending.INCOMPLETE, "the documents were not completed in time", rule=case.file.completion_rule)
    return delivery


async def _complete(case: Casework, decision: Delivery[DocumentsDecision]) -> None:
    case.file.mark_papers("verified")
    case.stand(Stage.DOCUMENTS_EXAMINED, Turn.SYSTEM, "check_exit_ban")
    entry = case.entry("documents.examined", act=decision.message, role=Role.EXAMINER, outcome="complete")
    decision.answer(await case.note(entry))


async def _returned(case: Casework, decision: Delivery[DocumentsDecision]) -> datetime:
    """Permenkumham 8/2014: returned with a written note; the applicant then has thirty days."""
    completion = (await case.look_up(RuleName.COMPLETION))[RuleName.COMPLETION]
    until = case.now() + timedelta(days=completion.number("days"))
    case.file.complete_by, case.file.completion_rule = until, completion.reference
    case.file.mark_papers("returned", *decision.message.missing)
    case.stand(Stage.ON_HOLD, Turn.APPLICANT, "bring_missing_documents", until)
    case.desk.completion.open(by_owner(case.file.filing.owner))
    entry = case.entry(
        "documents.examined",
        act=decision.message,
        role=Role.EXAMINER,
        outcome="return",
        rule=completion.reference,
        details={"missing": " ".join(decision.message.missing)},
    )
    decision.answer(await case.note(entry))
    case.send(NoticeKind.RETURNED, missing=" ".join(decision.message.missing), until=case.local_text(until))
    return until


async def _completed(case: Casework, until: datetime) -> datetime:
    """What was missing is there: it is the office's turn, and the thirty days begin anew."""
    delivery = await _received(case, case.desk.completion, until)
    completion = (await case.look_up(RuleName.COMPLETION))[RuleName.COMPLETION]
    until = case.now() + timedelta(days=completion.number("days"))
    case.file.complete_by, case.file.completion_rule = until, completion.reference
    case.stand(Stage.CHECKED_IN, Turn.OFFICE, "examine_documents", until)
    case.open_task(TaskStep.DOCUMENTS, until)
    entry = case.entry("documents.completed", act=delivery.message, role=Role.APPLICANT)
    delivery.answer(await case.note(entry))
    return until
