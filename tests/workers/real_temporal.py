"""Temporal's development server as an installation runs it, for tests that may kill it."""

import asyncio
import os
import signal
import subprocess
from pathlib import Path

from workers.local import temporal
from workers.local.addresses import Addresses, choose
from workers.local.checks import Engine
from workers.local.children import spawn
from workers.local.parts import Ready


class RealTemporal:
    """One server on one store."""

    def __init__(self, folder: Path) -> None:
        self.store, self._log = folder / "temporal.db", folder / "temporal.log"
        self.addresses: Addresses = choose(folder / "ports.json", 0)
        self.address = f"127.0.0.1:{self.addresses.ports['temporal']}"
        self.engine = Engine(self.address, temporal.NAMESPACE)
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        self._process = spawn(temporal.command(self.store, self.addresses, self._log))
        await until(self.engine.ready, self._process.pid)

    def kill(self) -> None:
        if self._process is not None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()


async def until(ready: Ready, pid: int, limit: float = 30.0) -> None:
    """Wait until a readiness question is answered with yes."""
    async with asyncio.timeout(limit):
        while not await ready(pid):  # noqa: ASYNC110 - another process is waited for
            await asyncio.sleep(0.05)
