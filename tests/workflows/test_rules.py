"""Rules as dated data: what is in force on its day at the office applies, and nothing of it stands in code."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.workflows.conftest import Start
from tests.workflows.driving import Driven
from tests.workflows.fakes import VALUES, Outside, dated
from tests.workflows.people import adult_filing, child_filing
from workflows.case.dates import add_months
from workflows.case.facts import (
    DocumentType,
    Ending,
    Filing,
    Kind,
    Lane,
    PaperKind,
    PreviousPassport,
    Relation,
    ReplacementReason,
    Service,
    Stage,
)
from workflows.case.rules import RuleName
from workflows.partners.bills import BillOrder
from workflows.partners.passports import HeldPassport

MIDNIGHT_AT_THE_OFFICE = 16  # UTC; the office is on WITA
MIDNIGHT_AT_THE_CAPITAL = 17  # UTC; the capital is on WIB


async def minutes_before(environment: WorkflowEnvironment, hour: int, minutes: int = 5) -> date:
    """Let time pass until shortly before that hour (UTC) of another day; the date that the hour begins."""
    now = await environment.get_current_time()
    then = datetime(now.year, now.month, now.day, hour, tzinfo=UTC) + timedelta(days=2) - timedelta(minutes=minutes)
    await environment.sleep(then - now)
    return then.date() + timedelta(days=1)


def order_of(outside: Outside, case: Driven) -> BillOrder:
    """The bill that was ordered for a case."""
    found: BillOrder = next(order for order in outside.asked["bills.create"] if order.number == case.filing.number)
    return found


async def billed(case: Driven, outside: Outside) -> int:
    """File, take a seat, and see what is to be paid."""
    await case.file()
    await case.take_seat(await case.appointment())
    await case.until(lambda: any(order.number == case.filing.number for order in outside.asked["bills.create"]))
    return sum(item.amount for item in order_of(outside, case).items)


async def test_a_tariff_from_tomorrow(environment: WorkflowEnvironment, start: Start, outside: Outside) -> None:
    """Midnight at the office parts the old tariff from the new one: not the capital's, nor the server's."""
    tomorrow = await minutes_before(environment, MIDNIGHT_AT_THE_OFFICE)
    outside.rules.append(dated(RuleName.TARIFF, tomorrow, {**VALUES[RuleName.TARIFF], "ordinary_5": 400000}))
    before, after = await start(), await start()
    assert await billed(before, outside) == 350000
    await environment.sleep(timedelta(minutes=6))
    assert await billed(after, outside) == 400000
    await after.noted("bill.made", times=2)
    rules = [entry.rule for entry in outside.entries if entry.action == "bill.made"]
    assert rules == ["tariff@2020-01-01", f"tariff@{tomorrow.isoformat()}"]


async def test_a_bill_keeps_its_tariff(environment: WorkflowEnvironment, start: Start, outside: Outside) -> None:
    """What was billed before midnight is paid after it, as billed."""
    tomorrow = await minutes_before(environment, MIDNIGHT_AT_THE_OFFICE)
    outside.rules.append(dated(RuleName.TARIFF, tomorrow, {**VALUES[RuleName.TARIFF], "ordinary_5": 400000}))
    case = await start()
    await case.file()
    await case.book()
    await environment.sleep(timedelta(minutes=30))
    await case.pay()
    assert outside.view.bill is not None
    assert outside.view.bill.amount == 350000


async def test_papers_from_tomorrow(environment: WorkflowEnvironment, start: Start, outside: Outside) -> None:
    """Before an office is chosen, the capital's midnight counts."""
    tomorrow = await minutes_before(environment, MIDNIGHT_AT_THE_CAPITAL)
    fewer = {**VALUES[RuleName.PAPERS], "new_adult": ["id_card"]}
    outside.rules.append(dated(RuleName.PAPERS, tomorrow, fewer))

    async def papers(case: Driven) -> list[PaperKind]:
        await case.file()
        opening = next(one for one in outside.asked["ledger.open_case"] if one.filing.number == case.filing.number)
        return [paper.kind for paper in opening.view.papers]

    assert await papers(await start()) == [PaperKind.ID_CARD, PaperKind.FAMILY_CARD, PaperKind.BIRTH_RECORD]
    await environment.sleep(timedelta(minutes=6))
    assert await papers(await start()) == [PaperKind.ID_CARD]


