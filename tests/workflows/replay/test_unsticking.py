"""Cases that no worker can go on with after a bad deploy, for real, and the two ways out of docs/operations.md."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import Engine, text
from temporalio.client import WorkflowHandle, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.testing import WorkflowEnvironment

from activities.keyring import Keys
from activities.storage import ledger
from tests.activities.storage.cases import opening
from tests.activities.storage.places import an_office
from tests.workflows.replay.changes import Change, from_the_docs, unpatched
from tests.workflows.replay.town import Today, Town, cases, partners, waiting
from workers.local import temporal
from workers.replay import OPEN, replay
from workers.reset import CannotReset, reset
from workers.runtime.codec import data_converter
from workers.runtime.settings import Settings
from workers.standstill import BUILD, standstills
from workflows import search
from workflows.case.facts import Ending, Stage
from workflows.messages import Outcome, Verdict
from workflows.passport import PassportApplication

AT_ONCE = "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=1"
SHORT, PATIENCE = timedelta(seconds=2), timedelta(seconds=20)


@pytest_asyncio.fixture(loop_scope="session")
async def server(keys: Keys) -> AsyncIterator[WorkflowEnvironment]:
    """A server that reports a failing case after its first failure, where an operator's waits for the fifth."""
    started = await WorkflowEnvironment.start_local(
        namespace=temporal.NAMESPACE,
        data_converter=data_converter(keys.payloads),
        search_attributes=search.ALL,
        dev_server_existing_path=str(temporal.binary()),
        dev_server_log_level="error",
        dev_server_extra_args=["--dynamic-config-value", AT_ONCE],
    )
    async with started as environment:
        yield environment


async def stuck(server: WorkflowEnvironment, database_url: str, case: Today) -> None:
    """The doctor knows of the case, and why."""
    async with asyncio.timeout(15):
        while not (found := await standstills(server.client, database_url)):  # noqa: ASYNC110 - the lists follow later
            await asyncio.sleep(0.1)
    (one,) = found
    assert (one.numbers, one.mend) == ((case.filing.number,), BUILD)
    assert "disagrees with its history" in one.cause


async def told_in_vain(case: Today, update: str, message: object) -> None:
    """Say something to a case that cannot go on: it is not refused, and not answered."""
    with pytest.raises(WorkflowUpdateRPCTimeoutOrCancelledError):
        await case.handle.execute_update(update, message, id=f"{update}-once", result_type=Verdict, rpc_timeout=SHORT)


async def test_a_bad_build_is_rolled_back(
    server: WorkflowEnvironment, settings: Settings, keys: Keys, change: Change, database_url: str
) -> None:
    town, careless = Town(), change("rolled_back", unpatched(from_the_docs()))
    async with partners(server.client, town):
        async with cases(settings, keys, town, PassportApplication):
            case = await waiting(server, town, "handover")
        async with cases(settings, keys, town, careless):
            await told_in_vain(case, "hand_over", case.collection())
            await stuck(server, database_url, case)
        async with cases(settings, keys, town, PassportApplication):
            assert await case.ending() is Ending.COLLECTED
    assert len(case.outside.asked["booklets.settle"]) == 1


async def test_a_case_that_a_bad_build_led_astray_is_reset(
    server: WorkflowEnvironment, settings: Settings, keys: Keys, change: Change, engine: Engine, database_url: str
) -> None:
    """The bad build has gone on with it, so that no good one can; what people said since is not asked of them again."""
    town, careless = Town(), change("astray", unpatched(from_the_docs()))
    async with partners(server.client, town):
        async with cases(settings, keys, town, PassportApplication):
            case = await waiting(server, town, "quality")
        async with cases(settings, keys, town, careless):
            await case.inspect()
            await case.noted("passport.ready")
        number, first_run = case.filing.number, (await case.handle.describe()).run_id
        with engine.begin() as connection:
            an_office(connection)
            ledger.open_case(connection, opening(number, run_id=first_run), keys.columns)
        async with cases(settings, keys, town, PassportApplication):
            await told_in_vain(case, "hand_over", case.collection())
            await stuck(server, database_url, case)
            assert [one.number for one in (await replay(server.client)).failing] == [number]

            await reset(server.client, database_url, number, "the build of this test")
            again: WorkflowHandle[PassportApplication, Outcome] = server.client.get_workflow_handle_for(
                PassportApplication.run, case.handle.id
            )
            # What it never took, being stuck, is said again by who heard nothing.
            said_again = await again.execute_update(
                "hand_over", case.collection(), id="hand_over-once", result_type=Verdict, rpc_timeout=PATIENCE
            )
            assert said_again.stage is Stage.COLLECTED
            assert (await again.result()).ending is Ending.COLLECTED
    with engine.begin() as connection:
        run = connection.execute(
            text("SELECT run_id FROM paspor.application WHERE number = :n"), {"n": number}
        ).scalar()
    assert run == (await again.describe()).run_id != first_run
    # The inspector's decision was said to it again; by their keys nothing is written or had twice.
    assert case.outside.actions.count("quality.checked") == 2
    assert len({entry.key for entry in case.outside.entries if entry.action == "quality.checked"}) == 1
    assert len(set(case.outside.keys("booklets.settle"))) == 1


async def test_what_cannot_be_reset(
    server: WorkflowEnvironment, settings: Settings, keys: Keys, database_url: str
) -> None:
    town = Town()
    async with partners(server.client, town), cases(settings, keys, town, PassportApplication):
        case = await waiting(server, town, "seat")
        async with asyncio.timeout(10):
            while not (await server.client.count_workflows(OPEN)).count:  # noqa: ASYNC110 - the lists follow later
                await asyncio.sleep(0.05)
        for number, event, why in (
            ("x", None, "digits"),
            ("1" * 16, None, "no open case"),
            (case.filing.number, None, "agrees"),
            (case.filing.number, 5, "nothing of the case"),
        ):
            with pytest.raises(CannotReset, match=why):
                await reset(server.client, database_url, number, "", event)
