"""A whole installation for tests: `paspor up` as a person would start it, in a folder of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START_LIMIT = 120.0
STOP_LIMIT = 12.0


class Installation:
    """A running installation, and its processes."""

    def __init__(self, folder: Path, more: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self._more = more
        self._process: subprocess.Popen[str] | None = None
        self.events: list[dict[str, Any]] = []

    def start(self) -> None:
        """Start, and return when everything is up."""
        command = [sys.executable, "-m", "workers.cli", "up", "--no-demo", "--json", "--port", "0"]
        log = (self.folder.parent / f"{self.folder.name}.log").open("a")
        with log:
            self._process = subprocess.Popen(
                [*command, "--data", str(self.folder), *self._more], stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self._process.stdout is not None
        end = time.monotonic() + START_LIMIT
        for line in self._process.stdout:
            self.events.append(json.loads(line))
            if self.events[-1]["event"] == "up":
                return
            assert time.monotonic() < end, "the installation did not come up in time"
        raise AssertionError(f"`paspor up` ended: {self.events[-3:]}")

    @property
    def supervisor(self) -> int:
        """The process id of `paspor up`."""
        assert self._process is not None
        return self._process.pid

    @property
    def addresses(self) -> dict[str, Any]:
        """Where everything is."""
        found: dict[str, Any] = json.loads((self.folder / "addresses.json").read_text())
        return found

    @property
    def environment(self) -> dict[str, str]:
        """The settings of its processes."""
        found: dict[str, str] = json.loads((self.folder / "environment.json").read_text())
        return found

    def pids(self) -> dict[str, int]:
        """The processes there are now, by part."""
        found: dict[str, int] = json.loads((self.folder / "parts.json").read_text())
        return found

    def kill(self, *parts: str) -> None:
        """`kill -9` parts, all at once."""
        pids = self.pids()
        for part in parts:
            os.kill(pids[part], signal.SIGKILL)

    def back(self, *parts: str, than: dict[str, int]) -> None:
        """Wait until killed parts run again, under other process ids."""
        wait_until(lambda: all(self.pids().get(part, than[part]) != than[part] for part in parts), "the killed parts")

    def stop(self) -> float:
        """Ctrl-C; the seconds that it took. Everything is gone afterwards."""
        assert self._process is not None
        began = time.monotonic()
        self._process.send_signal(signal.SIGINT)
        self._process.wait(STOP_LIMIT)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return time.monotonic() - began

    def end(self) -> None:
        """Stop whatever is left, also after a failed test."""
        if self._process is not None and self._process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()


@contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    """An installation that is up while the block lasts."""
    installation = Installation(folder)
    try:
        installation.start()
        yield installation
    finally:
        installation.end()


def wait_until(there: Callable[[], Any], what: str, limit: float = 60.0) -> Any:
    """Wait until something is there; its value."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        found = there()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come within {limit:.0f} s")
