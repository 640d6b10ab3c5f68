"""Child processes that cannot outlive us, whichever way we end.

What a child starts is its own affair when we are killed: of our parts only PostgreSQL has children, and they leave too.
"""

import asyncio
import ctypes
import os
import pwd
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
# Loaded before any fork: a child between fork and exec may not load libraries.
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user of the machine under which a child is to run."""

    name: str
    uid: int
    gid: int

    @classmethod
    def named(cls, name: str) -> "Account":
        """Look the user up; raises `KeyError` when there is none."""
        found = pwd.getpwnam(name)
        return cls(name=name, uid=found.pw_uid, gid=found.pw_gid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to start: arguments, complete environment, log file (none: our own output), and how it dies when we do."""

    argv: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    log: Path | None = None
    folder: Path | None = None
    account: Account | None = None
    death_signal: signal.Signals = signal.SIGKILL


def spawn(command: Command) -> "subprocess.Popen[bytes]":
    """Start `command` in a session of its own. To be called from the main thread.

    The kernel sends the death signal when the *thread* that forked ends, hence the main thread; and a credential change
    clears it, hence it is set after the change, in `preexec_fn`.
    """
    parent, death_signal = os.getpid(), int(command.death_signal)

    def tie() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, death_signal)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background job hands us an ignored SIGINT
        if os.getppid() != parent:  # we died between the fork and the line above
            os._exit(1)

    account, output = command.account, _open_log(command.log)
    try:
        return subprocess.Popen(
            [str(argument) for argument in command.argv],
            env=dict(command.environment),
            cwd=command.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=tie,
            umask=0o077,
            user=None if account is None else account.uid,
            group=None if account is None else account.gid,
            extra_groups=None if account is None else [],
        )
    finally:
        if output is not None:
            os.close(output)


async def ended(process: "subprocess.Popen[bytes]") -> int:
    """Wait for the end of a child without a thread; its exit code, negative for a signal."""
    loop = asyncio.get_running_loop()
    if process.poll() is None:
        over = asyncio.Event()
        descriptor = os.pidfd_open(process.pid)
        loop.add_reader(descriptor, over.set)
        try:
            await over.wait()
        finally:
            loop.remove_reader(descriptor)
            os.close(descriptor)
    return process.wait()


def signal_group(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    """Signal a child and all that it started, of which some may have outlived it."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _open_log(path: Path | None) -> int | None:
    if path is None:
        return None
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
