"""`paspor doctor`: what this machine or a running installation lacks, and how to mend it."""

import asyncio
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import httpx2
from sqlalchemy.exc import SQLAlchemyError
from temporalio.service import RPCError

from activities.keyring import load_keys
from workers import accounts
from workers.local import postgres_binaries, temporal
from workers.local.addresses import API_PORT, LOOPBACK
from workers.local.datafolder import DataFolder
from workers.runtime.connection import EngineUnreachable, connect
from workers.runtime.schedules import Standing, standings
from workers.runtime.settings import Settings
from workers.standstill import Standstill, standstills

OLDEST_PYTHON = (3, 11)
ROOM = 1_000_000_000  # bytes that a day of ordinary use may need
LIMIT = 2.0  # seconds for an address to answer
NAMED = 5  # cases that a finding names; the others are counted
HEALTH = {"api": "/readyz", "idp": "/.well-known/openid-configuration", "temporal_ui": "/"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at; `mend` says what to do when it is not well."""

    what: str
    well: bool
    said: str
    mend: str = ""


def examine(folder: DataFolder) -> list[Finding]:
    """Look at everything; reads only, and starts nothing but `--version`."""
    running = folder.holder()
    findings = [_system(), _python(), _program("PostgreSQL", lambda: postgres_binaries.bindir() / "postgres")]
    findings += [_program("Temporal", temporal.binary), _database_user(), *_folder(folder), _room(folder.root)]
    if running is None:
        return [*findings, _port(), Finding(what="installation", well=True, said="not running; `paspor up` starts it")]
    findings.append(Finding(what="installation", well=True, said=f"running as process {running}"))
    return [*findings, *_processes(folder), *_doors(folder), *_engine(folder)]


def as_json(findings: list[Finding]) -> str:
    """The findings for a machine."""
    return json.dumps({"well": all(finding.well for finding in findings), "findings": [asdict(f) for f in findings]})


def _system() -> Finding:
    well = sys.platform == "linux"
    mend = "run it on Linux, or in the container of docker/"
    return Finding(what="system", well=well, said=sys.platform, mend="" if well else mend)


def _python() -> Finding:
    well, version = sys.version_info >= OLDEST_PYTHON, sys.version.split()[0]
    mend = "" if well else f"make the virtual environment with Python {'.'.join(map(str, OLDEST_PYTHON))} or newer"
    return Finding(what="Python", well=well, said=version, mend=mend)


def _program(what: str, find: Callable[[], Path]) -> Finding:
    mend = "run `make env`, which installs requirements.txt; for another PostgreSQL set PG_BINDIR"
    try:
        done = subprocess.run([find(), "--version"], capture_output=True, text=True, timeout=30, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        return Finding(what=what, well=False, said=str(error), mend=mend)
    return Finding(what=what, well=True, said=done.stdout.strip())


def _database_user() -> Finding:
    try:
        account = postgres_binaries.account()
    except KeyError:
        mend = f"run paspor as an ordinary user, or make the user {postgres_binaries.UNPRIVILEGED}"
        return Finding(what="database user", well=False, said="PostgreSQL refuses to run as root", mend=mend)
    said = "as yourself" if account is None else f"as {account.name}, since PostgreSQL refuses to run as root"
    return Finding(what="database user", well=True, said=said)


def _folder(folder: DataFolder) -> Iterator[Finding]:
    place = folder.root
    while not place.exists():
        place = place.parent
    well = os.access(place, os.W_OK | os.X_OK)
    mend = "" if well else f"give yourself the right to write in {place}, or choose another folder with --data"
    yield Finding(what="data folder", well=well, said=str(folder.root), mend=mend)
    if folder.keys.exists():
        closed = not folder.keys.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
        said = "readable by its owner only" if closed else "others may read it"
        yield Finding(what="keys", well=closed, said=said, mend="" if closed else f"chmod 600 {folder.keys}")


def _room(place: Path) -> Finding:
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    mend = "" if free > ROOM else "free some space, or choose another disk with --data"
    return Finding(what="room on disk", well=free > ROOM, said=f"{free / 1e9:.1f} GB free", mend=mend)


def _port() -> Finding:
    with socket.socket() as probe:
        probe.settimeout(LIMIT)
        taken = probe.connect_ex((LOOPBACK, API_PORT)) == 0
    # Not an illness: without --port another one is taken.
    said = f"{API_PORT} is taken, another will be chosen" if taken else f"{API_PORT} is free"
    return Finding(what="port", well=True, said=said)


def _processes(folder: DataFolder) -> Iterator[Finding]:
    for name, pid in _read(folder.parts).items():
        well = Path(f"/proc/{pid}").exists()
        mend = "" if well else f"it comes back by itself; if not, see {folder.logs / name}.log"
        yield Finding(what=f"process {name}", well=well, said=f"process {pid}", mend=mend)


def _doors(folder: DataFolder) -> Iterator[Finding]:
    known = _read(folder.addresses)
    if not known:
        mend = f"wait until `paspor up` says that it is up, or see {folder.logs}"
        yield Finding(what="addresses", well=False, said="not everything is up yet", mend=mend)
    standins, metrics = known.pop("standins", {}), known.pop("metrics", {})
    doors = {name: f"{url}{HEALTH.get(name, '/healthz')}" for name, url in {**known, **_inner(standins)}.items()}
    pages = [("address", *door) for door in doors.items()]
    pages += [("metrics", name, str(url)) for name, url in _inner(metrics).items()]
    for what, name, url in pages:
        said = _answer(url)
        mend = "" if said == "200" else f"see {folder.logs / name}.log; the supervisor restarts what has died"
        yield Finding(what=f"{what} {name}", well=said == "200", said=f"{url} says {said}", mend=mend)


def _inner(found: object) -> dict[str, object]:
    return found if isinstance(found, dict) else {}


def _engine(folder: DataFolder) -> Iterator[Finding]:
    """Which cases cannot go on, and which schedules do not run; asked once everything is up."""
    if not (folder.addresses.exists() and folder.environment.exists()):
        return

    async def asked() -> tuple[list[Standstill], list[Standing], str]:
        known = {name.removeprefix("PASPOR_").lower(): value for name, value in _read(folder.environment).items()}
        settings = Settings.model_validate(known)
        client = await connect(settings, load_keys(settings.keys_file), patience=timedelta(seconds=LIMIT))
        stuck = await standstills(client, settings.database_url)
        return stuck, await standings(client), await asyncio.to_thread(accounts.unsettled, settings.database_url)

    try:
        found, schedules, unsettled = asyncio.run(asked())
    except (EngineUnreachable, RPCError, SQLAlchemyError) as error:
        mend = f"see {folder.logs}; the supervisor restarts what has died"
        said = f"could not be asked for: {type(error).__name__}"
        yield Finding(what="cases and schedules", well=False, said=said, mend=mend)
        return
    if not found:
        yield Finding(what="cases", well=True, said="none is known to stand still")
    for one in found:
        yield Finding(what="cases", well=False, said=f"{_counted(one.numbers)}: {one.cause}", mend=one.mend)
    for due in schedules:
        said, what = due.trouble or "runs by the clock", f"schedule {due.name}"
        yield Finding(what=what, well=not due.trouble, said=said, mend=due.mend)
    mend = accounts.MEND if unsettled else ""
    yield Finding(what="accounts", well=not unsettled, said=unsettled or "even with the treasury", mend=mend)


def _counted(numbers: tuple[str, ...]) -> str:
    if not numbers:
        return "cases that come to it cannot go on"
    more = f" and {len(numbers) - NAMED} more" if len(numbers) > NAMED else ""
    who = "1 case cannot go on" if len(numbers) == 1 else f"{len(numbers)} cases cannot go on"
    return f"{who} ({', '.join(numbers[:NAMED])}{more})"


def _answer(url: str) -> str:
    try:
        return str(httpx2.get(url, timeout=LIMIT, trust_env=False, follow_redirects=True).status_code)
    except httpx2.HTTPError as error:
        return type(error).__name__


def _read(path: Path) -> dict[str, object]:
    found: Mapping[str, object] = json.loads(path.read_text()) if path.exists() else {}
    return dict(found)
