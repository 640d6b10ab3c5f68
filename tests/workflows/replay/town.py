"""Many cases at once on a server whose clock does not skip."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from tests.workflows.conftest import QUEUES
from tests.workflows.driving import Driven
from tests.workflows.fakes import Outside
from tests.workflows.people import adult_filing
from tests.workflows.replay.waits import PLANTED, WAITS
from workers.roster import deployment_of
from workers.runtime.connection import connect
from workers.runtime.settings import Settings
from workflows import options, search
from workflows.case.facts import Appointment
from workflows.passport import PassportApplication
from workflows.sandbox import runner


@dataclass
class Town(Outside):
    """The outside of many cases: each has its own record, and answers of its own."""

    of: dict[str, Outside] = field(default_factory=dict)

    def ask(self, name: str, about: Any, usual: Any) -> Any:
        """To the outside of the case, whose number is in front of every key."""
        key: str = getattr(about, "key", "") or (about.entry.key if hasattr(about, "entry") else "")
        outside = self.of.get(key.split("/")[0])
        return outside.ask(name, about, usual) if outside else super().ask(name, about, usual)


class Today(Driven):
    """A case whose every step happens on one day, without waiting for the clock."""

    async def appointment(self, ahead: timedelta = timedelta(minutes=40), **changes: Any) -> Appointment:
        """A seat within the window of check-in; its day is over later than any test."""
        return await super().appointment(ahead, **changes)

    async def sleep_until(self, then: datetime) -> None:
        """The window is open already."""


async def filed(environment: WorkflowEnvironment, town: Town, wait: str) -> Today:
    """Start a case as the API does, whose outside has what the way to a wait needs."""
    filing = adult_filing()
    town.of[filing.number] = outside = Outside(answers=dict(PLANTED.get(wait, {})))
    handle = await environment.client.start_workflow(
        PassportApplication.run,
        filing,
        id=f"passport-{filing.number}",
        task_queue=options.CASES,
        search_attributes=TypedSearchAttributes([SearchAttributePair(search.NUMBER, filing.number)]),
    )
    return Today(environment, handle, outside, filing)


async def waiting(environment: WorkflowEnvironment, town: Town, wait: str) -> Today:
    """A new case, brought to a wait."""
    case = await filed(environment, town, wait)
    await WAITS[wait].reach(case)
    return case


@asynccontextmanager
async def partners(client: Client, town: Town) -> AsyncIterator[None]:
    """Workers of all queues but that of the cases; they know of no builds."""
    async with AsyncExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(16))
        for queue in QUEUES:
            worker = Worker(client, task_queue=queue, activities=town.activities(), activity_executor=threads)
            await stack.enter_async_context(worker)
        yield


@asynccontextmanager
async def cases(settings: Settings, keys: Any, town: Town, procedure: type[PassportApplication]) -> AsyncIterator[None]:
    """A worker of the cases that runs this procedure, of the build that the settings name."""
    with ThreadPoolExecutor(8) as threads:
        async with Worker(
            await connect(settings, keys),
            task_queue=options.CASES,
            workflows=[procedure],
            activities=town.activities(),
            activity_executor=threads,
            workflow_runner=runner(),
            max_concurrent_workflow_task_polls=10,
            nonsticky_to_sticky_poll_ratio=0.5,
            sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
            deployment_config=deployment_of(settings),
        ):
            yield


async def together(at_once: int, *work: Any) -> list[Any]:
    """All of it, so many at a time."""
    free = asyncio.Semaphore(at_once)

    async def one(doing: Any) -> Any:
        async with free:
            return await doing

    return await asyncio.gather(*(one(doing) for doing in work))
