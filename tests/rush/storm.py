"""Carries a plan out: client processes are started all at once, and killed and started again; the database too."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from tests.rush.answers import Answer, read
from tests.rush.plan import Kill, Plan, Victim
from tests.rush.town import Town

LIMIT = 240.0  # seconds for a rush, on a machine that does other things too
LOOK = 0.002  # seconds between two looks


class Storm:
    """One rush. Files of its own in a folder that is gone afterwards."""

    def __init__(self, town: Town, plan: Plan, *, unguarded: bool = False) -> None:
        self._town, self._plan, self._unguarded = town, plan, unguarded
        self._kills = iter(plan.kills)
        self._crowds: list[subprocess.Popen[bytes]] = []
        self._luck = random.Random(plan.seed)
        self.kills: list[str] = []
        self.seconds = 0.0

    def rages(self) -> list[Answer]:
        """From the first click to the last answer; raises `AssertionError` when it takes too long or a client fails."""
        with TemporaryDirectory(prefix="paspor-rush-") as folder:
            self._folder = Path(folder)
            try:
                for crowd in range(len(self._plan.crowds)):
                    (self._folder / f"{crowd}.plan").write_text(json.dumps(self._plan.as_json(crowd)))
                    self._crowds.append(self._started(crowd))
                began = time.monotonic()
                (self._folder / "go").touch()
                self._until_answered(began + LIMIT)
                self.seconds = time.monotonic() - began
            finally:
                for process in self._crowds:
                    process.kill()
                    process.wait()
            return [answer for crowd in range(len(self._crowds)) for answer in read(self._folder / f"{crowd}.log")]

    def _until_answered(self, end: float) -> None:
        due = next(self._kills, None)
        while due or any(process.poll() is None for process in self._crowds):
            assert time.monotonic() < end, f"seed {self._plan.seed}: not all are answered after {LIMIT:.0f} s"
            failed = [process.returncode for process in self._crowds if process.poll()]
            assert not failed, f"seed {self._plan.seed}: clients left with {failed}: {self._said.read_text()[-2000:]}"
            if due and self._answered() >= due.after:
                self._kill(due)
                due = next(self._kills, None)
            time.sleep(LOOK)

    def _started(self, crowd: int) -> "subprocess.Popen[bytes]":
        files = [str(self._folder / name) for name in (f"{crowd}.plan", f"{crowd}.log", "go")]
        flags = ["--unguarded"] if self._unguarded else []
        with self._said.open("ab") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.rush.crowd", self._town.url, *files, *flags], stderr=said
            )

    @property
    def _said(self) -> Path:
        return self._folder / "said.log"

    def _answered(self) -> int:
        logs = (self._folder / f"{crowd}.log" for crowd in range(len(self._crowds)))
        return sum(log.read_bytes().count(b"\n") for log in logs if log.exists())

    def _kill(self, kill: Kill) -> None:
        match kill.victim:
            case Victim.CROWD:
                # One that still has something to ask, where there is any.
                busy = [place for place, process in enumerate(self._crowds) if process.poll() is None]
                if not busy:
                    return
                place = kill.crowd if kill.crowd in busy else busy[0]
                self._crowds[place].kill()
                self._crowds[place].wait()
                self._crowds[place] = self._started(place)
            case Victim.BACKEND:
                backends = list(self._backends())
                if not backends:
                    return
                os.kill(self._luck.choice(backends), signal.SIGKILL)  # the server then restarts all of itself
            case Victim.POSTMASTER:
                os.kill(self._town.server.pid, signal.SIGKILL)
                self._town.server.stop()
                self._town.server.start()
        self.kills.append(f"{kill.victim} after {kill.after}")

    def _backends(self) -> Iterator[int]:
        for child in psutil.Process(self._town.server.pid).children():
            try:
                if " paspor " in " ".join(child.cmdline()):  # those of the maintenance have no database's name
                    yield child.pid
            except psutil.NoSuchProcess:
                continue
