"""The passport procedure (SOPAP, new and replacement) as one durable workflow. It reads like docs/procedure.md."""

import asyncio

from temporalio import workflow

from workflows.case.facts import Filing
from workflows.casework import Casework
from workflows.desk import CaseEnds
from workflows.handlers import Counter
from workflows.holds import sit_out
from workflows.letterbox import Letterbox
from workflows.messages import Outcome
from workflows.steps.adjudication import adjudicate
from workflows.steps.afterwards import record_issue
from workflows.steps.allocation import allocate_booklet
from workflows.steps.approval import approve
from workflows.steps.attendance import attend
from workflows.steps.booking import book_and_pay
from workflows.steps.booth import interview_and_enrol
from workflows.steps.closing import end_early
from workflows.steps.deduplication import deduplicate
from workflows.steps.examination import examine_documents
from workflows.steps.exit_ban import check_exit_ban
from workflows.steps.handover import hand_over
from workflows.steps.money import payments_accounted, watch_payments
from workflows.steps.news import pass_on_news
from workflows.steps.papers import file_papers
from workflows.steps.personalisation import personalise
from workflows.steps.pre_registration import pre_register
from workflows.steps.quality import assure_quality
from workflows.window import Window


@workflow.defn
class PassportApplication(Counter, Letterbox, Window):
    """One application, from filing to handover."""

    @workflow.init
    def __init__(self, filing: Filing) -> None:
        # The desk is there before the first message: one that comes with the start is handled before `run`.
        self.case = Casework(filing)

    @workflow.run
    async def run(self, filing: Filing) -> Outcome:
        """Carry the application through all steps, or to its early ending."""
        case = self.case
        papers = asyncio.create_task(file_papers(case))
        payments = asyncio.create_task(watch_payments(case))
        news = asyncio.create_task(pass_on_news(case))
        try:
            await self._procedure(case)
            case.desk.clear()
            await record_issue(case)
        except CaseEnds as end:
            await end_early(case, end)
        for beside in (papers, news):
            beside.cancel()
        await workflow.wait_condition(lambda: papers.done() and news.done())
        case.stop_letters()
        case.desk.clear()
        await workflow.wait_condition(workflow.all_handlers_finished)
        await payments_accounted(case)
        payments.cancel()
        return case.outcome()

    async def _procedure(self, case: Casework) -> None:
        # Nobody is charged before the registers have said that this person may apply.
        await pre_register(case)
        # A seat is held while its bill is open: two hours, by the bill itself.
        await book_and_pay(case)
        # Served by appointment: check-in has a window, and the day has an end.
        await attend(case)
        # Originals against uploads; what is missing may be brought within thirty days.
        await examine_documents(case)
        # Who is barred from leaving must be refused. Asked again before print and before handover.
        await check_exit_ban(case, before="interview")
        # Interview and biometric enrolment, in either order; a suspension waits for the head.
        while not case.file.booth_done():
            await interview_and_enrol(case)
            if case.file.suspension:
                await sit_out(case)
        # One person, one identity: the national search, and two pairs of eyes on each candidate.
        candidates = await deduplicate(case)
        if candidates:
            await adjudicate(case, candidates)
        # One collection date, four working days from the interview.
        await approve(case)
        # A booklet is bound to one attempt; a spoiled one is replaced without a new fee.
        issued = False
        while not issued:
            await allocate_booklet(case)
            await check_exit_ban(case, before="print")
            issued = await personalise(case) and await assure_quality(case)
        # One calendar month to collect.
        await hand_over(case)
