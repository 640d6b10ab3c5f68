"""Partners are away for minutes or days, or say no for good: no case is lost by it, and people are asked."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.workflows.conftest import Start
from tests.workflows.driving import Driven
from tests.workflows.fakes import USUAL, Outside, away, away_for_long, dated, declines, in_turn
from tests.workflows.people import CITIZEN
from workflows.case.facts import Ending, Role, Stage, Turn
from workflows.case.rules import RuleName
from workflows.messages import ResumeOutcome, Withdrawal

SHORT, HOUR, DAY = timedelta(seconds=10), timedelta(hours=1), timedelta(days=1)


async def filed_without_register(start: Start, outside: Outside, partner: str) -> Driven:
    """A register is away; whoever waits at the form hears that the filing stands."""
    # The pause is longer than whoever waits has patience, so that it ends at once. How long it is asked otherwise is
    # shown on the real server (tests/journeys/test_outages.py): the time-skipping one once lost that limit, and asked
    # for ever.
    outside.answers[partner] = in_turn(away_for_long, away)
    case = await start()
    verdict = await case.file()
    assert verdict.stage is Stage.FILED
    assert (outside.view.next_step.who, outside.view.next_step.what) == (Turn.SYSTEM, "wait_for_register")
    assert not outside.view.bookable
    assert outside.actions == ["application.filed", "claims.waiting"]
    return case


@pytest.mark.parametrize("partner", ["population.verify", "passports.held_by"])
async def test_a_register_is_away_at_filing(start: Start, outside: Outside, partner: str) -> None:
    case = await filed_without_register(start, outside, partner)
    outside.answers[partner] = away_for_long
    await case.sleep(DAY)
    assert outside.actions == ["application.filed", "claims.waiting"]
    del outside.answers[partner]
    await case.sleep(HOUR)
    await case.noted("claims.verified")
    assert (outside.view.next_step.who, outside.view.bookable) == (Turn.APPLICANT, True)
    assert len({about.key for about in outside.asked[partner]}) == 1


async def test_the_register_comes_back_with_a_no(start: Start, outside: Outside) -> None:
    case = await filed_without_register(start, outside, "population.verify")
    outside.answers["population.verify"] = declines
    assert await case.ending() is Ending.NOT_ACCEPTED
    assert outside.view.ending_reason == "not_eligible"
    assert outside.asked["bills.create"] == []


async def test_withdrawn_while_the_register_is_away(start: Start, outside: Outside) -> None:
    # The other register is away at the second time of asking: this server chokes on the cancellation of what is done.
    outside.answers["passports.held_by"] = in_turn(USUAL, away)
    case = await filed_without_register(start, outside, "population.verify")
    await case.withdraw()
    del outside.answers["population.verify"]
    assert await case.ending() is Ending.WITHDRAWN


async def test_a_register_declines_at_once(start: Start, outside: Outside) -> None:
    outside.answers["passports.held_by"] = declines
    case = await start()
    assert await case.file_refused() == "not_eligible"
    assert await case.ending() is Ending.NOT_ACCEPTED


async def test_billing_is_down_for_a_day(start: Start, outside: Outside) -> None:
    """Two hours to pay are two hours from a bill that can be paid: the bill of yesterday is made anew."""
    outside.answers["bills.create"] = away_for_long
    case = await start()
    await case.file()
    await case.take_seat(await case.appointment(ahead=timedelta(days=5)))
    await case.sleep(DAY)
    assert outside.view.next_step.what == "make_bill"
    outside.answers["bills.create"] = lambda _: USUAL
    await case.sleep(HOUR)
    await case.noted("bill.made")
    assert outside.view.stage is Stage.BOOKED
    due_at = outside.view.next_step.by
    assert due_at is not None
    assert timedelta(minutes=115) < due_at - outside.entry("bill.made").at <= timedelta(minutes=120)
    await case.pay()
    assert len(outside.asked["bills.void"]) == 1
    assert len(set(outside.keys("bills.create"))) == 2


async def test_a_house_says_how_long_an_answer_of_billing_is_prompt(start: Start, outside: Outside) -> None:
    outside.rules.append(dated(RuleName.PAYMENT, date(2022, 1, 1), {"minutes": 2880, "prompt_minutes": 1560}))
    outside.answers["bills.create"] = away_for_long
    case = await start()
    await case.file()
    await case.take_seat(await case.appointment(ahead=timedelta(days=5)))
    await case.sleep(DAY)
    outside.answers["bills.create"] = lambda _: USUAL
    await case.sleep(HOUR)
    await case.noted("bill.made")
    await case.pay()
    assert "bills.void" not in outside.asked
    assert len(set(outside.keys("bills.create"))) == 1


DECLINED = [
    ("bills.create", "bill", "bill.made"),
    ("watchlist.check", "exit_ban", "booth.opened"),
    ("biometrics.search", "search", "duplicates.searched"),
    ("printers.personalise", "print", "booklet.personalised"),
]


async def up_to(case: Driven, partner: str) -> None:
    """Until that partner is asked."""
    if partner == "bills.create":
        await case.file()
        await case.take_seat(await case.appointment())
    elif partner == "watchlist.check":
        await case.to_checked_in()
        await case.documents()
    elif partner == "biometrics.search":
        await case.to_search()
    else:
        await case.to_approved()
        await case.allocate()


@pytest.mark.parametrize(("partner", "what", "goes_on"), DECLINED, ids=[one[1] for one in DECLINED])
async def test_a_partner_declines_and_the_head_has_it_asked_again(
    start: Start, outside: Outside, partner: str, what: str, goes_on: str
) -> None:
    outside.answers[partner] = in_turn(declines, USUAL)
    case = await start()
    await up_to(case, partner)
    await case.noted("suspension.begun")
    assert (outside.view.stage, outside.view.next_step.what) == (Stage.ON_HOLD, "decide_suspension")
    assert outside.entry("suspension.begun").reason == f"{what}_declined"
    assert outside.tasks["resume"].role is Role.HEAD
    await case.resume()
    if partner == "biometrics.search":
        await case.match()
    await case.noted(goes_on)
    assert "resume" not in outside.tasks
    first, second = outside.asked[partner][:2]
    assert first.key == second.key
    assert outside.view.stage is not Stage.ON_HOLD


@pytest.mark.parametrize(("partner", "what", "goes_on"), DECLINED, ids=[one[1] for one in DECLINED])
async def test_a_partner_declines_and_the_head_refuses(
    start: Start, outside: Outside, partner: str, what: str, goes_on: str
) -> None:
    outside.answers[partner] = declines
    case = await start()
    await up_to(case, partner)
    await case.noted("suspension.begun")
    await case.resume(ResumeOutcome.REFUSE, reason="cannot be")
    assert await case.ending() is Ending.REFUSED
    assert goes_on not in outside.actions
    assert outside.view.ending_reason == "cannot be"


async def test_declined_twice_and_withdrawn(start: Start, outside: Outside) -> None:
    outside.answers["biometrics.search"] = declines
    case = await start()
    await case.to_search()
    await case.noted("suspension.begun")
    await case.resume()
    await case.noted("suspension.begun", times=2)
    await case.withdraw()
    assert await case.ending() is Ending.WITHDRAWN


async def test_a_bill_is_dated_when_it_is_asked_for_again(start: Start, outside: Outside) -> None:
    """Declined, and resumed days later: the two hours begin then."""
    outside.answers["bills.create"] = in_turn(declines, USUAL)
    case = await start()
    await case.file()
    await case.take_seat(await case.appointment(ahead=timedelta(days=9)))
    await case.noted("suspension.begun")
    await case.sleep(timedelta(days=2))
    await case.resume()
    await case.noted("bill.made")
    due_at = outside.view.next_step.by
    assert due_at is not None
    assert due_at > outside.entry("bill.made").at + timedelta(minutes=115)
    await case.pay()


async def test_the_capture_service_is_away(start: Start, outside: Outside) -> None:
    outside.answers["biometrics.assess"] = away_for_long
    case = await start()
    await case.to_booth()
    assert await case.refused("enrol", case.capture()) == "partner_away"
    assert "enrolment" in outside.tasks
    del outside.answers["biometrics.assess"]
    verdict = await case.enrol()
    assert verdict.stage is Stage.ENROLLED


async def test_the_exit_ban_list_is_away_for_days(start: Start, outside: Outside) -> None:
    """Nothing goes on without its answer, but the applicant may leave."""
    outside.answers["watchlist.check"] = away_for_long
    case = await start()
    await case.to_checked_in()
    await case.documents()
    await case.sleep(timedelta(days=4))
    assert "booth.opened" not in outside.actions
    outside.answers["watchlist.check"] = in_turn(USUAL)
    await case.sleep(HOUR)
    await case.noted("booth.opened")


async def test_withdrawn_while_the_exit_ban_list_is_away(start: Start, outside: Outside) -> None:
    outside.answers["watchlist.check"] = away_for_long
    case = await start()
    await case.to_checked_in()
    await case.documents()
    await case.until(lambda: outside.asked["watchlist.check"])
    await case.tell("withdraw", Withdrawal(by=CITIZEN))
    outside.answers.clear()
    assert await case.ending() is Ending.WITHDRAWN


async def test_the_exit_ban_list_is_away_at_the_counter(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_ready()
    outside.answers["watchlist.check"] = away_for_long
    assert await case.refused("hand_over", case.collection()) == "partner_away"
    assert (outside.view.stage, list(outside.tasks)) == (Stage.READY, ["handover"])
    del outside.answers["watchlist.check"]
    assert (await case.hand_over()).stage is Stage.COLLECTED
    assert await case.ending() is Ending.COLLECTED


async def test_a_lost_match_result_is_found_by_asking(start: Start, outside: Outside) -> None:
    """After the minutes that the rule says, and again as long as the matcher is at it."""
    outside.answers["biometrics.result"] = in_turn(None, None, USUAL)
    case = await start()
    await case.to_search()
    await case.until(lambda: outside.asked["biometrics.search"])
    asked_at = await case.now()
    await case.sleep(timedelta(minutes=29))
    assert outside.asked["biometrics.result"] == []
    await case.sleep(timedelta(minutes=65))
    await case.noted("application.approved")
    found_at = outside.entry("duplicates.searched").at
    assert timedelta(minutes=89) < found_at - asked_at < timedelta(minutes=92)
    assert len(outside.asked["biometrics.search"]) == 1


async def test_another_searches_result_is_not_ours(start: Start, outside: Outside) -> None:
    outside.answers["biometrics.result"] = lambda _: None
    case = await start()
    await case.to_search()
    await case.until(lambda: outside.asked["biometrics.search"])
    await case.match(request_id="9999999999999999/search")
    await case.handle.query("view")
    assert "duplicates.searched" not in outside.actions
    await case.match()
    await case.noted("application.approved")


async def test_the_mail_is_down(start: Start, outside: Outside) -> None:
    """It never holds a case up; what did not get through in a day is noted."""
    outside.answers["notices.send"] = away_for_long
    case = await start()
    await case.to_ready()
    await case.sleep(timedelta(hours=25))
    await case.noted("notice.failed")
    failed = [entry.outcome for entry in outside.entries if entry.action == "notice.failed"]
    assert set(failed) <= {"confirmed", "ready"}
    assert (await case.hand_over()).stage is Stage.COLLECTED
    assert await case.ending() is Ending.COLLECTED


async def test_the_mail_is_down_at_the_end(start: Start, outside: Outside) -> None:
    outside.answers["notices.send"] = away
    case = await start()
    await case.file()
    assert (await case.withdraw()).stage is Stage.ENDED
    assert await case.ending() is Ending.WITHDRAWN
    assert outside.actions[-1] == "notice.failed"
    assert outside.entry("notice.failed").at - case.ended_at() < timedelta(minutes=2)


async def test_a_letter_that_is_given_up_has_not_failed(start: Start, outside: Outside) -> None:
    """The passport is collected while the mail about it is still on its way."""
    outside.answers["notices.send"] = lambda letter: away_for_long(letter) if letter.kind.value == "ready" else USUAL
    case = await start()
    await case.to_ready()
    await case.until(lambda: outside.asked["notices.send"][-1].kind.value == "ready")
    await case.handle.signal("payment", await case.payment(receipt_no="NTPN-2"))
    await case.hand_over()
    assert await case.ending() is Ending.COLLECTED
    assert "payment.stray" in outside.actions
    assert "notice.failed" not in outside.actions


async def test_the_register_of_passports_is_away_after_the_handover(start: Start, outside: Outside) -> None:
    """The holder has the passport; the case stays until the register knows of it, and nobody waits."""
    outside.answers["passports.record_issue"] = away_for_long
    case = await start()
    await case.to_ready()
    assert (await case.hand_over()).stage is Stage.COLLECTED
    assert await case.refused("hand_over", case.collection()) == "not_your_turn"
    await case.sleep(DAY)
    del outside.answers["passports.record_issue"]
    assert await case.ending() is Ending.COLLECTED
    assert len({issue.key for issue in outside.asked["passports.record_issue"]}) == 1


async def test_the_register_of_passports_declines(start: Start, outside: Outside) -> None:
    outside.answers["passports.record_issue"] = declines
    case = await start()
    await case.to_ready()
    await case.hand_over()
    assert await case.ending() is Ending.COLLECTED
    assert outside.entry("issue.declined").outcome == "for_an_officer"


async def test_our_own_database_is_away(start: Start, outside: Outside) -> None:
    """Nothing is decided without it: whoever asked waits for the entry, and it is written once it is back."""
    failures = [away] * 2

    def stumbling(about: Any) -> Any:
        return failures.pop()(about) if failures else USUAL

    case = await start()
    await case.to_checked_in()
    outside.answers["ledger.note"] = stumbling
    verdict = await case.documents()
    assert failures == []
    assert verdict.stage is Stage.DOCUMENTS_EXAMINED
    keys = [note.entry.key for note in outside.asked["ledger.note"] if note.entry.action == "documents.examined"]
    assert len(set(keys)) == 1
