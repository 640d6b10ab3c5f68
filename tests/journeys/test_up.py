"""`paspor up` as a person meets it: it comes up, shows itself, stops, comes back, and leaves nothing behind."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.application import application
from tests.journeys.installation import Installation, installed, wait_until
from tests.journeys.processes import alive, descendants

PARTS = {
    "postgres",
    "temporal",
    "population",
    "passports",
    "watchlist",
    "billing",
    "abis",
    "capture",
    "printer",
    "mail",
    "idp",
    "worker-cases",
    "worker-partners",
    "worker-printing",
    "api",
}
pytestmark = pytest.mark.journey


def paspor(installation: Installation, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "workers.cli", *arguments, "--json", "--data", str(installation.folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that these tests alone stop and start."""
    with installed(tmp_path_factory.mktemp("own") / "data") as found:
        yield found


def test_a_fresh_folder_comes_up(own: Installation) -> None:
    (up,) = [event for event in own.events if event["event"] == "up"]
    assert up["addresses"] == own.addresses
    assert set(own.pids()) == PARTS
    assert [event for event in own.events if event["event"] in ("died", "late", "killed")] == []


def test_the_demonstration_ends_as_collected(installation: Installation) -> None:
    done = paspor(installation, "demo")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["ending"] == "collected"
    assert told["events"] == sum(step["events"] for step in told["steps"])


def test_the_doctor_finds_a_running_installation_well(installation: Installation) -> None:
    done = paspor(installation, "doctor")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["well"]
    looked_at = {finding["what"] for finding in told["findings"]}
    assert {f"process {part}" for part in PARTS} | {"address api", "address mail"} <= looked_at


def test_the_seats_of_a_running_installation_are_in_order(installation: Installation) -> None:
    done = paspor(installation, "check")
    assert done.returncode == 0, done.stderr
    assert all(one["holds"] for one in json.loads(done.stdout)["invariants"])


def test_a_second_start_on_the_same_folder_is_refused_and_harms_nothing(installation: Installation) -> None:
    before = installation.pids()
    second = paspor(installation, "up", "--no-demo")
    assert second.returncode == 1
    assert second.stderr.splitlines() == [
        f"paspor is running on {installation.folder} (process {installation.supervisor})"
    ]
    assert installation.pids() == before
    assert installation.addresses


@pytest.mark.kill
def test_a_stopped_installation_leaves_no_process_and_goes_on_where_it_was(own: Installation) -> None:
    with application(own) as case:
        case.runs(until="book")
        address, processes = own.addresses, descendants(own.supervisor)
        assert len(processes) >= len(PARTS)
        assert own.stop() < 10
        assert alive(processes) == set()
        assert own.pids() == {}
        own.start()
        assert own.addresses == address
        assert case.owner.reads(case.path())["bill"]["code"] == case.bill
        case.pay()


@pytest.mark.kill
def test_a_killed_supervisor_leaves_no_process_and_the_next_start_works(own: Installation) -> None:
    with application(own) as case:
        case.runs(until="book")
        processes = descendants(own.supervisor)
        own.kill_supervisor()
        wait_until(lambda: not alive(processes), "the end of all parts", 10.0)
        own.start()
        case.pay()


@pytest.mark.kill
def test_a_first_start_that_is_interrupted_leaves_no_process_and_the_next_one_works(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    command = [sys.executable, "-m", "workers.cli", "up", "--no-demo", "--data", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as begun:
        wait_until((folder / "parts.json").exists, "the first parts", 30.0)
        processes = descendants(begun.pid)
        begun.send_signal(signal.SIGINT)
        assert begun.wait(12) == 0
    assert processes
    assert alive(processes) == set()
    with installed(folder) as again:
        assert set(again.pids()) == PARTS
