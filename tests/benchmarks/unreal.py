"""Drives bare workflows: sends what their script waits for, as a case's people would."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

from temporalio.client import Client, WorkflowHandle
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from tests.benchmarks import bare
from tests.benchmarks import script as letters
from tests.benchmarks.timing import Stopwatch
from workflows import search
from workflows.case.facts import Kind, Stage

PATIENCE = timedelta(seconds=120)
ATTRIBUTES = TypedSearchAttributes(
    [
        SearchAttributePair(search.NUMBER, "nothing"),
        SearchAttributePair(search.STAGE, Stage.FILED.value),
        SearchAttributePair(search.KIND, Kind.NEW.value),
    ]
)


class BareCase:
    """One run of a script."""

    def __init__(self, client: Client, script: str, watch: Stopwatch) -> None:
        self._client, self._script, self._watch = client, script, watch
        self._under_way: list[asyncio.Task[str]] = []
        self.handle: WorkflowHandle[bare.Bare, Any]

    async def runs(self) -> "BareCase":
        """From the first letter to the last."""
        self.handle = await self._client.start_workflow(
            bare.Bare.run,
            self._script,
            id=f"bare-{uuid4()}",
            task_queue=bare.CASES,
            search_attributes=ATTRIBUTES,
            rpc_timeout=PATIENCE,
        )
        for letter in self._script:
            if letter == letters.ACT:
                self._under_way.append(asyncio.create_task(self._acts()))
            elif letter == letters.ANSWER:
                await self._under_way.pop(0)
            elif letter == letters.SIGNAL:
                await self.handle.signal(bare.Bare.push, "nothing", rpc_timeout=PATIENCE)
        await self.handle.result()
        return self

    async def _acts(self) -> str:
        update = self.handle.execute_update(bare.Bare.act, "nothing", id=str(uuid4()), rpc_timeout=PATIENCE)
        return await self._watch.over("act", update)