async def test_an_offices_own_rule(start: Start, outside: Outside) -> None:
    """It comes before the nation's, even before a newer one of the nation's."""
    outside.rules.append(dated(RuleName.PAYMENT, date(2021, 1, 1), {"minutes": 30}, office="denpasar"))
    outside.rules.append(dated(RuleName.PAYMENT, date(2022, 1, 1), {"minutes": 60}))
    case = await start()
    await case.file()
    await case.book()
    due_at = outside.view.next_step.by
    assert due_at is not None
    assert timedelta(minutes=29) < due_at - outside.entry("bill.made").at <= timedelta(minutes=30)
    assert await case.ending() is Ending.LAPSED_UNPAID
    assert outside.entry("application.ended").rule == "payment@2021-01-01/denpasar"


async def test_another_offices_rule_is_not_ours(start: Start, outside: Outside) -> None:
    outside.rules.append(dated(RuleName.PAYMENT, date(2021, 1, 1), {"minutes": 30}, office="latihan"))
    case = await start()
    await case.file()
    await case.book()
    assert await case.ending() is Ending.LAPSED_UNPAID
    assert outside.entry("application.ended").rule == "payment@2020-01-01"


async def test_a_rule_of_a_later_step_is_looked_up_on_its_day(start: Start, outside: Outside) -> None:
    """The month for collection is the one in force when the passport is ready, not when the case was filed."""
    case = await start()
    await case.to_approved()
    tomorrow = (await case.now()).date() + timedelta(days=1)
    outside.rules.append(dated(RuleName.COLLECTION, tomorrow, {"months": 2}))
    await case.sleep(timedelta(days=2))
    await case.allocate()
    await case.noted("booklet.personalised")
    await case.inspect()
    await case.noted("passport.ready")
    until = outside.view.next_step.by
    assert until is not None
    assert until - await case.now() > timedelta(days=57)
    assert outside.entry("passport.ready").rule == f"collection@{tomorrow.isoformat()}"


def born(filing: Filing, today: date, years: int) -> Filing:
    """The same filing by somebody of that age; the server's clock runs years ahead."""
    return replace(filing, applicant=replace(filing.applicant, birth_date=add_months(today, -12 * years)))


async def test_a_child_with_a_guardian(environment: WorkflowEnvironment, start: Start, outside: Outside) -> None:
    today = (await environment.get_current_time()).date()
    case = await start(born(child_filing(), today, 6))
    await case.to_ready()
    kinds = [paper.kind.value for paper in outside.view.papers]
    assert kinds == VALUES[RuleName.PAPERS]["new_child"]
    passport = outside.view.passport
    assert passport is not None
    assert passport.issued_on is not None
    assert passport.expires_on == add_months(passport.issued_on, 60)
    assert await case.refused("hand_over", case.collection()) == "collector_not_entitled"
    assert await case.refused("hand_over", case.collection(relation=Relation.POST)) == "collector_not_entitled"
    assert (await case.tell("hand_over", case.collection(relation=Relation.GUARDIAN))).stage is Stage.COLLECTED


async def test_a_child_without_a_guardian(environment: WorkflowEnvironment, start: Start) -> None:
    today = (await environment.get_current_time()).date()
    case = await start(born(adult_filing(), today, 6))
    assert await case.file_refused() == "not_eligible"


async def test_ten_years_are_not_for_a_child(environment: WorkflowEnvironment, start: Start) -> None:
    today = (await environment.get_current_time()).date()
    ten = replace(child_filing(), document_type=DocumentType.ELECTRONIC, validity_years=10)
    case = await start(born(ten, today, 16))
    assert await case.file_refused() == "not_eligible"
    outcome = await case.handle.result()
    assert outcome.pointer == "/document/validity_years"


