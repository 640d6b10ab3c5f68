"""The day of the appointment: check-in within its window, or a no-show when the day is over."""

from dataclasses import replace
from datetime import timedelta

from temporalio import workflow

from workflows.admission import by_officer, for_seat
from workflows.case.attendance import arrival, no_show_at, rank_from
from workflows.case.facts import Appointment, Ending, Role, Stage, Turn
from workflows.case.judgement import Objection
from workflows.case.record import TaskStep
from workflows.case.rules import RuleName
from workflows.casework import Casework
from workflows.desk import CaseEnds
from workflows.messages import CheckIn, SeatTaken
from workflows.partners.seats import KnownSeat, admitted_to_queue, seat_sought
from workflows.seating import seat_changed
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


# Cases from before this was asked end as they did.
CLOSED_DAYS = "no-show-on-a-closed-day"
FRONT_DESK = (Role.KIOSK, Role.EXAMINER, Role.SUPERVISOR)


async def attend(case: Casework) -> None:
    """Wait for the person; until the day before, the appointment may still be moved once."""
    case.desk.seat.open(for_seat(case.file.filing.owner, lambda: case.file.office))
    while case.file.ticket is None:
        _open_for_check_in(case)
        appointment = case.file.appointment
        assert appointment is not None
        came = await case.desk.wait(
            case.desk.check_in, case.desk.seat, until=no_show_at(appointment), summary="attend the appointment"
        )
        if not came:
            await _unless_closed(case, appointment)
        if moved := case.desk.seat.take():
            await _rescheduled(case, moved)
        if arrived := case.desk.check_in.take():
            await _checked_in(case, arrived)
    case.desk.seat.turn_away("the person has come")
    case.desk.check_in.open(_already_here)


async def _unless_closed(case: Casework, appointment: Appointment) -> None:
    """Nobody came: a no-show. But where the office was closed, the case waits for the seat that the person is given."""
    if workflow.patched(CLOSED_DAYS):
        known = KnownSeat(number=case.file.number, booking=appointment.booking, slot_id=appointment.slot_id)
        if await seat_sought(known):
            await case.desk.wait(
                case.desk.check_in, case.desk.seat, summary="another appointment: the office was closed"
            )
            return
    raise CaseEnds(Ending.NO_SHOW, "nobody came on the day of the appointment")


def _open_for_check_in(case: Casework) -> None:
    if not case.desk.check_in.filled:
        case.desk.check_in.open(by_officer(*FRONT_DESK, office=case.file.office))


async def _rescheduled(case: Casework, moved: Delivery[SeatTaken]) -> None:
    case.file.appointment = moved.message.appointment
    case.file.confirm_seat()
    case.stand(Stage.PAID, Turn.APPLICANT, "attend", moved.message.appointment.starts_at)
    case.show_operators()
    await seat_changed(case, moved, "seat.rescheduled")
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
