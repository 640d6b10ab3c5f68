"""What may be asked of a case: queries, which only read the file, and the one wait for the filing's answer."""

from temporalio import workflow

from workflows.case.facts import Ending
from workflows.case.names import same_name
from workflows.case.record import CaseView
from workflows.casework import Casework
from workflows.messages import Claims, Recognition, Verdict
from workflows.tray import refusal, refusal_of


class Window:
    """The reading side of a case."""

    case: Casework

    @workflow.update
    async def admission(self) -> Verdict:
        """Wait for what the pre-registration check says; raises its refusal, by problem code."""
        file = self.case.file
        await workflow.wait_condition(lambda: file.admitted or file.ending is not None)
        if file.ending is Ending.NOT_ACCEPTED:
            raise refusal_of(file.objection) if file.objection else refusal(file.ending_reason, "not accepted")
        return self.case.verdict()

    @workflow.query
    def recognise(self, claims: Claims) -> Recognition:
        """Whether a second filing is this one again, the same person, or somebody who guesses.

        Nobody learns from it whom the case is about: only all claims together are recognised.
        """
        filing, person = self.case.file.filing, self.case.file.filing.applicant
        if claims.key == filing.key:
            return Recognition.SAME_FILING
        if self.case.file.ending is not None or not self.case.file.claims_verified:
            return Recognition.NOT_YET_KNOWN
        same = (
            same_name(claims.full_name, person.full_name)
            and claims.birth_date == person.birth_date
            and claims.sex == person.sex
        )
        return Recognition.SAME_PERSON if same else Recognition.STRANGER

    @workflow.query
    def view(self) -> CaseView:
        """The case as people may read it."""
        return self.case.file.view()

    @workflow.query
    def waiting_for(self) -> list[str]:
        """What the case takes now: the trays that are open."""
        return [tray.what for tray in self.case.desk.trays() if tray.is_open]

    @workflow.query
    def refused_pushes(self) -> list[str]:
        """Pushed messages that came out of turn."""
        return self.case.file.refused_pushes
