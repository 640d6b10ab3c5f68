"""The day of the appointment: check-in within its window, or a no-show when the day is over."""

from dataclasses import replace
from datetime import timedelta

from workflows.admission import by_officer, by_owner
from workflows.case.attendance import arrival, no_show_at, rank_from
from workflows.case.facts import Ending, Role, Stage, Turn
from workflows.case.judgement import Objection
from workflows.case.record import TaskStep
from workflows.case.rules import RuleName
from workflows.casework import Casework
from workflows.desk import CaseEnds
from workflows.messages import CheckIn, SeatTaken
from workflows.partners.seats import admitted_to_queue
from workflows.tray import Delivery, refusal, refusal_of

# One look for all that the visit needs; a step on a later day looks its own rules up anew.
VISIT_RULES = (
    RuleName.ATTENDANCE,
    RuleName.COMPLETION,
    RuleName.ENROLMENT,
    RuleName.MATCHING,
    RuleName.PROMISE,
    RuleName.VALIDITY,
    RuleName.COLLECTION,
)


FRONT_DESK = (Role.KIOSK, Role.EXAMINER, Role.SUPERVISOR)


async def attend(case: Casework) -> None:
    """Wait for the person; until the day before, the appointment may still be moved once."""
    case.desk.seat.open(by_owner(case.file.filing.owner))
    while case.file.ticket is None:
        _open_for_check_in(case)
        appointment = case.file.appointment
        assert appointment is not None
        came = await case.desk.wait(
            case.desk.check_in, case.desk.seat, until=no_show_at(appointment), summary="attend the appointment"
        )
        if not came:
            raise CaseEnds(Ending.NO_SHOW, "nobody came on the day of the appointment")
        if moved := case.desk.seat.take():
            await _rescheduled(case, moved)
        if arrived := case.desk.check_in.take():
            await _checked_in(case, arrived)
    case.desk.seat.turn_away("the person has come")
    case.desk.check_in.open(_already_here)


def _open_for_check_in(case: Casework) -> None:
    if not case.desk.check_in.filled:
        case.desk.check_in.open(by_officer(*FRONT_DESK, office=case.file.office))


async def _rescheduled(case: Casework, moved: Delivery[SeatTaken]) -> None:
    case.file.appointment = moved.message.appointment
    case.file.confirm_seat()
    case.stand(Stage.PAID, Turn.APPLICANT, "attend", moved.message.appointment.starts_at)
    case.show_operators()
    moved.answer(await case.note(case.entry("seat.rescheduled", act=moved.message, role=Role.APPLICANT)))
    case.desk.seat.reopen()


async def _checked_in(case: Casework, arrived: Delivery[CheckIn]) -> None:
    appointment = case.file.appointment
    assert appointment is not None
    rules = await case.look_up(*VISIT_RULES)
    state = arrival(appointment, rules[RuleName.ATTENDANCE], case.now())
    if isinstance(state, Objection):
        arrived.refuse(refusal_of(state))
        return
    ranked = rank_from(appointment, state, case.now())
    ticket = await admitted_to_queue(appointment, case.file.number, state, ranked)
    until = case.now() + timedelta(days=rules[RuleName.COMPLETION].number("days"))
    case.file.ticket, case.file.bookable = ticket, False
    case.file.complete_by, case.file.completion_rule = until, rules[RuleName.COMPLETION].reference
    case.stand(Stage.CHECKED_IN, Turn.OFFICE, "examine_documents", until)
    case.open_task(TaskStep.DOCUMENTS, until)
    role = next(role for role in FRONT_DESK if role in arrived.message.by.roles)
    reference = rules[RuleName.ATTENDANCE].reference
    entry = case.entry("applicant.checked_in", act=arrived.message, role=role, outcome=state, rule=reference)
    arrived.answer(replace(await case.note(entry), ticket=ticket))


def _already_here(act: CheckIn) -> None:
    raise refusal("already_checked_in", "the person is checked in already")
