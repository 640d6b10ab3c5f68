"""The time-skipping server, and workers whose partners are recording fakes."""

import contextlib
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest_asyncio
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from tests.workflows.driving import Driven, started
from tests.workflows.fakes import Outside
from tests.workflows.people import adult_filing
from workflows import options, search
from workflows.case.facts import Filing
from workflows.passport import PassportApplication
from workflows.sandbox import runner

QUEUES = (options.NATIONAL, options.BIOMETRICS, options.printing_at("denpasar"))
# The time-skipping server is older than the SDK, which would say so at each worker.
QUIET = Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter="ERROR")))
Start = Callable[..., Awaitable[Driven]]


def server_program() -> str:
    found = shutil.which("temporal-test-server", path=str(Path(sys.executable).parent))
    assert found, "temporal-test-server comes with requirements-dev.txt"
    return found


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    """One server a module; its clock runs ahead for all tests of the module."""
    server = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=server_program(), data_converter=pydantic_data_converter, runtime=QUIET
    )
    async with server:
        types = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in search.ALL}
        request = AddSearchAttributesRequest(search_attributes=types)
        await server.client.operator_service.add_search_attributes(request)
        yield server


@contextlib.asynccontextmanager
async def serving(client: Client, outside: Outside, *, guard_our_modules: bool = False) -> AsyncIterator[None]:
    """Workers for every queue while the context lasts; all partners are the fakes of `outside`."""
    activities = outside.activities()
    async with contextlib.AsyncExitStack() as open_workers:
        threads = open_workers.enter_context(ThreadPoolExecutor(16))
        await open_workers.enter_async_context(
            Worker(
                client,
                task_queue=options.CASES,
                workflows=[PassportApplication],
                activities=activities,
                activity_executor=threads,
                workflow_runner=runner(guard_our_modules=guard_our_modules),
            )
        )
        for queue in QUEUES:
            await open_workers.enter_async_context(
                Worker(client, task_queue=queue, activities=activities, activity_executor=threads)
            )
        yield


@contextlib.asynccontextmanager
async def starting(environment: WorkflowEnvironment, outside: Outside) -> AsyncIterator[Start]:
    """Starts cases; what is still open at the end is withdrawn, so that it does not wake up in another test.

    Terminated with an activity under way, it would keep the server's clock from ever skipping again.
    """
    begun: list[Driven] = []

    async def begin(filing: Filing | None = None) -> Driven:
        begun.append(await started(environment, outside, filing or adult_filing()))
        return begun[-1]

    try:
        yield begin
    finally:
        outside.answers.clear()
        outside.open_gates()
        for case in begun:
            await case.put_away()


@pytest_asyncio.fixture(loop_scope="session")
async def outside() -> Outside:
    """What the procedure asks, and what it hears."""
    return Outside()


@pytest_asyncio.fixture(loop_scope="session")
async def start(environment: WorkflowEnvironment, outside: Outside) -> AsyncIterator[Start]:
    """Starts a case beside workers that live as long as the test."""
    async with serving(environment.client, outside), starting(environment, outside) as begin:
        yield begin