async def test_ten_years_for_an_adult(start: Start, outside: Outside) -> None:
    case = await start(adult_filing(document_type=DocumentType.ELECTRONIC, validity_years=10))
    await case.to_ready()
    passport = outside.view.passport
    assert passport is not None
    assert passport.issued_on is not None
    assert passport.expires_on == add_months(passport.issued_on, 120)
    assert sum(item.amount for item in order_of(outside, case).items) == 950000


def replacing(reason: ReplacementReason, expires_on: date) -> Filing:
    """A replacement."""
    previous = PreviousPassport(number="B1234567", expires_on=expires_on)
    return adult_filing(kind=Kind.REPLACEMENT, replacement_reason=reason, previous_passport=previous)


@pytest.mark.parametrize(
    ("reason", "months_left", "code"),
    [
        (ReplacementReason.EXPIRED, -1, ""),
        (ReplacementReason.EXPIRED, 5, ""),
        (ReplacementReason.EXPIRED, 8, "already_holds_passport"),
        (ReplacementReason.PAGES_FULL, 40, ""),
    ],
)
async def test_a_replacement(
    environment: WorkflowEnvironment,
    start: Start,
    outside: Outside,
    reason: ReplacementReason,
    months_left: int,
    code: str,
) -> None:
    expires_on = add_months((await environment.get_current_time()).date(), months_left)
    held = HeldPassport(number="B1234567", expires_on=expires_on, state="valid")
    outside.answers["passports.held_by"] = lambda _: (held,)
    case = await start(replacing(reason, expires_on))
    if code:
        assert await case.file_refused() == code
    else:
        await case.file()
        assert [paper.kind.value for paper in outside.view.papers] == ["id_card", "previous_passport"]


async def test_same_day_service(start: Start, outside: Outside) -> None:
    """Its price, its promise: the day of the interview itself."""
    case = await start(adult_filing(service=Service.SAME_DAY))
    await case.file()
    seat = await case.book(lane=Lane.SAME_DAY)
    assert [item.amount for item in order_of(outside, case).items] == [350000, 1000000]
    await case.pay()
    await case.attend(seat)
    await case.documents()
    await case.noted("booth.opened")
    await case.interview()
    await case.enrol()
    await case.match()
    await case.noted("application.approved")
    interviewed_on = seat.local(outside.entry("interview.held").at).date()
    assert [(asked.after, asked.days) for asked in outside.asked["rulebook.working_day"]] == [(interviewed_on, 0)]
    assert outside.view.promise is not None
    assert outside.view.promise.collect_on == interviewed_on


async def test_the_promise_counts_from_the_interview(start: Start, outside: Outside) -> None:
    """Four working days from the interview at the office's date, however late the matcher answers."""
    case = await start()
    await case.to_search()
    await case.sleep(timedelta(minutes=20))
    await case.match()
    await case.noted("application.approved")
    asked = outside.asked["rulebook.working_day"][0]
    wita = timedelta(hours=8)
    assert (asked.after, asked.days, asked.office) == (
        (outside.entry("interview.held").at + wita).date(),
        4,
        "denpasar",
    )
    promise = outside.view.promise
    assert promise is not None
    assert promise.collect_on == asked.after + timedelta(days=4)
    assert promise.rule == "promise@2020-01-01"


async def test_an_interview_after_midnight_in_utc(
    environment: WorkflowEnvironment, start: Start, outside: Outside
) -> None:
    """Eight in the morning at the office is the evening before in the server's clock."""
    await minutes_before(environment, 23, minutes=60)
    case = await start()
    await case.file()
    seat = await case.book(ahead=timedelta(hours=1))
    await case.pay()
    await case.attend(seat)
    await case.documents()
    await case.noted("booth.opened")
    await case.interview()
    await case.enrol()
    await case.match()
    await case.noted("application.approved")
    held_at = outside.entry("interview.held").at
    assert held_at.hour == 23
    assert outside.asked["rulebook.working_day"][0].after == held_at.date() + timedelta(days=1)
