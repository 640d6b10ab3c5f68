"""Is a part ready? Each question is put to the part itself, and takes no longer than two seconds."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import httpx2
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from workers.local.parts import Ready
from workers.local.postgres import LocalPostgres
from workers.runtime.connection import answers, lazy_client
from workers.runtime.namespace import ensure_namespace
from workers.runtime.schedules import ensure_schedules

LIMIT = 2.0  # seconds


def http_answers(url: str) -> Ready:
    """Ready when `url` answers 200."""

    async def ready(_pid: int) -> bool:
        try:
            async with httpx2.AsyncClient(timeout=LIMIT, trust_env=False) as client:
                return (await client.get(url)).status_code == 200
        except httpx2.HTTPError:
            return False

    return ready


def postgres_answers(postgres: LocalPostgres) -> Ready:
    """Ready when a query on our database answers."""

    async def ready(_pid: int) -> bool:
        return await asyncio.to_thread(postgres.answers)

    return ready


async def leaves_well(_pid: int) -> bool:
    """For a part that runs once: the supervisor itself sees how it leaves."""
    return False


@dataclass(slots=True)
class Engine:
    """Questions to Temporal over one connection, which the supervisor keeps."""

    address: str
    namespace: str
    _client: Client | None = field(default=None)

    async def ready(self, _pid: int) -> bool:
        """Ready when the server is healthy and our namespace has its retention and search attributes."""
        client = await self._connected()
        try:
            if not await answers(client):
                return False
            await ensure_namespace(client)
        except RPCError:
            return False
        return True

    async def prepared(self, pid: int) -> bool:
        """Ready, with our schedules too; what they start waits for its workers."""
        if not await self.ready(pid):
            return False
        try:
            await ensure_schedules(await self._connected())
        except RPCError:
            return False
        return True

    def polled(self, queues: Sequence[str]) -> Ready:
        """Ready when that very process asks for work on every one of `queues`."""

        async def ready(pid: int) -> bool:
            ours = re.compile(rf"(?<!\d){pid}(?!\d)")
            try:
                found = await asyncio.gather(*(self._pollers(queue) for queue in queues))
            except RPCError:
                return False
            return all(any(ours.search(identity) for identity in identities) for identities in found)

        return ready

    async def _pollers(self, queue: str) -> list[str]:
        client = await self._connected()
        identities: list[str] = []
        for kind in (TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY):
            request = DescribeTaskQueueRequest(
                namespace=self.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind
            )
            described = await client.workflow_service.describe_task_queue(request, timeout=timedelta(seconds=LIMIT))
            identities += [poller.identity for poller in described.pollers]
        return identities

    async def _connected(self) -> Client:
        if self._client is None:
            self._client = await lazy_client(self.address, self.namespace)
        return self._client
