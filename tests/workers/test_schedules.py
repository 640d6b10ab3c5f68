"""Schedules on a real server: made once, run when triggered, and a run that fails stops nothing."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import pytest_asyncio
from real_temporal import RealTemporal
from temporalio import activity
from temporalio.client import Client, ScheduleActionExecutionStartWorkflow, ScheduleUpdate, WorkflowExecutionStatus
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from activities.keyring import Keys
from workers.roster import CASES_AND_UPKEEP
from workers.runtime.connection import connect, lazy_client
from workers.runtime.namespace import ensure_namespace
from workers.runtime.schedules import ACCOUNTS, ALL, HOURLY, NIGHTLY, ensure_schedules, standings
from workers.runtime.settings import Settings
from workflows import options
from workflows.partners.settlements import DayAccounts, Settlements
from workflows.partners.upkeep import Forgotten, RecordCount, Upkeep
from workflows.sandbox import runner

LIMIT = 30.0


class FakeSettlements(Settlements):
    """Days with the number of their differences."""

    def __init__(self) -> None:
        self.days: dict[date, int] = {}
        self.asked: list[date] = []

    @activity.defn(name="settlements.days_due")
    def days_due(self, days_back: int) -> tuple[date, ...]:
        return tuple(self.days)

    @activity.defn(name="settlements.reconcile")
    def reconcile(self, day: date) -> DayAccounts:
        self.asked.append(day)
        return DayAccounts(day=day, lines=3, found=0, waiting=0, differing=self.days[day])


class FakeUpkeep(Upkeep):
    """Says what a test wants, and how often it was asked; a piece that is ill fails for good."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.ill: set[str] = set()
        self.slots: tuple[str, ...] = ()
        self.record = RecordCount(days=1)
        self.accounts = FakeSettlements()

    @activity.defn(name="upkeep.slots_ahead")
    def slots_ahead(self) -> int:
        self._asked("slots_ahead")
        return 7

    @activity.defn(name="upkeep.forget_old")
    def forget_old(self) -> Forgotten:
        self._asked("forget_old")
        return Forgotten(answers=1, sessions=2)

    @activity.defn(name="upkeep.miscounted_slots")
    def miscounted_slots(self) -> tuple[str, ...]:
        self._asked("miscounted_slots")
        return self.slots

    @activity.defn(name="upkeep.count_record")
    def count_record(self) -> RecordCount:
        self._asked("count_record")
        return self.record

    def _asked(self, piece: str) -> None:
        self.asked.append(piece)
        if piece in self.ill:
            raise ApplicationError("ill", type="ill", non_retryable=True)


@pytest_asyncio.fixture(loop_scope="session")
async def client(real_temporal: RealTemporal) -> AsyncIterator[Client]:
    found = await lazy_client(real_temporal.address, "paspor")
    yield found
    for name in ALL:
        async with asyncio.timeout(LIMIT):
            while name in {one.id async for one in await found.list_schedules()}:
                await found.get_schedule_handle(name).delete()
                await asyncio.sleep(0.05)


@pytest_asyncio.fixture(loop_scope="session")
async def upkeep(real_temporal: RealTemporal, settings: Settings, keys: Keys) -> AsyncIterator[FakeUpkeep]:
    fake = FakeUpkeep()
    work: Sequence[object] = (fake.slots_ahead, fake.forget_old, fake.miscounted_slots, fake.count_record)
    with ThreadPoolExecutor(2) as threads:
        national = Worker(
            await connect(settings, keys),
            task_queue=options.NATIONAL,
            activities=[fake.accounts.days_due, fake.accounts.reconcile],
            activity_executor=threads,
            graceful_shutdown_timeout=timedelta(seconds=1),
        )
        cases = Worker(
            await connect(settings, keys),
            task_queue=options.CASES,
            workflows=CASES_AND_UPKEEP,
            activities=work,  # type: ignore[arg-type]  # bound methods of an activity class
            activity_executor=threads,
            workflow_runner=runner(),
            graceful_shutdown_timeout=timedelta(seconds=1),
        )
        async with national, cases:
            yield fake


async def ended(client: Client, name: str, runs: int) -> list[WorkflowExecutionStatus]:
    """How the runs of a schedule ended, once there are so many and all are over."""
    async with asyncio.timeout(LIMIT):
        while True:
            info = (await client.get_schedule_handle(name).describe()).info
            found = [one.action for one in info.recent_actions]
            handles = [
                client.get_workflow_handle(one.workflow_id, run_id=one.first_execution_run_id)
                for one in found
                if isinstance(one, ScheduleActionExecutionStartWorkflow)
            ]
            said = [(await handle.describe()).status for handle in handles]
            if len(said) == runs and WorkflowExecutionStatus.RUNNING not in said:
                return [status for status in said if status is not None]
            await asyncio.sleep(0.1)


