"""A stand-in as a process of its own, on a free port, that a test can kill and start again."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

LIMIT_SECONDS = 20.0
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback is never asked by way of a proxy


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def until(met: Callable[[], Any], seconds: float = LIMIT_SECONDS) -> Any:
    """Ask until the answer is true, and return it; fails after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := met():
            return answer
        time.sleep(0.02)
    raise AssertionError(f"not met within {seconds} s")


class RunningStandin:
    """Starts `python -m workers.local.standins.<name>` and speaks to its control routes."""

    def __init__(self, name: str, store: Path, *arguments: str, **environment: str) -> None:
        self.name, self.port, self._store = name, free_port(), store
        self._arguments, self._environment = arguments, {**os.environ, **environment}
        self.start()

    def start(self) -> None:
        """Start it, on the same port and store as before, and wait until it is well."""
        command = [sys.executable, "-m", f"workers.local.standins.{self.name}", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [*command, "--store", str(self._store), *self._arguments], env=self._environment
        )
        until(self._is_well)

    def kill(self) -> None:
        """Kill it at once, as a power failure would."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End it in good order; harmless when it is gone."""
        self._process.terminate()
        self._process.wait(LIMIT_SECONDS)

    def fault(self, kind: str, **more: object) -> None:
        """Have it fail in one way until `heal`."""
        self.ask("POST", "faults", {"kind": kind, **more})

    def heal(self) -> None:
        """Take all faults away."""
        self.ask("DELETE", "faults")

    def effects(self, key: str) -> int:
        """How often the work of that key was really done, by the request log."""
        return sum(1 for line in self.ask("GET", "log")["items"] if line["key"] == key and line["effect"])

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One control request; the answer's JSON, None when it has none."""
        url = f"http://127.0.0.1:{self.port}/standins/{self.name}/{path}"
        data = None if body is None else json.dumps(body).encode()
        with DIRECT.open(urllib.request.Request(url, data, method=method), timeout=10) as response:
            return json.loads(response.read() or b"null")

    def _is_well(self) -> bool:
        assert self._process.poll() is None, f"{self.name} ended with {self._process.returncode}"
        try:
            with DIRECT.open(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                return True
        except OSError:
            return False
