"""`paspor replay`: the open cases of a live namespace against the procedure of this version."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.keyring import Keys, new_key_file
from tests.workflows.replay.changes import Change, from_the_docs, unpatched
from tests.workflows.replay.town import Today, Town, cases, partners, waiting
from workers.replay import replay
from workers.runtime.settings import Settings
from workflows.passport import PassportApplication


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    said: str
    answer: dict[str, Any]


async def paspor_replay(settings: Settings, *options: str) -> Ran:
    """Run the command as a person does."""
    known = {f"PASPOR_{name.upper()}": str(value) for name, value in settings.model_dump().items()}
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "workers.cli", "replay", "--json", *options,
        env={**os.environ, **known}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        out, err = await asyncio.wait_for(program.communicate(), 30)
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
    return Ran(program.returncode or 0, err.decode(), json.loads(out) if out else {})


async def listed(server: WorkflowEnvironment, numbers: int) -> None:
    """Until the lists of the server show so many open cases: they follow a moment later."""
    async with asyncio.timeout(10):
        while (await server.client.count_workflows("ExecutionStatus = 'Running'")).count != numbers:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def open_cases(server: WorkflowEnvironment, town: Town, waits: Sequence[str]) -> list[Today]:
    return [await waiting(server, town, wait) for wait in waits]


async def test_it_tells_which_open_cases_would_fail(
    server: WorkflowEnvironment, settings: Settings, keys: Keys, change: Change
) -> None:
    """The histories of another procedure are there, as after a change that was forgotten in this version."""
    town = Town()
    async with partners(server.client, town):
        async with cases(settings, keys, town, PassportApplication):
            seat, _, handover = await open_cases(server, town, ("seat", "payment", "handover"))
        await listed(server, 3)
        well = await paspor_replay(settings)
        assert (well.code, well.answer) == (0, {"replayed": 3, "gone": 0, "failing": []}), well.said

        async with cases(settings, keys, town, change("foreign", unpatched(from_the_docs()))):
            (foreign,) = await open_cases(server, town, ("handover",))
        await listed(server, 4)
    wrong = await paspor_replay(settings)
    assert (wrong.code, wrong.answer["replayed"]) == (1, 4)
    (failing,) = wrong.answer["failing"]
    assert (failing["number"], failing["stage"]) == (foreign.filing.number, "ready")
    assert "TMPRL1100" in failing["why"]
    assert f"fails {foreign.filing.number} (ready): [TMPRL1100]" in wrong.said
    assert "4 replayed, 1 fail, 0 gone meanwhile" in wrong.said
    person = handover.filing.applicant
    for personal in (person.nik, person.full_name, person.email, person.birth_date.isoformat()):
        assert personal not in wrong.said + json.dumps(wrong.answer)

    newest = await paspor_replay(settings, "--limit", "1")
    assert (newest.code, newest.answer["replayed"]) == (1, 1)
    assert (await paspor_replay(settings, "--number", seat.filing.number)).answer["replayed"] == 1
    assert (await paspor_replay(settings, "--number", foreign.filing.number)).code == 1
    unknown = await paspor_replay(settings, "--number", "1" * 16)
    assert (unknown.code, unknown.answer["replayed"]) == (1, 0)


async def test_a_case_whose_payloads_cannot_be_opened_fails(
    server: WorkflowEnvironment, settings: Settings, keys: Keys, tmp_path_factory: pytest.TempPathFactory
) -> None:
    town = Town()
    async with partners(server.client, town), cases(settings, keys, town, PassportApplication):
        await open_cases(server, town, ("seat",))
    await listed(server, 1)
    others = tmp_path_factory.mktemp("other") / "keys.json"
    new_key_file(others)
    locked = await paspor_replay(settings.model_copy(update={"keys_file": others}))
    assert (locked.code, locked.answer["replayed"]) == (1, 1)
    assert "see the log" in locked.answer["failing"][0]["why"]


async def test_a_number_is_digits(server: WorkflowEnvironment) -> None:
    with pytest.raises(ValueError, match="digits"):
        await replay(server.client, number="1' OR WorkflowId = 'x")
