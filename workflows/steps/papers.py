"""Uploads: they may come at any time until the examiner has seen the originals, beside whatever else goes on."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

from workflows.case.facts import Role, Stage
from workflows.casework import Casework
from workflows.messages import PaperAdded
from workflows.tray import Delivery, refusal


async def file_papers(case: Casework) -> None:
    """Enter each upload as it comes; runs beside the procedure until the case ends."""
    while True:
        await workflow.wait_condition(lambda: case.desk.papers.filled)
        delivery = case.desk.papers.take()
        if delivery:
            await _filed(case, delivery)


async def _filed(case: Casework, delivery: Delivery[PaperAdded]) -> None:
    paper = delivery.message
    known = case.file.papers.get(paper.kind.value)
    if (known and known.state == "verified") or case.file.stage is Stage.ENDED:
        delivery.refuse(refusal("not_your_turn", "this document has been examined"))
        return
    case.file.add_paper(paper.kind, paper.sha256, paper.pages)
    entry = case.entry(
        "paper.added", act=paper, role=Role.APPLICANT, details={"kind": paper.kind, "pages": str(paper.pages)}
    )
    try:
        delivery.answer(await case.note(entry))
    except ActivityError as error:
        if not is_cancelled_exception(error):
            raise
        delivery.refuse(refusal("not_your_turn", "the case has ended"))
        raise asyncio.CancelledError from error
