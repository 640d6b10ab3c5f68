"""A rule that nobody has entered: the case asks again until it is there. No task of the workflow fails by it."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.testing import WorkflowEnvironment

from tests.workflows.conftest import Start
from tests.workflows.driving import Driven
from tests.workflows.fakes import VALUES, Outside, dated
from tests.workflows.people import officer
from workflows.case.facts import Ending, Role, Stage
from workflows.case.rules import READ, RuleName, Rules
from workflows.messages import CheckIn, Verdict

TARIFF = VALUES[RuleName.TARIFF]
WITHOUT_OURS: dict[str, object] = {name: value for name, value in TARIFF.items() if name != "ordinary_5"}


async def waiting_for_a_price(environment: WorkflowEnvironment, start: Start, outside: Outside) -> Driven:
    """A case that was filed under the old tariff, and takes its seat under one that has forgotten its passport."""
    case = await start()
    await case.file()
    now = await environment.get_current_time()
    outside.rules.append(dated(RuleName.TARIFF, now.date() + timedelta(days=1), WITHOUT_OURS))
    await environment.sleep(timedelta(days=1, hours=12))
    await case.take_seat(await case.appointment(ahead=timedelta(days=9)))
    tries = len(outside.asked["rulebook.in_force"]) + 11
    await passes(case, lambda: len(outside.asked["rulebook.in_force"]) > tries)
    assert (outside.view.stage, outside.view.next_step.what) == (Stage.BOOKED, "make_bill")
    assert outside.asked["bills.create"] == []
    return case


async def passes(case: Driven, there: Callable[[], bool]) -> None:
    """Let time pass until something is there: the clock skips ahead while a worker is still about to set its timer."""
    for _ in range(300):
        if there():
            return
        await case.sleep(timedelta(minutes=3))
        await asyncio.sleep(0.05)
    raise AssertionError(f"it did not come; the record: {case.outside.actions}")


async def passing(case: Driven, answer: asyncio.Task[Verdict]) -> Verdict:
    """An answer that needs the clock to go on."""

    async def waited() -> Verdict:
        return await answer

    return await case.while_time_passes(waited())


async def failed_tasks(case: Driven) -> int:
    history = await case.handle.fetch_history()
    return sum(event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED for event in history.events)


async def test_a_tariff_without_the_passport_is_waited_for(
    environment: WorkflowEnvironment, start: Start, outside: Outside
) -> None:
    case = await waiting_for_a_price(environment, start, outside)
    tomorrow = (await environment.get_current_time()).date()
    outside.rules.append(dated(RuleName.TARIFF, tomorrow, {**TARIFF, "ordinary_5": 375_000}))
    await passes(case, lambda: "bill.made" in outside.actions)
    assert outside.view.bill is not None
    assert outside.view.bill.amount == 375_000
    assert await failed_tasks(case) == 0
    await case.pay()


async def test_who_waits_for_a_price_may_leave(
    environment: WorkflowEnvironment, start: Start, outside: Outside
) -> None:
    case = await waiting_for_a_price(environment, start, outside)
    await case.withdraw()
    assert await case.ending() is Ending.WITHDRAWN
    assert await failed_tasks(case) == 0


async def test_a_rule_that_is_not_there_at_all(
    environment: WorkflowEnvironment, start: Start, outside: Outside
) -> None:
    gone = [rule for rule in outside.rules if rule.name is RuleName.PROMISE]
    outside.rules = [rule for rule in outside.rules if rule not in gone]
    case = await start()
    seat = await case.to_paid()
    await case.sleep_until(seat.starts_at)
    arriving = asyncio.create_task(case.tell("check_in", CheckIn(by=officer(Role.KIOSK))))
    await case.until(lambda: RuleName.PROMISE in outside.asked["rulebook.in_force"][-1].names, "the question")
    assert outside.view.ticket is None
    outside.rules += gone
    assert (await passing(case, arriving)).stage is Stage.CHECKED_IN
    assert await failed_tasks(case) == 0


@pytest.mark.parametrize("name", [name for name in RuleName if name in READ])
def test_what_the_procedure_reads_of_a_rule(name: RuleName) -> None:
    assert Rules().lacking(name) == (name.value,)
    whole = dated(name, date(2026, 1, 1), VALUES[name])
    assert Rules(rules=(whole,)).lacking(name) == ()
    for read in READ[name]:
        short = {key: value for key, value in VALUES[name].items() if key != read}
        assert Rules(rules=(dated(name, date(2026, 1, 1), short),)).lacking(name) == (f"{name}.{read}",)


@pytest.mark.parametrize("name", [name for name in RuleName if name in READ])
@pytest.mark.parametrize("wrong", ["650000", 1.5, None, True, [1]])
def test_what_cannot_be_read_is_lacking_too(name: RuleName, wrong: object) -> None:
    for read in READ[name]:
        if read != "default_action" or not isinstance(wrong, str):
            spoiled = dated(name, date(2026, 1, 1), {**VALUES[name], read: wrong})
            assert Rules(rules=(spoiled,)).lacking(name) == (f"{name}.{read}",)


async def test_a_price_in_quotes_is_waited_for(
    environment: WorkflowEnvironment, start: Start, outside: Outside
) -> None:
    case = await start()
    await case.file()
    now = await environment.get_current_time()
    outside.rules.append(dated(RuleName.TARIFF, now.date() + timedelta(days=1), {**TARIFF, "ordinary_5": "350000"}))
    await environment.sleep(timedelta(days=1, hours=12))
    await case.take_seat(await case.appointment(ahead=timedelta(days=9)))
    tries = len(outside.asked["rulebook.in_force"]) + 11
    await passes(case, lambda: len(outside.asked["rulebook.in_force"]) > tries)
    tomorrow = (await environment.get_current_time()).date()
    outside.rules.append(dated(RuleName.TARIFF, tomorrow, TARIFF))
    await passes(case, lambda: "bill.made" in outside.actions)
    assert await failed_tasks(case) == 0
    await case.pay()
