"""Approved: the case goes to print, with the one date on which the passport may be collected."""

from workflows.case.facts import Promise, Service, Stage, Turn
from workflows.case.record import TaskStep
from workflows.case.rules import RuleName
from workflows.casework import Casework
from workflows.partners.rulebook import working_day_after


async def approve(case: Casework) -> None:
    """Permenkumham 8/2014 art. 22: four working days from the interview, computed once and read everywhere."""
    interviewed_at, appointment = case.file.interviewed_at, case.file.appointment
    assert interviewed_at is not None
    assert appointment is not None
    rule = (await case.look_up(RuleName.PROMISE))[RuleName.PROMISE]
    same_day = case.file.filing.service is Service.SAME_DAY
    days = rule.number("same_day_working_days" if same_day else "working_days")
    counted_from = appointment.local(interviewed_at).date()
    collect_on = await working_day_after(counted_from, days, case.file.office)
    case.file.promise = Promise(collect_on=collect_on, since=case.now(), rule=rule.reference)
    case.stand(Stage.APPROVED, Turn.OFFICE, "allocate_booklet")
    case.open_task(TaskStep.ALLOCATION)
    details = {"collect_on": collect_on.isoformat()}
    await case.note(case.entry("application.approved", outcome="approved", rule=rule.reference, details=details))
