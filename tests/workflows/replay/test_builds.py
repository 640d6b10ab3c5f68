"""Builds of the procedure on a real server: none runs before it is made current, and open cases go on with the next."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, suppress
from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine
from temporalio.client import WorkflowHandle, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.keyring import Keys
from tests.workflows.fakes import Outside
from tests.workflows.people import CITIZEN, adult_filing
from tests.workflows.replay.deployments import NAME, Operator, build_of
from workers.roster import Roster
from workers.runtime.connection import connect
from workers.runtime.settings import Settings
from workflows import options
from workflows.case.facts import Ending, PaperKind, Stage
from workflows.messages import Outcome, PaperAdded, Verdict, Withdrawal
from workflows.passport import PassportApplication

Case = WorkflowHandle[PassportApplication, Outcome]


@pytest.fixture
def here(settings: Settings, database_url: str, engine: Engine) -> Settings:
    """Settings that lead to a database too, which is emptied afterwards."""
    return settings.model_copy(update={"database_url": database_url})


@asynccontextmanager
async def build(name: str, here: Settings, keys: Keys) -> AsyncIterator[None]:
    """A worker of the cases as a process has it, of one build; without a name, where none is told apart."""
    known = {"deployment": NAME, "build_id": name} if name else {}
    settings = here.model_copy(update=known)
    with closing(Roster(settings, keys)) as roster:
        async with roster.worker_for(options.CASES, await connect(settings, keys)):
            yield


@asynccontextmanager
async def partners(server: WorkflowEnvironment) -> AsyncIterator[None]:
    """The queue of the national systems, whose workers know of no builds."""
    with ThreadPoolExecutor(4) as threads:
        activities = Outside().activities()
        async with Worker(server.client, task_queue=options.NATIONAL, activities=activities, activity_executor=threads):
            yield


async def filed(server: WorkflowEnvironment) -> Case:
    filing = adult_filing(person_key=uuid.uuid4().hex)
    return await server.client.start_workflow(
        PassportApplication.run, filing, id=f"passport-{filing.number}", task_queue=options.CASES
    )


async def admitted(case: Case) -> Verdict:
    return await case.execute_update(PassportApplication.admission, rpc_timeout=timedelta(seconds=20))


async def withdrawn(case: Case) -> Ending:
    await case.execute_update(PassportApplication.withdraw, Withdrawal(by=CITIZEN))
    return (await case.result()).ending


async def goes_on_with(case: Case, build: str) -> None:
    """Give the case something to do until that build does it: a share is known everywhere a moment later."""
    paper = PaperAdded(by=CITIZEN, kind=PaperKind.ID_CARD, sha256="0" * 64, pages=1)
    async with asyncio.timeout(20):
        while await build_of(case) != build:
            await case.execute_update(PassportApplication.add_paper, paper)


async def test_nothing_runs_before_a_build_is_current(server: WorkflowEnvironment, here: Settings, keys: Keys) -> None:
    async with partners(server), build("one", here, keys):
        case = await filed(server)
        with suppress(WorkflowUpdateRPCTimeoutOrCancelledError):
            await case.execute_update(PassportApplication.admission, rpc_timeout=timedelta(seconds=2))
            pytest.fail("a build that is not current has answered")
        assert len((await case.fetch_history()).events) == 2  # started, and a task that nobody takes
        await Operator(here).make_current("one")
        assert (await admitted(case)).stage is Stage.FILED
        assert await build_of(case) == "one"


async def test_an_open_case_goes_on_with_the_next_build(
    server: WorkflowEnvironment, here: Settings, keys: Keys
) -> None:
    async with partners(server):
        async with build("one", here, keys):
            await Operator(here).make_current("one")
            case = await filed(server)
            await admitted(case)
            async with build("two", here, keys):
                newer = await filed(server)
                await admitted(newer)
                assert await build_of(newer) == "one"
                await Operator(here).make_current("two")
                assert await withdrawn(newer) is Ending.WITHDRAWN
                assert await build_of(newer) == "two"
        async with build("two", here, keys):
            assert await withdrawn(case) is Ending.WITHDRAWN
            assert await build_of(case) == "two"


async def test_a_ramp_that_is_taken_back_takes_cases_back(
    server: WorkflowEnvironment, here: Settings, keys: Keys
) -> None:
    """Which is why a case that took a patched change meanwhile stands still: docs/operations.md."""
    async with partners(server), build("one", here, keys), build("two", here, keys):
        await Operator(here).make_current("one")
        case = await filed(server)
        await admitted(case)
        await Operator(here).ramp("two", 100)
        await goes_on_with(case, "two")
        await Operator(here).ramp("two", 0)
        await goes_on_with(case, "one")


async def test_cases_from_before_builds_were_told_apart(
    server: WorkflowEnvironment, here: Settings, keys: Keys
) -> None:
    async with partners(server):
        async with build("", here, keys):
            case = await filed(server)
            await admitted(case)
            assert await build_of(case) == ""
        async with build("one", here, keys):
            await Operator(here).make_current("one")
            assert await withdrawn(case) is Ending.WITHDRAWN
            assert await build_of(case) == "one"


@pytest.mark.parametrize("given", [{"deployment": "paspor"}, {"build_id": "1"}, {"deployment": "a.b", "build_id": "1"}])
def test_a_build_needs_its_deployment(settings: Settings, given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings(**(settings.model_dump() | given))
