"""With API and officers silent every deadline fires, from the engine alone and at its moment."""

from datetime import datetime, timedelta

import pytest

from tests.workflows.conftest import Start
from tests.workflows.fakes import LONG_AGO, Outside, dated, moved
from workflows.case.dates import add_months, end_of_day
from workflows.case.facts import Bill, Ending, PaperKind, Stage
from workflows.case.rules import RuleName
from workflows.messages import DocumentsOutcome, InterviewOutcome
from workflows.partners.bills import BillOrder


def assert_fired(fired_at: datetime, due_at: datetime) -> None:
    """At the moment, or as soon after it as the engine turns round."""
    assert timedelta() <= fired_at - due_at < timedelta(seconds=30)


async def test_a_bill_lapses_after_two_hours(start: Start, outside: Outside) -> None:
    case = await start()
    await case.file()
    await case.book()
    made_at = outside.entry("bill.made").at
    assert await case.ending() is Ending.LAPSED_UNPAID
    assert_fired(case.ended_at(), made_at.replace(microsecond=0) + timedelta(hours=2))
    assert outside.entry("application.ended").rule == "payment@2020-01-01"


async def test_the_bills_own_due_time_counts(start: Start, outside: Outside) -> None:
    def shorter(order: BillOrder) -> Bill:
        bill = Bill(code="820", amount=350000, items=order.items, due_at=order.due_at)
        return moved(bill, order.due_at - timedelta(minutes=75))

    outside.answers["bills.create"] = shorter
    case = await start()
    await case.file()
    await case.book()
    due_at = outside.view.next_step.by
    assert due_at is not None
    assert timedelta(minutes=44) < due_at - outside.entry("bill.made").at <= timedelta(minutes=45)
    assert await case.ending() is Ending.LAPSED_UNPAID
    assert_fired(case.ended_at(), due_at)


async def test_a_moved_seat_does_not_move_the_due_time(start: Start, outside: Outside) -> None:
    case = await start()
    await case.file()
    await case.book()
    due_at = outside.view.next_step.by
    assert due_at is not None
    await case.sleep(timedelta(minutes=90))
    await case.book(booking="b-2")
    assert "seat.moved" in outside.actions
    assert await case.ending() is Ending.LAPSED_UNPAID
    assert_fired(case.ended_at(), due_at)
    assert [request.booking for request in outside.asked["seats.release"]] == ["b-2"]


async def test_a_no_show_ends_with_its_day_at_the_office(start: Start, outside: Outside) -> None:
    case = await start()
    seat = await case.to_paid()
    assert await case.ending() is Ending.NO_SHOW
    assert_fired(case.ended_at(), end_of_day(seat.local(seat.starts_at).date(), seat.zone()))


async def test_a_rescheduled_appointment_has_its_own_day(start: Start, outside: Outside) -> None:
    case = await start()
    first = await case.to_paid()
    later = await case.appointment(ahead=timedelta(days=9), booking="b-2", state="confirmed")
    await case.take_seat(later)
    assert outside.view.stage is Stage.PAID
    assert await case.ending() is Ending.NO_SHOW
    assert later.starts_at > first.starts_at
    assert_fired(case.ended_at(), end_of_day(later.local(later.starts_at).date(), later.zone()))


