"""A case runs with the sandbox around our own rules, and its history replays as production workers run it."""

import json
import uuid

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, Worker

from tests.workflows.clock_case import ClockCase
from tests.workflows.conftest import serving, starting
from tests.workflows.fakes import Outside
from workflows.case.facts import Ending
from workflows.passport import PassportApplication
from workflows.sandbox import runner


async def collected_under_guard(environment: WorkflowEnvironment) -> WorkflowHistory:
    """The history of a case from filing to handover, with the sandbox guarding our rules."""
    outside = Outside()
    async with serving(environment.client, outside, guard_our_modules=True), starting(environment, outside) as begin:
        case = await begin()
        await case.to_ready()
        await case.hand_over()
        assert await case.ending() is Ending.COLLECTED
        return await case.handle.fetch_history()


async def replay(history: WorkflowHistory) -> Exception | None:
    """What production workers would have to say of a history."""
    replayer = Replayer(
        workflows=[PassportApplication], workflow_runner=runner(), data_converter=pydantic_data_converter
    )
    return (await replayer.replay_workflow(history, raise_on_replay_failure=False)).replay_failure


async def test_a_case_under_guard_replays(environment: WorkflowEnvironment) -> None:
    history = await collected_under_guard(environment)
    assert await replay(history) is None
    asked_otherwise = history.to_json().replace('"watchlist.check"', '"population.verify"')
    assert asked_otherwise != history.to_json()
    other = WorkflowHistory.from_json(history.workflow_id, json.loads(asked_otherwise))
    assert isinstance(await replay(other), workflow.NondeterminismError)


@pytest.mark.parametrize(("guard", "answer"), [(True, "refused"), (False, "read")], ids=["guarded", "passed_through"])
async def test_the_guard_keeps_our_rules_from_the_clock(
    environment: WorkflowEnvironment, guard: bool, answer: str
) -> None:
    queue = uuid.uuid4().hex
    worker = Worker(
        environment.client,
        task_queue=queue,
        workflows=[ClockCase],
        workflow_runner=runner(guard_our_modules=guard),
    )
    async with worker:
        found = await environment.client.execute_workflow(ClockCase.run, id=f"clock-{queue}", task_queue=queue)
    assert found == answer
