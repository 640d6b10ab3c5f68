"""A worker process against a real server: it waits, comes back, stops, and leaves nothing readable in the store."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from google.protobuf.duration_pb2 import Duration
from greeting_case import SmallCase, greet
from real_temporal import RealTemporal, until
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.client import Client, WorkflowFailureError
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.worker import Worker

from activities.keyring import Keys
from workers.process import serve_until
from workers.runtime.connection import EngineUnreachable, connect, lazy_client
from workers.runtime.namespace import NamespaceMismatch, ensure_namespace
from workers.runtime.settings import Settings
from workflows import search

SECRET = "Ni Luh Sari"


def worker_for(queue: str, client: Client) -> Worker:
    return Worker(
        client,
        task_queue=queue,
        workflows=[SmallCase],
        activities=[greet],
        graceful_shutdown_timeout=timedelta(seconds=1),
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
    )


@asynccontextmanager
async def serving(queue: str, settings: Settings, keys: Keys) -> AsyncIterator[None]:
    stop = asyncio.Event()
    process = asyncio.create_task(serve_until(stop, [queue], worker_for, settings, keys))
    yield
    stop.set()
    async with asyncio.timeout(10):
        await process


async def test_a_worker_that_polls_is_known_by_its_process(
    real_temporal: RealTemporal, settings: Settings, keys: Keys
) -> None:
    async with serving("polled", settings, keys):
        await until(real_temporal.engine.polled(["polled"]), os.getpid())
        assert not await real_temporal.engine.polled(["polled"])(1)
        assert not await real_temporal.engine.polled(["polled", "not-polled"])(os.getpid())


async def test_a_case_survives_the_kill_of_the_server_and_the_worker_comes_back(
    real_temporal: RealTemporal, settings: Settings, keys: Keys
) -> None:
    client = await connect(settings, keys)
    async with serving("killed", settings, keys):
        case = await client.start_workflow(SmallCase.run, "Wayan", id="killed", task_queue="killed")
        await case.signal(SmallCase.say, "sampai jumpa")
        real_temporal.kill()
        await real_temporal.start()
        assert await asyncio.wait_for(case.result(), 30) == "Selamat pagi, Wayan; sampai jumpa"


async def test_a_worker_that_starts_before_the_server_waits_for_it(
    real_temporal: RealTemporal, settings: Settings, keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    real_temporal.kill()
    async with serving("early", settings, keys):
        async with asyncio.timeout(10):
            while "waiting for Temporal" not in caplog.text:  # noqa: ASYNC110 - the log has no event
                await asyncio.sleep(0.02)
        await real_temporal.start()
        await until(real_temporal.engine.polled(["early"]), os.getpid())


async def test_it_can_be_stopped_while_it_waits(settings: Settings, keys: Keys) -> None:
    away = settings.model_copy(update={"temporal_address": "127.0.0.1:1"})
    async with serving("away", away, keys):
        await asyncio.sleep(0)
    with pytest.raises(EngineUnreachable):
        await connect(away, keys, patience=timedelta(seconds=0.2))


async def test_a_queue_that_nobody_serves_ends_the_process(settings: Settings, keys: Keys) -> None:
    def nobody(queue: str, _client: Client) -> Worker:
        raise ValueError(queue)

    with pytest.raises(ValueError, match="unheard-of"):
        await asyncio.wait_for(serve_until(asyncio.Event(), ["unheard-of"], nobody, settings, keys), 10)


async def test_nothing_personal_is_readable_in_the_store(
    real_temporal: RealTemporal, settings: Settings, keys: Keys
) -> None:
    client = await connect(settings, keys)
    async with serving("sealed", settings, keys):
        told = await client.start_workflow(
            SmallCase.run,
            SECRET,
            id="sealed-1",
            task_queue="sealed",
            memo={"who": SECRET},
            static_summary=SECRET,
            search_attributes=TypedSearchAttributes([SearchAttributePair(search.NUMBER, "SEEN-IN-CLEAR")]),
        )
        await told.signal(SmallCase.say, SECRET)
        assert SECRET in await told.result()
        refused = await client.start_workflow(SmallCase.run, f"!{SECRET}", id="sealed-2", task_queue="sealed")
        with pytest.raises(WorkflowFailureError):
            await refused.result()
    files = list(real_temporal.store.parent.glob("temporal.*"))
    stored = b"".join(file.read_bytes() for file in files)
    assert SECRET.encode() not in stored
    assert b"SEEN-IN-CLEAR" in stored, "else this test looks in the wrong place"


async def test_the_namespace_is_brought_up_to_date(real_temporal: RealTemporal) -> None:
    client = await lazy_client(real_temporal.address, "paspor")
    day = Duration()
    day.FromTimedelta(timedelta(days=1))
    outdated = UpdateNamespaceRequest(namespace="paspor")
    outdated.config.workflow_execution_retention_ttl.CopyFrom(day)
    await client.workflow_service.update_namespace(outdated)
    await ensure_namespace(client)
    await ensure_namespace(client)
    found = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="paspor"))
    listed = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace="paspor"))
    assert found.config.workflow_execution_retention_ttl.ToTimedelta() == timedelta(days=90)
    await ensure_namespace(client, history_days=400)
    found = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="paspor"))
    assert found.config.workflow_execution_retention_ttl.ToTimedelta() == timedelta(days=400)
    await ensure_namespace(client)
    assert {key.name for key in search.ALL} <= set(listed.custom_attributes)


async def test_a_missing_namespace_is_made(real_temporal: RealTemporal, monkeypatch: pytest.MonkeyPatch) -> None:
    client = await lazy_client(real_temporal.address, "another")
    await ensure_namespace(client)
    monkeypatch.setattr(search, "ALL", (search.NUMBER.for_bool("PasporNumber"),))
    with pytest.raises(NamespaceMismatch, match="PasporNumber"):
        await ensure_namespace(client)
