"""Before a deploy: would the code at hand go on with the cases that are open? Their histories are replayed to see."""

import asyncio
import dataclasses
import re
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

from temporalio.client import Client, WorkflowExecution, WorkflowHistory
from temporalio.runtime import Runtime, TelemetryConfig
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Replayer, WorkflowReplayResult
from temporalio.workflow import NondeterminismError

from workflows import search
from workflows.passport import PassportApplication
from workflows.sandbox import runner

OPEN = f"WorkflowType = '{PassportApplication.__name__}' AND ExecutionStatus = 'Running'"
ENGINES_WORDS = re.compile(r'message: "(\[TMPRL1100\] [^"]*)"')
AHEAD = 16  # histories that are fetched while others are replayed


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A case that the code at hand could not go on with."""

    number: str
    stage: str
    why: str


@dataclass(slots=True, kw_only=True)
class Replayed:
    """How many cases were replayed, which of them fail, and how many were gone before their history was fetched."""

    replayed: int = 0
    gone: int = 0
    failing: list[Failing] = dataclasses.field(default_factory=list)


async def replay(
    client: Client, *, limit: int | None = None, number: str = "", procedure: type = PassportApplication
) -> Replayed:
    """Replay the open cases, at most `limit`, the newest first; or the one of that number, open or not.

    Nothing is written anywhere and no activity runs. Raises `ValueError` for what is no number, and `RPCError`.
    """
    if number and not number.isdigit():
        raise ValueError("an application's number has digits only")
    done, listed = Replayed(), dict[str, WorkflowExecution]()
    replayer = Replayer(
        workflows=[procedure],
        workflow_runner=runner(),
        namespace=client.namespace,
        data_converter=client.data_converter,
        # The engine's own lines about a failing case repeat what is returned; and forwarded among ours they would come
        # from its threads while the process ends, which then never does.
        runtime=Runtime(telemetry=TelemetryConfig(logging=None)),
    )
    query = f"{search.NUMBER.name} = '{number}'" if number else OPEN
    histories = _histories(client, query, limit, listed, done)
    async with replayer.workflow_replay_iterator(histories) as results:
        async for result in results:
            done.replayed += 1
            if result.replay_failure:
                done.failing.append(_failing(listed[result.history.workflow_id], result))
            del listed[result.history.workflow_id]
    return done


async def _histories(
    client: Client, query: str, limit: int | None, listed: dict[str, WorkflowExecution], done: Replayed
) -> AsyncIterator[WorkflowHistory]:
    fetching = deque[asyncio.Task[WorkflowHistory | None]]()
    try:
        async for execution in client.list_workflows(query, limit=limit):
            listed[execution.id] = execution
            fetching.append(asyncio.create_task(_history(client, execution, done)))
            if len(fetching) == AHEAD and (history := await fetching.popleft()):
                yield history
        while fetching:
            if history := await fetching.popleft():
                yield history
    finally:
        for left in fetching:
            left.cancel()
            with suppress(asyncio.CancelledError):
                await left


async def _history(client: Client, execution: WorkflowExecution, done: Replayed) -> WorkflowHistory | None:
    try:
        return await client.get_workflow_handle(execution.id, run_id=execution.run_id).fetch_history()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        done.gone += 1
        return None


def _failing(execution: WorkflowExecution, result: WorkflowReplayResult) -> Failing:
    """Only the engine's own words, which speak of events: another error's text may repeat what a person typed."""
    known, failure = execution.typed_search_attributes, result.replay_failure
    said = ENGINES_WORDS.search(str(failure)) if isinstance(failure, NondeterminismError) else None
    why = said[1] if said else "the code fails on it: see the log"
    return Failing(number=known.get(search.NUMBER, ""), stage=known.get(search.STAGE, ""), why=why)
