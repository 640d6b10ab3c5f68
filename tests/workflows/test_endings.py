"""The whole procedure on time skipping: one test an ending."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.workflows.conftest import Start
from tests.workflows.fakes import Outside, in_turn
from tests.workflows.people import CITIZEN, adult_filing, officer
from workflows.case.dates import add_months, end_of_day
from workflows.case.facts import (
    Ending,
    PaperKind,
    Role,
    Stage,
)
from workflows.messages import (
    AdjudicationOutcome,
    Cancellation,
    DocumentsOutcome,
    InterviewOutcome,
    ResumeOutcome,
)
from workflows.partners.watchlist import Ban

BANNED = (Ban(reference="B-7", reason="court"),)


def assert_nothing_is_left(outside: Outside, ending: Ending) -> None:
    """An ended case has no tasks, says how it ended, and told the applicant."""
    assert outside.tasks == {}
    assert (outside.view.stage, outside.view.ending, outside.view.bookable) == (Stage.ENDED, ending, False)
    assert outside.actions[-1] == "application.ended"
    assert outside.asked["notices.send"][-1].facts["ending"] == ending.value
    assert outside.asked["passports.record_issue"] == []


async def test_collected(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_ready()
    verdict = await case.tell("hand_over", case.collection())
    assert verdict.stage is Stage.COLLECTED
    assert await case.ending() is Ending.COLLECTED
    assert [issue.number for issue in outside.asked["passports.record_issue"]] == ["X0000001"]
    assert outside.view.promise is not None
    assert outside.tasks == {}
    assert [settled.fate.value for settled in outside.asked["booklets.settle"]] == ["used"]


async def test_lapsed_unpaid(start: Start, outside: Outside) -> None:
    case = await start()
    await case.file()
    await case.book()
    assert await case.ending() is Ending.LAPSED_UNPAID
    assert [request.booking for request in outside.asked["seats.release"]] == ["b-1"]
    assert len(outside.asked["bills.void"]) == 1
    assert outside.view.bill is not None
    assert outside.view.bill.state == "lapsed"
    assert_nothing_is_left(outside, Ending.LAPSED_UNPAID)


async def test_lapsed_without_a_seat(start: Start, outside: Outside) -> None:
    case = await start()
    await case.file()
    filed_at = outside.entry("claims.verified").at
    assert await case.ending() is Ending.LAPSED_UNPAID
    assert timedelta() <= case.ended_at() - filed_at - timedelta(days=30) < timedelta(minutes=1)
    assert outside.asked["seats.release"] == []


async def test_no_show(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_paid()
    assert await case.ending() is Ending.NO_SHOW
    assert [request.booking for request in outside.asked["seats.release"]] == ["b-1"]
    assert outside.asked["bills.void"] == []
    assert_nothing_is_left(outside, Ending.NO_SHOW)


async def test_withdrawn_before_a_seat(start: Start, outside: Outside) -> None:
    case = await start()
    await case.file()
    verdict = await case.withdraw()
    assert verdict.stage is Stage.ENDED
    assert await case.ending() is Ending.WITHDRAWN
    assert (outside.entry("application.ended").role, outside.entry("application.ended").actor) == (
        Role.APPLICANT,
        CITIZEN.id,
    )
    assert outside.asked["seats.release"] == []
    assert outside.asked["bills.void"] == []
    assert_nothing_is_left(outside, Ending.WITHDRAWN)


async def test_withdrawn_with_an_open_bill(start: Start, outside: Outside) -> None:
    case = await start()
    await case.file()
    await case.book()
    await case.withdraw()
    assert await case.ending() is Ending.WITHDRAWN
    assert len(outside.asked["bills.void"]) == len(outside.asked["seats.release"]) == 1
    assert outside.view.bill is not None
    assert outside.view.bill.state == "lapsed"


async def test_withdrawn_after_payment(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_paid()
    await case.withdraw()
    assert await case.ending() is Ending.WITHDRAWN
    assert outside.asked["bills.void"] == []  # what is paid to the treasury cannot be taken back
    assert [request.booking for request in outside.asked["seats.release"]] == ["b-1"]
    assert outside.view.bill is not None
    assert outside.view.bill.state == "paid"
    assert_nothing_is_left(outside, Ending.WITHDRAWN)


async def test_withdrawn_with_a_booklet(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_printed()
    await case.withdraw()
    assert await case.ending() is Ending.WITHDRAWN
    settled = outside.asked["booklets.settle"]
    assert [(one.booklet, one.fate.value, one.reason) for one in settled] == [("X0000001", "cancelled", "withdrawn")]
    assert outside.asked["seats.release"] == []  # it was used when the person came
    assert_nothing_is_left(outside, Ending.WITHDRAWN)


async def test_refused_for_documents(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_checked_in()
    verdict = await case.documents(DocumentsOutcome.REFUSE, reason="forged birth record")
    assert verdict.stage is Stage.ENDED
    assert await case.ending() is Ending.REFUSED
    ended = outside.entry("application.ended")
    assert (ended.reason, ended.role) == ("forged birth record", Role.EXAMINER)
    assert_nothing_is_left(outside, Ending.REFUSED)


async def test_refused_in_the_interview(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_booth()
    await case.interview(InterviewOutcome.REFUSE, reason="irregular migrant worker risk")
    assert await case.ending() is Ending.REFUSED
    assert outside.entry("application.ended").role is Role.INTERVIEWER
    assert_nothing_is_left(outside, Ending.REFUSED)


async def test_refused_for_an_exit_ban_before_the_interview(start: Start, outside: Outside) -> None:
    outside.answers["watchlist.check"] = lambda _: BANNED
    case = await start()
    await case.to_checked_in()
    await case.documents()
    assert await case.ending() is Ending.REFUSED
    assert "booth.opened" not in outside.actions
    assert outside.entry("application.ended").rule == "UU 6/2011 art. 97"
    assert outside.view.ending_reason == "exit ban B-7"
    assert_nothing_is_left(outside, Ending.REFUSED)


async def test_refused_for_an_exit_ban_before_print(start: Start, outside: Outside) -> None:
    outside.answers["watchlist.check"] = in_turn((), BANNED)
    case = await start()
    await case.to_approved()
    await case.allocate()
    assert await case.ending() is Ending.REFUSED
    assert not outside.asked["printers.personalise"]
    assert [settled.fate.value for settled in outside.asked["booklets.settle"]] == ["cancelled"]
    assert_nothing_is_left(outside, Ending.REFUSED)


async def test_refused_for_an_exit_ban_at_handover(start: Start, outside: Outside) -> None:
    outside.answers["watchlist.check"] = in_turn((), (), BANNED)
    case = await start()
    await case.to_ready()
    assert await case.refused("hand_over", case.collection()) == "exit_ban"
    assert await case.ending() is Ending.REFUSED
    assert [settled.fate.value for settled in outside.asked["booklets.settle"]] == ["cancelled"]
    assert_nothing_is_left(outside, Ending.REFUSED)


async def test_refused_as_a_duplicate(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_search()
    await case.match("G-9")
    await case.noted("duplicates.searched")
    await case.opinion("adjudicator-1", AdjudicationOutcome.MATCH)
    await case.opinion("adjudicator-2", AdjudicationOutcome.MATCH)
    assert await case.ending() is Ending.REFUSED
    assert outside.view.ending_reason == "duplicate_confirmed"
    assert_nothing_is_left(outside, Ending.REFUSED)


@pytest.mark.parametrize(
    ("head", "ending"), [(AdjudicationOutcome.MATCH, Ending.REFUSED), (AdjudicationOutcome.NO_MATCH, None)]
)
async def test_the_head_settles_two_opinions(
    start: Start, outside: Outside, head: AdjudicationOutcome, ending: Ending | None
) -> None:
    case = await start()
    await case.to_search()
    await case.match("G-9")
    await case.noted("duplicates.searched")
    await case.opinion("adjudicator-1", AdjudicationOutcome.MATCH)
    await case.opinion("adjudicator-2", AdjudicationOutcome.NO_MATCH)
    assert outside.tasks["adjudication"].role is Role.HEAD
    assert outside.tasks["adjudication"].barred == ("interviewer", "adjudicator-1", "adjudicator-2")
    await case.opinion("head", head, role=Role.HEAD)
    if ending:
        assert await case.ending() is ending
    else:
        await case.noted("application.approved")


async def test_refused_out_of_a_suspension(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_booth()
    await case.interview(InterviewOutcome.SUSPEND, reason="examination record needed")
    assert outside.view.stage is Stage.ON_HOLD
    await case.resume(ResumeOutcome.REFUSE, reason="the record shows it")
    assert await case.ending() is Ending.REFUSED
    assert outside.entry("application.ended").role is Role.HEAD
    assert_nothing_is_left(outside, Ending.REFUSED)


async def test_incomplete_after_a_return(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_checked_in()
    await case.documents(DocumentsOutcome.RETURN, missing=(PaperKind.BIRTH_RECORD,), reason="unreadable")
    assert {paper.kind: paper.state for paper in outside.view.papers}[PaperKind.BIRTH_RECORD] == "returned"
    assert await case.ending() is Ending.INCOMPLETE
    assert "returned" in [notice.kind.value for notice in outside.asked["notices.send"]]
    assert_nothing_is_left(outside, Ending.INCOMPLETE)


async def test_incomplete_without_officers(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_checked_in()
    assert await case.ending() is Ending.INCOMPLETE
    assert_nothing_is_left(outside, Ending.INCOMPLETE)


async def to_the_next_last_of_january(environment: WorkflowEnvironment) -> date:
    """Nine in the morning at the office (WITA) on the next 31 January."""
    now = await environment.get_current_time()
    year = now.year if (now.month, now.day) < (1, 31) else now.year + 1
    await environment.sleep(datetime(year, 1, 31, 1, tzinfo=UTC) - now)
    return date(year, 1, 31)


async def test_uncollected_from_the_last_of_january(
    environment: WorkflowEnvironment, start: Start, outside: Outside
) -> None:
    last_of_january = await to_the_next_last_of_january(environment)
    case = await start()
    await case.file()
    seat = await case.book(ahead=timedelta(minutes=30))
    await case.pay()
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
    last_day = add_months(last_of_january, 1)
    assert (last_day.month, last_day.day in (28, 29)) == (2, True)
    midnight = end_of_day(last_day, seat.zone())
    assert outside.view.next_step.by == midnight
    assert await case.ending() is Ending.UNCOLLECTED
    assert timedelta() <= case.ended_at() - midnight < timedelta(minutes=1)
    assert [settled.fate.value for settled in outside.asked["booklets.settle"]] == ["cancelled"]
    assert_nothing_is_left(outside, Ending.UNCOLLECTED)


async def test_cancelled_by_the_head(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_booth()
    other = Cancellation(by=officer(Role.HEAD, office="tabanan"), reason="not mine")
    assert await case.refused("cancel", other) == "role_not_allowed"
    verdict = await case.cancel("false statement")
    assert verdict.stage is Stage.ENDED
    assert await case.ending() is Ending.CANCELLED
    ended = outside.entry("application.ended")
    assert (ended.role, ended.actor, ended.reason) == (Role.HEAD, "head", "false statement")
    assert_nothing_is_left(outside, Ending.CANCELLED)


async def test_an_ended_case_takes_nothing_more(start: Start, outside: Outside) -> None:
    """While the last errands run, whoever comes too late hears so."""
    gate = outside.gate("notices.send", lambda notice: notice.kind.value == "ended")
    case = await start(replace(adult_filing(), language="en"))
    await case.file()
    await case.withdraw()
    assert await case.refused("withdraw", Cancellation(by=CITIZEN, reason="again")) == "not_your_turn"
    assert await case.waiting_for() == ["a payment", "a match result", "news"]
    gate.set()
    assert await case.ending() is Ending.WITHDRAWN
    assert outside.asked["notices.send"][-1].language == "en"
