"""The supervisor: order, return of the dead, and nothing left behind, whichever way it ends."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest
from fake_parts import FAILING, PARENT, alive, fake, members

from workers.local import supervisor as supervising
from workers.local.parts import Part
from workers.local.postgres_binaries import bindir
from workers.local.supervisor import StartFailedError, Supervisor

LIMIT = 20.0  # seconds


class Told:
    """Remembers what the supervisor told."""

    def __init__(self) -> None:
        self.events: list[tuple[str, str]] = []
        self._news = asyncio.Event()

    def __call__(self, event: str, part: str, **_facts: object) -> None:
        self.events.append((event, part))
        self._news.set()

    async def until(self, event: str, part: str, times: int = 1) -> None:
        async with asyncio.timeout(LIMIT):
            while self.events.count((event, part)) < times:
                self._news.clear()
                await self._news.wait()


def pids(note: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads(note.read_text())
    return found


def until(condition: Callable[[], bool], limit: float = LIMIT) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < limit, "it never came true"
        time.sleep(0.01)
    return time.monotonic() - began


async def test_parts_start_in_order_of_need_and_stop_in_reverse(tmp_path: Path) -> None:
    told = Told()
    parts = [
        fake(tmp_path, "api", after=["worker"]),
        fake(tmp_path, "migrate", script="exit 0", after=["database"], once=True),
        fake(tmp_path, "worker", after=["migrate"]),
        fake(tmp_path, "database"),
    ]
    supervisor = Supervisor(parts, told, tmp_path / "parts.json")
    await supervisor.start()
    assert [part for event, part in told.events if event == "ready"] == ["database", "migrate", "worker", "api"]
    running = pids(tmp_path / "parts.json")
    assert set(running) == {"database", "worker", "api"}
    await supervisor.stop()
    assert not [pid for pid in running.values() if alive(pid)]
    assert pids(tmp_path / "parts.json") == {}


async def test_a_killed_part_comes_back_and_the_others_stay(tmp_path: Path) -> None:
    told, note = Told(), tmp_path / "parts.json"
    supervisor = Supervisor([fake(tmp_path, "database"), fake(tmp_path, "api", after=["database"])], told, note)
    await supervisor.start()
    before = pids(note)
    os.kill(before["database"], signal.SIGKILL)
    await told.until("ready", "database", times=2)
    after = pids(note)
    await supervisor.stop()
    assert ("died", "database") in told.events
    assert after["database"] != before["database"]
    assert after["api"] == before["api"]


async def test_all_killed_at_once_come_back_in_order(tmp_path: Path) -> None:
    told, note = Told(), tmp_path / "parts.json"
    parts = [fake(tmp_path, name, after=need) for name, need in (("a", []), ("b", ["a"]), ("c", ["b"]))]
    supervisor = Supervisor(parts, told, note)
    await supervisor.start()
    for pid in pids(note).values():
        os.kill(pid, signal.SIGKILL)
    await told.until("ready", "c", times=2)
    await supervisor.stop()
    assert [part for event, part in told.events if event == "ready"] == ["a", "b", "c"] * 2


async def test_a_part_that_never_starts_ends_the_start_with_its_log(tmp_path: Path) -> None:
    told = Told()
    supervisor = Supervisor([fake(tmp_path, "broken", script=FAILING)], told, tmp_path / "parts.json")
    with pytest.raises(StartFailedError, match=r"broken\.log"):
        await supervisor.start()
    await supervisor.stop()
    assert told.events.count(("died", "broken")) == supervising.ATTEMPTS


async def test_a_part_that_was_ready_once_is_never_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "LONGEST_PAUSE", 0.01)
    told = Told()
    failing_for_a_while = 'test $(wc -l < "$0") -lt 12 && echo >> "$0" && exit 1; echo $$ >> "$0"; exec sleep 600'
    (tmp_path / "moody").touch()
    moody = fake(tmp_path, "moody", script='echo $$ >> "$0"; exec sleep 600')
    supervisor = Supervisor([moody], told, tmp_path / "parts.json")
    await supervisor.start()
    failing = Part(name="moody", command=fake(tmp_path, "moody", script=failing_for_a_while).command, ready=moody.ready)
    supervisor._keepers["moody"].part = failing
    os.kill(pids(tmp_path / "parts.json")["moody"], signal.SIGKILL)
    await told.until("ready", "moody", times=2)
    await supervisor.stop()
    assert told.events.count(("died", "moody")) > supervising.ATTEMPTS


async def test_a_part_that_is_never_ready_is_told_of_and_started_again(tmp_path: Path) -> None:
    told = Told()
    slow = fake(tmp_path, "slow", script="exec sleep 600")
    slow = Part(name="slow", command=slow.command, ready=slow.ready, patience=0.1)
    supervisor = Supervisor([slow], told, tmp_path / "parts.json")
    with pytest.raises(StartFailedError):
        await supervisor.start()
    await supervisor.stop()
    assert told.events.count(("late", "slow")) == supervising.ATTEMPTS


async def test_a_stubborn_part_is_killed_with_its_children(tmp_path: Path) -> None:
    told = Told()
    supervisor = Supervisor([fake(tmp_path, "parent", script=PARENT)], told, tmp_path / "parts.json")
    await supervisor.start()
    group = pids(tmp_path / "parts.json")["parent"]
    assert len(members(group)) == 2
    await supervisor.stop()
    assert ("killed", "parent") in told.events
    assert members(group) == []


async def test_what_a_dead_part_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    told, note = Told(), tmp_path / "parts.json"
    supervisor = Supervisor([fake(tmp_path, "parent", script=PARENT)], told, note)
    await supervisor.start()
    group = pids(note)["parent"]
    os.kill(group, signal.SIGKILL)
    await told.until("ready", "parent", times=2)
    assert members(group) == []
    await supervisor.stop()


def test_needs_that_cannot_be_met_are_refused(tmp_path: Path) -> None:
    circle = [fake(tmp_path, "a", after=["b"]), fake(tmp_path, "b", after=["a"])]
    for parts in (circle, [fake(tmp_path, "a", after=["nobody"])]):
        with pytest.raises(ValueError, match="wait for each other"):
            Supervisor(parts, Told(), tmp_path / "parts.json")


@pytest.fixture
def staying(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A supervisor in a process of its own, which has said that it is up."""
    script = Path(__file__).with_name("staying.py")
    argv = [sys.executable, str(script), str(tmp_path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        wait_for("up", process.stdout)
        yield process
        process.kill()


def wait_for(event: str, lines: IO[str] | None) -> dict[str, str]:
    assert lines is not None
    for line in lines:
        said: dict[str, str] = json.loads(line)
        if said["event"] == event:
            return said
    raise AssertionError(f"it ended without {event}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_in_time(tmp_path: Path, staying: "subprocess.Popen[str]", number: signal.Signals) -> None:
    groups = pids(tmp_path / "parts.json").values()
    staying.send_signal(number)
    assert staying.wait(10) == 0
    assert [pid for group in groups for pid in members(group)] == []


def test_a_killed_supervisor_leaves_no_orphan_and_a_clean_database(
    tmp_path: Path, staying: "subprocess.Popen[str]"
) -> None:
    running = pids(tmp_path / "parts.json")
    assert len(running) == 5
    staying.kill()
    staying.wait()
    until(lambda: not any(alive(pid) for pid in running.values()))
    cluster = (tmp_path / "postgres" / "cluster").resolve()
    control = subprocess.run([bindir() / "pg_controldata", cluster], capture_output=True, text=True, check=True).stdout
    assert "shut down\n" in control


def test_killed_parts_come_back_by_themselves(tmp_path: Path, staying: "subprocess.Popen[str]") -> None:
    running = pids(tmp_path / "parts.json")
    for name in ("postgres", "worker"):
        os.kill(running[name], signal.SIGKILL)
    back = {wait_for("ready", staying.stdout)["part"] for _ in range(2)}
    assert back == {"postgres", "worker"}
