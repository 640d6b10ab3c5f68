"""A change that is not behind a patch is found by the recordings, ended and open; the same change behind one is not."""

import pytest
from temporalio.workflow import NondeterminismError

from tests.workflows.replay import recorded
from tests.workflows.replay.changes import Change, from_the_docs, unpatched
from tests.workflows.replay.test_recorded import replayer

NEWEST = recorded.versions()[-1]
# The example's check comes before the passport is ready: who waits for that does not notice, who is past it does.
PAST = ("ended-collected", "ended-collected-after-all", "ended-uncollected", "ended-refused-exit-ban", "open-handover")
BEFORE = ("open-seat", "open-booth", "open-matcher", "open-print-question", "open-quality", "ended-refused-duplicate")


@pytest.mark.parametrize("name", PAST)
async def test_an_unpatched_change_is_found(change: Change, name: str) -> None:
    careless = change("careless", unpatched(from_the_docs()))
    with pytest.raises(NondeterminismError, match="TMPRL1100"):
        await replayer(careless).replay_workflow(recorded.read(NEWEST / f"{name}.json.gz"))


@pytest.mark.parametrize("name", BEFORE)
async def test_a_case_that_is_not_there_yet_takes_the_change(change: Change, name: str) -> None:
    careless = change("careless", unpatched(from_the_docs()))
    await replayer(careless).replay_workflow(recorded.read(NEWEST / f"{name}.json.gz"))


async def test_the_same_change_behind_a_patch_replays_all(change: Change) -> None:
    careful = change("careful", from_the_docs())

    async def histories():
        for path in recorded.files():
            yield recorded.read(path)

    assert not (await replayer(careful).replay_workflows(histories())).replay_failures