async def test_thirty_days_for_missing_documents(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_checked_in()
    await case.sleep(timedelta(hours=5))
    await case.documents(DocumentsOutcome.RETURN, missing=(PaperKind.FAMILY_CARD,))
    returned_at = outside.entry("documents.examined").at
    assert await case.ending() is Ending.INCOMPLETE
    assert_fired(case.ended_at(), returned_at + timedelta(days=30) - timedelta(seconds=1))
    assert outside.entry("application.ended").rule == "completion@2020-01-01"


async def test_thirty_days_at_the_booth(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_booth()
    await case.interview()
    arrived_at = outside.entry("applicant.checked_in").at
    assert await case.ending() is Ending.INCOMPLETE
    assert_fired(case.ended_at(), arrived_at + timedelta(days=30) - timedelta(seconds=1))


async def test_one_calendar_month_to_collect(start: Start, outside: Outside) -> None:
    case = await start()
    seat = await case.to_paid()
    await case.attend(seat)
    await case.documents()
    await case.noted("booth.opened")
    await case.interview()
    await case.enrol()
    await case.match()
    await case.noted("application.approved")
    await case.allocate()
    await case.noted("booklet.personalised")
    await case.inspect()
    await case.noted("passport.ready")
    issued_on = seat.local(outside.entry("passport.ready").at).date()
    assert await case.ending() is Ending.UNCOLLECTED
    assert_fired(case.ended_at(), end_of_day(add_months(issued_on, 1), seat.zone()))


async def test_a_suspension_is_refused_when_nobody_decides(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_booth()
    await case.interview(InterviewOutcome.SUSPEND, reason="examination record")
    held_at = outside.entry("interview.held").at
    assert await case.ending() is Ending.REFUSED
    assert_fired(case.ended_at(), held_at + timedelta(days=30) - timedelta(seconds=1))
    assert outside.view.ending_reason == "examination record: nobody decided in time"
    assert outside.entry("application.ended").rule == "suspension@2020-01-01"


async def test_a_suspension_goes_on_where_the_rule_says_so(start: Start, outside: Outside) -> None:
    outside.rules = [rule for rule in outside.rules if rule.name is not RuleName.SUSPENSION]
    outside.rules.append(
        dated(RuleName.SUSPENSION, LONG_AGO, {"days": 3, "most_days": 730, "default_action": "resume"})
    )
    case = await start()
    await case.to_booth()
    await case.interview(InterviewOutcome.SUSPEND, reason="examination record")
    held_at = outside.entry("interview.held").at
    await case.sleep(timedelta(days=3, minutes=1))
    await case.noted("suspension.ended")
    assert_fired(outside.entry("suspension.ended").at, held_at + timedelta(days=3) - timedelta(seconds=1))
    await case.noted("booth.opened", times=2)
    await case.enrol()
    await case.match()
    await case.noted("application.approved")


async def test_a_suspension_by_its_own_deadline(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_booth()
    until = await case.now() + timedelta(days=60)
    await case.interview(InterviewOutcome.SUSPEND, reason="long inquiry", until=until)
    assert outside.tasks["resume"].due_at == until
    assert await case.ending() is Ending.REFUSED
    assert_fired(case.ended_at(), until)


async def test_the_thirty_days_stand_still_while_the_office_holds_the_case(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_booth()
    until = await case.now() + timedelta(days=60)
    await case.interview(InterviewOutcome.SUSPEND, reason="long inquiry", until=until)
    await case.sleep(timedelta(days=45))
    await case.resume()
    await case.noted("booth.opened", times=2)
    left = outside.tasks["enrolment"].due_at
    assert left is not None
    assert timedelta(days=29) < left - await case.now() <= timedelta(days=30)
    await case.sleep(timedelta(days=20))
    await case.enrol()
    await case.match()
    await case.noted("application.approved")


@pytest.mark.parametrize("step", ["adjudication", "allocation", "quality", "print_question"])
async def test_no_officers_step_ends_by_itself(start: Start, outside: Outside, step: str) -> None:
    """A year passes, and nothing moves that has no stated deadline."""
    case = await start()
    await case.to_step(step)
    before, version = list(outside.actions), outside.view.version
    await case.sleep(timedelta(days=365))
    assert (outside.actions, outside.view.version) == (before, version)
    assert list(outside.tasks) == [step]
    assert outside.tasks[step].due_at is None


async def test_a_held_case_keeps_its_stage(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_booth()
    await case.interview(InterviewOutcome.SUSPEND, reason="record")
    assert outside.view.stage is Stage.ON_HOLD
    assert list(outside.tasks) == ["resume"]
    verdict = await case.resume()
    assert verdict.stage is Stage.DOCUMENTS_EXAMINED
