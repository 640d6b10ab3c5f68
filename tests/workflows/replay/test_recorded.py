"""What older versions of the procedure wrote, ended and open, is what today's procedure would write."""

import importlib.metadata
import json
from pathlib import Path

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from tests.workflows.replay import endings, recorded, waits
from tests.workflows.replay.record import ways
from workflows.case.facts import Ending
from workflows.passport import PassportApplication
from workflows.sandbox import runner

ADVICE = """today's procedure would not go on with this case: put the change behind `workflow.patched()`
(docs/operations.md). Only while this version is in use nowhere: python -m tests.workflows.replay.record --again"""


def replayer(procedure: type[PassportApplication] = PassportApplication) -> Replayer:
    return Replayer(workflows=[procedure], data_converter=pydantic_data_converter, workflow_runner=runner())


@pytest.mark.parametrize("path", recorded.files(), ids=lambda path: f"{path.parent.name}/{path.name.split('.')[0]}")
async def test_it_replays(path: Path) -> None:
    result = await replayer().replay_workflow(recorded.read(path), raise_on_replay_failure=False)
    assert result.replay_failure is None, f"{result.replay_failure}\n{ADVICE}"


def test_this_version_is_recorded_whole() -> None:
    """Who adds a wait or an ending records anew, under a new version."""
    newest = recorded.versions()[-1]
    assert newest.name == importlib.metadata.version("paspor")
    assert {path.name.removesuffix(".json.gz") for path in newest.iterdir()} == set(ways())
    assert {name.split("-")[0] for name in endings.ENDINGS} == set(Ending)


@pytest.mark.parametrize(
    "path", sorted(recorded.versions()[-1].glob("ended-*")), ids=lambda path: path.name.split(".")[0]
)
def test_a_recording_ends_as_it_is_called(path: Path) -> None:
    last = recorded.read(path).events[-1].workflow_execution_completed_event_attributes
    outcome = json.loads(last.result.payloads[0].data)
    assert path.name.removeprefix(recorded.ENDED).split("-")[0].split(".")[0] == outcome["ending"]


@pytest.mark.parametrize("wait", waits.WAITS)
def test_an_open_recording_is_open(wait: str) -> None:
    events = recorded.read(recorded.versions()[-1] / f"{recorded.OPEN}{wait}.json.gz").events
    assert not any(event.HasField("workflow_execution_completed_event_attributes") for event in events)
