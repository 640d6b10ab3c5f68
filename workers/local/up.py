"""`paspor up`: the whole system on one machine, from the keys to the demonstration, until somebody stops it."""

import asyncio
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workers.local.addresses import PortTakenError, choose
from workers.local.children import Command, ended, signal_group, spawn
from workers.local.datafolder import DataFolder, InUseError, write_whole
from workers.local.parts import Part
from workers.local.plan import Plan
from workers.local.postgres import LocalPostgres
from workers.local.postgres_cluster import PostgresFailedError
from workers.local.report import Report
from workers.local.supervisor import StartFailedError, Supervisor
from workers.runtime.namespace import NamespaceMismatch
from workers.runtime.stopping import Stopped, unless

Work = Callable[[], Coroutine[Any, Any, None]]
TROUBLE = (InUseError, PortTakenError, PostgresFailedError, StartFailedError, NamespaceMismatch, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person asked `paspor up` for."""

    data: Path
    port: int | None = None  # None: the usual one, or a free one where that is taken; 0: a free one
    machines: bool = False
    demo: bool = True


def up(wishes: Wishes, plan_of: type[Plan] = Plan) -> int:
    """Start everything that the plan holds and stay until stopped; the exit code."""
    report, folder = Report(wishes.machines), DataFolder(wishes.data)
    try:
        with folder.held():
            return asyncio.run(_up(wishes, folder, report, plan_of))
    except TROUBLE as error:
        report.wrong(str(error))
        return 1


async def _up(wishes: Wishes, folder: DataFolder, report: Report, plan_of: type[Plan]) -> int:
    began = time.monotonic()
    if folder.make():
        report.say(f"first start: keys and databases are made in {folder.root}")
    folder.addresses.unlink(missing_ok=True)  # it comes back when it is true again
    addresses = choose(folder.ports, wishes.port)
    postgres = LocalPostgres(folder.postgres)
    postgres.prepare()
    if postgres.notice:
        report.say(postgres.notice)
    plan = plan_of(folder, addresses, postgres)
    write_whole(folder.environment, addresses.environment(folder, postgres))

    async def when_ready() -> None:
        seconds = time.monotonic() - began
        write_whole(folder.addresses, addresses.public())
        report.event("up", seconds=round(seconds, 1), data=str(folder.root), addresses=addresses.public())
        report.say(f"everything is up after {seconds:.1f} s at {addresses.url('api')}")
        await _demonstrate(wishes, plan, report)
        report.panel(addresses, folder.root)

    return await stay(plan.parts(), report, folder.parts, when_ready)


async def stay(parts: Sequence[Part], report: Report, note: Path, when_ready: Work) -> int:
    """Keep `parts` up until a signal comes; `when_ready` runs once, when all of them are."""
    supervisor = Supervisor(parts, report, note)
    stop = _stop_signal(supervisor)
    try:
        with report.busy("starting"):
            await unless(stop, supervisor.start())
        await unless(stop, when_ready())
        await unless(stop, supervisor.watch())
    except Stopped:
        pass
    finally:
        began = time.monotonic()
        with report.busy("stopping"):
            await supervisor.stop()
        seconds = round(time.monotonic() - began, 1)
        report.say(f"stopped in {seconds} s")
        report.event("stopped", seconds=seconds)
    return 0


async def _demonstrate(wishes: Wishes, plan: Plan, report: Report) -> None:
    if not wishes.demo:
        return
    argv = [sys.executable, "-m", "workers.cli", "demo", "--data", str(wishes.data)]
    process = spawn(Command(argv=[*argv, *(["--json"] if wishes.machines else [])], environment=plan.environment()))
    try:
        code = await ended(process)
    finally:
        signal_group(process, signal.SIGKILL)
        process.wait()
    report.event("demonstration", code=code)
    report.say("the demonstration went well" if code == 0 else f"the demonstration ended with code {code}")


def _stop_signal(supervisor: Supervisor) -> asyncio.Event:
    """Set by the first Ctrl-C or TERM; a second one does not wait any longer."""
    stop = asyncio.Event()

    def asked() -> None:
        if stop.is_set():
            supervisor.kill()
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # `nohup` ignores the hang-up for us, and is meant.
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(number, asked)
    return stop