async def test_they_are_made_once_and_run_at_once(client: Client, upkeep: FakeUpkeep) -> None:
    assert [one.trouble for one in await standings(client)] == ["is missing"] * 3
    assert await ensure_schedules(client) == [HOURLY, NIGHTLY, ACCOUNTS]
    assert await ended(client, ACCOUNTS, 1) == [WorkflowExecutionStatus.COMPLETED]
    assert await ended(client, HOURLY, 1) == [WorkflowExecutionStatus.COMPLETED]
    assert await ended(client, NIGHTLY, 1) == [WorkflowExecutionStatus.COMPLETED]
    before = [await client.get_schedule_handle(name).describe() for name in ALL]
    assert await ensure_schedules(client) == []
    after = [await client.get_schedule_handle(name).describe() for name in ALL]
    assert [one.info.last_updated_at for one in before] == [one.info.last_updated_at for one in after]
    assert all(one.info.num_actions == 1 for one in after), "a second time starts nothing"
    assert sorted(upkeep.asked) == sorted(["slots_ahead", "forget_old", "miscounted_slots", "count_record"])
    assert [one.trouble for one in await standings(client)] == [""] * 3


async def test_what_an_operator_has_set_stays_when_a_new_version_comes(client: Client, upkeep: FakeUpkeep) -> None:
    await ensure_schedules(client)
    handle = client.get_schedule_handle(HOURLY)
    await handle.pause(note="the database moves")

    def older(had: object) -> ScheduleUpdate:
        schedule = had.description.schedule  # type: ignore[attr-defined]
        schedule.spec.intervals[0].every = timedelta(hours=2)
        return ScheduleUpdate(schedule=schedule)

    await handle.update(older)
    assert [one.trouble for one in await standings(client)] == ["is paused", "", ""]
    assert await ensure_schedules(client) == [HOURLY]
    found = (await handle.describe()).schedule
    assert found.spec == ALL[HOURLY].spec
    assert (found.state.paused, found.state.note) == (True, "the database moves")


async def test_a_run_that_fails_does_its_other_pieces_and_stops_no_other(client: Client, upkeep: FakeUpkeep) -> None:
    upkeep.ill = {"slots_ahead"}
    await ensure_schedules(client)
    assert await ended(client, HOURLY, 1) == [WorkflowExecutionStatus.FAILED]
    assert "forget_old" in upkeep.asked
    assert [one.trouble for one in await standings(client)] == ["its last run failed", "", ""]
    upkeep.ill = set()
    await client.get_schedule_handle(HOURLY).trigger()
    assert await ended(client, HOURLY, 2) == [WorkflowExecutionStatus.FAILED, WorkflowExecutionStatus.COMPLETED]
    assert [one.trouble for one in await standings(client)] == [""] * 3


async def test_each_day_is_settled_and_one_that_is_not_even_fails_the_night(client: Client, upkeep: FakeUpkeep) -> None:
    upkeep.accounts.days = {date(2026, 11, 20): 0, date(2026, 11, 21): 1, date(2026, 11, 22): 0}
    await ensure_schedules(client)
    assert await ended(client, ACCOUNTS, 1) == [WorkflowExecutionStatus.FAILED]
    assert upkeep.accounts.asked == list(upkeep.accounts.days)
    assert [one.trouble for one in await standings(client)] == ["", "", "its last run failed"]


@pytest.mark.parametrize("wrong", ["slots", "cases", "seals"])
async def test_a_count_that_is_wrong_fails_the_night(client: Client, upkeep: FakeUpkeep, wrong: str) -> None:
    upkeep.slots = ("s1",) if wrong == "slots" else ()
    upkeep.record = RecordCount(
        days=1,
        broken_cases=("4000000000000001",) if wrong == "cases" else (),
        broken_seals=("2026-11-24",) if wrong == "seals" else (),
    )
    await ensure_schedules(client)
    assert await ended(client, NIGHTLY, 1) == [WorkflowExecutionStatus.FAILED]


async def test_a_new_namespace_is_waited_for(real_temporal: RealTemporal) -> None:
    """At once after it was made, the engine's services do not all know of it yet."""
    client = await lazy_client(real_temporal.address, "quite-new")
    await ensure_namespace(client)
    assert await ensure_schedules(client) == list(ALL)
