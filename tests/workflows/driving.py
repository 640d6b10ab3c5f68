"""Drives one case through the procedure as people would, on the time-skipping server."""

from dataclasses import dataclass
from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from tests.workflows.acting import Acting
from tests.workflows.fakes import USUAL, Outside, in_turn
from workflows import options
from workflows.case.facts import (
    Appointment,
    Filing,
)
from workflows.partners.printers import PrintReport, PrintState
from workflows.passport import PassportApplication


@dataclass
class Driven(Acting):
    """A case that is brought up to a step in one go."""

    async def to_paid(self) -> Appointment:
        """Filed, booked, paid."""
        await self.file()
        seat = await self.book()
        await self.pay()
        return seat

    async def to_checked_in(self) -> None:
        """At the office."""
        await self.attend(await self.to_paid())

    async def to_booth(self) -> None:
        """Documents complete, interview and enrolment due."""
        await self.to_checked_in()
        await self.documents()
        await self.noted("booth.opened")

    async def to_search(self) -> None:
        """Interviewed and enrolled; the matcher is at it."""
        await self.to_booth()
        await self.interview()
        await self.enrol()

    async def to_adjudication(self) -> None:
        """Somebody looks alike."""
        await self.to_search()
        await self.match("G-9")
        await self.noted("duplicates.searched")

    async def to_print_question(self) -> None:
        """The printer's word was not to be had."""
        self.outside.answers["printers.personalise"] = in_turn(PrintReport(state=PrintState.UNKNOWN), USUAL)
        await self.to_approved()
        await self.allocate()
        await self.noted("print.unknown")

    async def to_step(self, step: str) -> None:
        """Up to the wait for an officer's step, by the name of its task."""
        ways = {
            "documents": self.to_checked_in,
            "interview": self.to_booth,
            "adjudication": self.to_adjudication,
            "allocation": self.to_approved,
            "print_question": self.to_print_question,
            "quality": self.to_printed,
            "handover": self.to_ready,
        }
        await ways[step]()

    async def to_approved(self) -> None:
        """Nobody alike, approved."""
        await self.to_search()
        await self.match()
        await self.noted("application.approved")

    async def to_printed(self) -> None:
        """Personalised."""
        await self.to_approved()
        await self.allocate()
        await self.noted("booklet.personalised")

    async def to_ready(self) -> None:
        """Ready for collection."""
        await self.to_printed()
        await self.inspect()
        await self.noted("passport.ready")


async def started(environment: WorkflowEnvironment, outside: Outside, filing: Filing) -> Driven:
    """Start a case.

    The server skips to the run timeouts of cases that are closed; by its default of ten years each the clock of a
    module would run out of the centuries that it can count.
    """
    handle = await environment.client.start_workflow(
        PassportApplication.run,
        filing,
        id=f"passport-{filing.number}",
        task_queue=options.CASES,
        run_timeout=timedelta(days=500),
    )
    return Driven(environment, handle, outside, filing)
