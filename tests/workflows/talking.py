"""One case on the time-skipping server: what it is told, how it answers, and how its time passes."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import WorkflowExecutionStatus
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse
from temporalio.client import WorkflowFailureError, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError, TimeoutError
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from tests.workflows.fakes import Outside
from tests.workflows.people import CITIZEN
from workflows.case.facts import (
    Ending,
    Filing,
)
from workflows.messages import (
    Outcome,
    Verdict,
    Withdrawal,
)
from workflows.passport import PassportApplication

T = TypeVar("T")


@dataclass
class Talking:
    """One case under way, with the outside that it asks."""

    environment: WorkflowEnvironment
    handle: WorkflowHandle[PassportApplication, Outcome]
    outside: Outside
    filing: Filing

    async def tell(self, update: str, message: Any) -> Verdict:
        """Send an act and wait for the verdict."""
        verdict: Verdict = await self.handle.execute_update(update, message, result_type=Verdict)
        return verdict

    async def refused(self, update: str, message: Any) -> str:
        """Send an act that must be refused; the problem code."""
        with pytest.raises(WorkflowUpdateFailedError) as failed:
            await self.tell(update, message)
        assert isinstance(failed.value.cause, ApplicationError)
        return failed.value.cause.type or ""

    async def until(self, there: Callable[[], Any], what: str = "the condition") -> None:
        """Wait in real time, at most ten seconds, until something is there."""
        for _ in range(1000):
            if there():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"{what} did not come; the record: {self.outside.actions}")

    async def noted(self, action: str, times: int = 1) -> None:
        """Wait until the record shows an action."""
        await self.until(lambda: self.outside.actions.count(action) >= times, action)

    async def now(self) -> datetime:
        """The environment's clock."""
        return await self.environment.get_current_time()

    async def sleep(self, how_long: timedelta) -> None:
        """Let time pass."""
        await self.environment.sleep(how_long)

    async def sleep_until(self, then: datetime) -> None:
        """Let time pass until a moment."""
        left = then - await self.now()
        if left > timedelta():
            await self.environment.sleep(left)

    async def while_time_passes(self, answer: Coroutine[Any, Any, T]) -> T:
        """Wait for an answer that needs the clock to go on."""
        task = asyncio.create_task(answer)
        while not task.done():
            await self.environment.sleep(timedelta(seconds=1))
        return await task

    async def push(self, act: str, message: Any) -> None:
        """Push an act as a device does, with nobody to hear the answer."""
        await self.handle.signal(f"push_{act}", message)

    async def refused_pushes(self) -> list[str]:
        """What came out of turn."""
        found: list[str] = await self.handle.query("refused_pushes")
        return found

    async def waiting_for(self) -> list[str]:
        """The open trays."""
        found: list[str] = await self.handle.query("waiting_for")
        return found

    async def ending(self) -> Ending:
        """Let time pass until the case is closed."""
        return (await self.handle.result()).ending

    def ended_at(self) -> datetime:
        """When the case ended, by its record."""
        return self.outside.entry("application.ended").at

    async def put_away(self) -> None:
        """End the case, if it is open still."""
        if not await self._quiet():
            return
        with contextlib.suppress(WorkflowUpdateFailedError, RPCError):  # it has ended, or is about to
            await self.handle.execute_update("withdraw", Withdrawal(by=CITIZEN), rpc_timeout=timedelta(seconds=5))
        async with asyncio.timeout(10):
            try:
                await self.handle.result()
            except WorkflowFailureError as failed:
                # Where a busy machine lost the withdrawal, the clock has skipped to the end of the run.
                if not isinstance(failed.cause, TimeoutError):
                    raise

    async def _quiet(self) -> bool:
        """Let what is asked of partners be answered: this server chokes on the cancellation of a done activity.

        Says whether the case is open.
        """
        for doubling in range(14):
            described = await self._described()
            if described.workflow_execution_info.status != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING:
                return False
            await self.handle.query("view")  # answered when no task is under way
            if not (await self._described()).pending_activities:
                break
            await self.environment.sleep(timedelta(seconds=2**doubling))
        return True

    async def _described(self) -> DescribeWorkflowExecutionResponse:
        client = self.environment.client
        request = DescribeWorkflowExecutionRequest(
            namespace=client.namespace, execution=WorkflowExecution(workflow_id=self.handle.id)
        )
        return await client.workflow_service.describe_workflow_execution(request)
