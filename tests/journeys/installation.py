"""A whole installation for tests: `paspor up` as a person would start it, in a folder of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, text

START_LIMIT = 120.0
STOP_LIMIT = 12.0
BACK_LIMIT = 60.0
PASPOR = ("workers.cli", "up")


class Installation:
    """A running installation, and its processes. `program` is the module that starts it, with its first arguments."""

    def __init__(
        self, folder: Path, program: Sequence[str] = PASPOR, environment: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder
        self._program, self._environment = program, {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[str] | None = None
        self._listener: threading.Thread | None = None
        self.events: list[dict[str, Any]] = []

    def start(self) -> None:
        """Start, and return when everything is up."""
        self.events = []
        command = [sys.executable, "-m", *self._program, "--no-demo", "--json", "--port", "0"]
        with (self.folder.parent / f"{self.folder.name}.log").open("a") as log:
            self._process = subprocess.Popen(
                [*command, "--data", str(self.folder)],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self._environment,
            )
        self._listener = threading.Thread(target=self._listen, args=(self._process,))
        self._listener.start()
        wait_until(lambda: self._said("up") or self._process_ended(), "a running installation", START_LIMIT)
        assert self._said("up"), f"`paspor up` ended: {self.events[-3:]}"

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

    def sql(self, statement: str, **values: Any) -> list[Any]:
        """Rows of its own database."""
        engine = create_engine(self.environment["PASPOR_DATABASE_URL"], poolclass=NullPool)
        try:
            with engine.begin() as connection:
                found = connection.execute(text(statement), values)
                return list(found) if found.returns_rows else []
        finally:
            engine.dispose()

    @contextmanager
    def killing(self, *parts: str) -> Iterator[Callable[[], None]]:
        """A `kill -9` of parts, all at once, whenever the block calls it; afterwards all of them are back."""
        before = len(self.events)
        pids = self.pids()

        def kill() -> None:
            for part in parts:
                os.kill(pids[part], signal.SIGKILL)

        yield kill
        self.back(*parts, since=before)

    def kill(self, *parts: str) -> None:
        """`kill -9` parts, all at once, and wait until they are back."""
        with self.killing(*parts) as kill:
            kill()

    def back(self, *parts: str, since: int) -> None:
        """Wait until parts are ready again, since an event."""
        for part in parts:
            wait_until(partial(self._said, "ready", part, since), f"{part} again", BACK_LIMIT)

    @contextmanager
    def frozen(self, part: str) -> Iterator[None]:
        """A part that hangs while the block lasts; it may be killed meanwhile."""
        pid = self.pids()[part]
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def stop(self) -> float:
        """Ctrl-C; the seconds that it took."""
        assert self._process is not None
        began = time.monotonic()
        self._process.send_signal(signal.SIGINT)
        self._process.wait(STOP_LIMIT)
        self._heard_out()
        return time.monotonic() - began

    def end(self) -> None:
        """Stop whatever is left, also after a failed test."""
        if self._process is not None and self._process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.kill_supervisor()
        self._heard_out()

    def kill_supervisor(self) -> None:
        """`kill -9` of `paspor up` itself."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._heard_out()

    def _heard_out(self) -> None:
        if self._listener is not None and self._process is not None and self._process.stdout is not None:
            self._listener.join(STOP_LIMIT)
            self._process.stdout.close()

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.events.append(json.loads(line))

    def _said(self, event: str, part: str = "", since: int = 0) -> bool:
        return any(told["event"] == event and part in ("", told.get("part")) for told in self.events[since:])

    def _process_ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None


@contextmanager
def installed(
    folder: Path, program: Sequence[str] = PASPOR, environment: Mapping[str, str] | None = None
) -> Iterator[Installation]:
    """An installation that is up while the block lasts."""
    installation = Installation(folder, program, environment)
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
