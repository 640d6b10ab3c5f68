"""The time-skipping server, and one worker whose partners are recording fakes."""

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
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from tests.workflows.driving import Driven, adult_filing, started
from tests.workflows.fakes import Outside
from workflows import options, search
from workflows.case.facts import Filing
from workflows.passport import PassportApplication
from workflows.sandbox import runner

QUEUES = (options.NATIONAL, options.BIOMETRICS, options.printing_at("denpasar"))
Start = Callable[..., Awaitable[Driven]]


def _server() -> str:
    found = shutil.which("temporal-test-server", path=str(Path(sys.executable).parent))
    assert found, "temporal-test-server comes with requirements-dev.txt"
    return found


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    """One server a module; its clock runs ahead for all tests of the module."""
    server = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=_server(), data_converter=pydantic_data_converter
    )
    async with server:
        types = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in search.ALL}
        request = AddSearchAttributesRequest(search_attributes=types)
        await server.client.operator_service.add_search_attributes(request)
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def outside() -> Outside:
    """What the procedure asks, and what it hears."""
    return Outside()


@pytest_asyncio.fixture(loop_scope="session")
async def start(environment: WorkflowEnvironment, outside: Outside) -> AsyncIterator[Start]:
    """Starts a case beside a worker that lives as long as the test."""
    client: Client = environment.client
    activities = outside.activities()
    with ThreadPoolExecutor(16) as threads:
        workers = [
            Worker(
                client,
                task_queue=options.CASES,
                workflows=[PassportApplication],
                activities=activities,
                activity_executor=threads,
                workflow_runner=runner(),
            )
        ]
        workers += [
            Worker(client, task_queue=queue, activities=activities, activity_executor=threads) for queue in QUEUES
        ]
        async with workers[0], workers[1], workers[2], workers[3]:

            async def begin(filing: Filing | None = None) -> Driven:
                return await started(environment, outside, filing or adult_filing())

            yield begin
