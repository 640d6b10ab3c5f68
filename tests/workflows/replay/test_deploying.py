"""The worked example of docs/operations.md: a change of the procedure is deployed over open cases at every wait."""

import asyncio
from collections import Counter
from itertools import cycle, islice

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.keyring import Keys
from tests.workflows.people import CITIZEN
from tests.workflows.replay.changes import Change, from_the_docs, unpatched
from tests.workflows.replay.deployments import NAME, Operator, build_of
from tests.workflows.replay.town import Today, Town, cases, partners, together, waiting
from tests.workflows.replay.waits import WAITS, go_on
from workers.replay import replay
from workers.runtime.settings import Settings
from workflows.case.facts import Ending
from workflows.messages import Withdrawal
from workflows.passport import PassportApplication

OPEN_CASES, AT_ONCE, RAMP = 100, 12, 20
PATCH = "exit-ban-before-ready"
PAST = "handover"  # who waits there is past the place of the change


async def finish(case: Today, wait: str, ending: Ending) -> Ending:
    """The case ends as its people want it to."""
    if ending is Ending.WITHDRAWN:
        await case.tell("withdraw", Withdrawal(by=CITIZEN))
    elif ending is Ending.CANCELLED:
        await case.cancel()
    else:
        await go_on(case, wait)
    return await case.ending()


def plan() -> list[tuple[str, Ending]]:
    """A wait for each case, in turn; one in ten is withdrawn and one in ten, where there is an office, cancelled."""
    planned = []
    for place, wait in enumerate(islice(cycle(WAITS), OPEN_CASES)):
        ending = {3: Ending.WITHDRAWN, 7: Ending.CANCELLED}.get(place % 10, Ending.COLLECTED)
        planned.append((wait, Ending.COLLECTED if wait == "register" else ending))
    return planned


def took_the_change(case: Today) -> bool:
    """Whether the list was asked once more for it."""
    return any("/ready/" in key for key in case.outside.keys("watchlist.check"))


async def patched(server: WorkflowEnvironment) -> set[str]:
    """The cases that took the change, as an operator lists them."""
    return {found.id async for found in server.client.list_workflows(f"TemporalChangeVersion = '{PATCH}'")}


@pytest.mark.timeout(150)
async def test_a_change_is_deployed_over_a_hundred_open_cases(
    server: WorkflowEnvironment, settings: Settings, keys: Keys, change: Change
) -> None:
    town, operator, planned = Town(), Operator(settings), plan()
    old, new = (settings.model_copy(update={"deployment": NAME, "build_id": build}) for build in ("1", "2"))
    changed_procedure = change("deployed", from_the_docs())
    async with partners(server.client, town), cases(old, keys, town, PassportApplication):
        await operator.make_current("1")
        opened = await together(AT_ONCE, *(waiting(server, town, wait) for wait, _ in planned))

        # Would the new build go on with all that is open? And would the careless one with who is past the change?
        checked = await replay(server.client, procedure=changed_procedure)
        assert (checked.replayed, checked.failing) == (OPEN_CASES, [])
        past = {case.filing.number for case, (wait, _) in zip(opened, planned, strict=True) if wait == PAST}
        careless = await replay(
            server.client, number=min(past), procedure=change("undeployed", unpatched(from_the_docs()))
        )
        assert len(careless.failing) == 1

        async with cases(new, keys, town, changed_procedure):
            await operator.ramp("2", RAMP)
            tenth = OPEN_CASES // 10
            work = [finish(case, *how) for case, how in zip(opened, planned, strict=True)]
            endings = await together(AT_ONCE, *work[:tenth])
            await operator.make_current("2")
            endings += await together(AT_ONCE, *work[tenth:])
            builds = Counter(await asyncio.gather(*(build_of(case.handle) for case in opened)))

    assert endings == [ending for _, ending in planned]
    assert builds["2"] >= OPEN_CASES - tenth
    due = {case.handle.id for case, how in zip(opened, planned, strict=True) if how[1] is Ending.COLLECTED}
    took = {case.handle.id for case in opened if took_the_change(case)}
    assert took == await patched(server)
    assert took <= due
    # There is no way back for who took it: the old build does not know what the history tells of.
    back = await replay(server.client, number=min(took).removeprefix("passport-"))
    assert len(back.failing) == 1
    assert len(due - took - {f"passport-{number}" for number in past}) <= tenth  # the old build's, while it ramped
