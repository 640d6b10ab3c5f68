"""Starts the parts in the order of their needs, brings back those that die, and stops all of them in reverse."""

import asyncio
import json
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from workers.local.children import ended, signal_group, spawn
from workers.local.parts import Part, layers

ASK_EVERY = 0.05  # seconds between two questions whether a part is ready
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 15.0  # seconds before a dead part is started again; doubles in between
STEADY = 60.0  # seconds after which a part's earlier deaths are forgotten
ATTEMPTS = 5  # starts of a part that was never ready yet, before the whole start is given up
STOP_LIMIT = 9.0  # seconds for stopping everything
LOG_SIZE = 20_000_000  # bytes of a part's log before it is set aside at the next start


class Tell(Protocol):
    """Hears what happens: `ready`, `died`, `late`, `killed`."""

    def __call__(self, event: str, part: str, **facts: object) -> None:
        """Take note of `event`."""


class StartFailedError(Exception):
    """A part did not become ready however often it was started; names the part and its log."""


class Keeper:
    """Keeps one part running."""

    def __init__(self, part: Part, needs: Sequence["Keeper"], tell: Tell, changed: Callable[[], None]) -> None:
        self.part = part
        self.ready = asyncio.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self._needs, self._tell, self._changed = needs, tell, changed
        self._failures, self._ever = 0, False

    async def keep(self) -> None:
        """Start the part, and start it again whenever it ends; returns only for a part that runs once.

        Raises `StartFailedError` for a part that never became ready; one that once did is never given up.
        """
        while True:
            for need in self._needs:
                await need.ready.wait()
            began = time.monotonic()
            if await self._run(began) == 0 and self.part.once:
                self._tell("ready", self.part.name, seconds=round(time.monotonic() - began, 1))
                self.ready.set()
                return
            self._failures = 1 if time.monotonic() - began > STEADY else self._failures + 1
            if self._failures >= ATTEMPTS and not self._ever:
                raise StartFailedError(f"{self.part.name} does not start; its log: {self.part.command.log}")
            await asyncio.sleep(min(FIRST_PAUSE * 2 ** (self._failures - 1), LONGEST_PAUSE))

    async def stop(self, limit: float) -> None:
        """Ask the part to stop, and kill it with all that it started when `limit` seconds are over."""
        process = self.process
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(self.part.stop_signal)
            try:
                await asyncio.wait_for(ended(process), limit)
            except TimeoutError:
                self._tell("killed", self.part.name, seconds=round(limit, 1))
        self.kill()
        process.wait()

    def kill(self) -> None:
        """End the part and its children at once."""
        if self.process is not None:
            signal_group(self.process, signal.SIGKILL)

    async def _run(self, began: float) -> int:
        _set_aside(self.part.command.log)
        self.process = process = spawn(self.part.command)
        self._changed()
        end = asyncio.ensure_future(ended(process))
        try:
            if not self.part.once:
                await self._until_ready(process.pid, end, began)
            code = await end
        finally:
            end.cancel()
            self.ready.clear()
        self.kill()  # what the dead part left behind
        if code != 0 or not self.part.once:
            self._tell("died", self.part.name, code=code, log=str(self.part.command.log))
        return code

    async def _until_ready(self, pid: int, end: "asyncio.Future[int]", began: float) -> None:
        while not end.done():
            if await self.part.ready(pid) and not end.done():
                self._ever = True
                self.ready.set()
                self._tell("ready", self.part.name, seconds=round(time.monotonic() - began, 1))
                return
            if time.monotonic() - began > self.part.patience:
                self._tell("late", self.part.name, seconds=self.part.patience)
                self.kill()
                return
            await asyncio.wait([end], timeout=ASK_EVERY)


class Supervisor:
    """The parts of one installation, from start to stop. `note` is a file that always names the processes there are."""

    def __init__(self, parts: Sequence[Part], tell: Tell, note: Path) -> None:
        by_name = {part.name: part for part in parts}
        self._layers = [[part.name for part in layer] for layer in layers(by_name)]
        self._keepers: dict[str, Keeper] = {}
        self._note = note
        for layer in self._layers:
            for name in layer:
                needs = [self._keepers[need] for need in by_name[name].after]
                self._keepers[name] = Keeper(by_name[name], needs, tell, self._write_note)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Return when every part is ready; from then on `watch` tells of a failure. Raises `StartFailedError`."""
        self._tasks = [asyncio.create_task(keeper.keep()) for keeper in self._keepers.values()]
        all_ready = asyncio.create_task(self._all_ready())
        failed = asyncio.create_task(self.watch())
        try:
            await asyncio.wait([all_ready, failed], return_when=asyncio.FIRST_COMPLETED)
            if failed.done():
                failed.result()
        finally:
            all_ready.cancel()
            failed.cancel()

    async def watch(self) -> None:
        """Wait as long as the parts are kept; raises what ended the keeping of one."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()

    async def stop(self, limit: float = STOP_LIMIT) -> None:
        """Stop all parts, the last started first, within `limit` seconds."""
        end = time.monotonic() + limit
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for layer in reversed(self._layers):
            keepers = [self._keepers[name] for name in layer]
            left = max(0.1, end - time.monotonic())
            await asyncio.gather(*(keeper.stop(min(keeper.part.grace, left)) for keeper in keepers))
        self._write_note()

    def kill(self) -> None:
        """End all parts at once, for who does not want to wait."""
        for keeper in self._keepers.values():
            keeper.kill()

    async def _all_ready(self) -> None:
        for keeper in self._keepers.values():
            await keeper.ready.wait()

    def _write_note(self) -> None:
        running = {
            name: keeper.process.pid
            for name, keeper in self._keepers.items()
            if keeper.process is not None and keeper.process.poll() is None
        }
        unfinished = self._note.with_suffix(".new")
        unfinished.write_text(json.dumps(running, indent=1))
        unfinished.rename(self._note)


def _set_aside(log: Path | None) -> None:
    if log is not None and log.exists() and log.stat().st_size > LOG_SIZE:
        log.rename(log.with_suffix(".log.1"))
