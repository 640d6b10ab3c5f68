"""A copy of a one-machine installation that is of one moment, and its way back into an empty folder.

Engine and tables are two stores: a copy in which one is ahead of the other could forget a decision that somebody was
answered. So our processes are held still while both are copied, which to each of them is like a machine that is slow.
"""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from sqlalchemy import NullPool, create_engine, text

from workers.local import postgres_binaries
from workers.local.datafolder import DataFolder, write_whole
from workers.local.keyproof import fits, key_proof
from workers.local.postgres import DATABASE, LocalPostgres
from workers.local.postgres_cluster import ENVIRONMENT, ROLE

STORES = ("postgres", "temporal")  # they are asked for a copy while they run
LIMIT = 600  # seconds for PostgreSQL's own programs
TABLES = text("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'paspor' ORDER BY 1")


class BackupFailed(Exception):
    """Nothing was backed up or restored; the text says why."""


def back_up(folder: DataFolder, into: Path) -> dict[str, Any]:
    """Copy a running installation without its keys; what `backup.json` says of it. Raises `BackupFailed`."""
    if folder.holder() is None or not folder.addresses.exists():
        raise BackupFailed(f"nothing is up in {folder.root}: start it with `paspor up`")
    _empty(into)
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    environment = json.loads(folder.environment.read_text())
    with held_still(folder):
        _copied(folder.temporal, into / "temporal.db")
        _dumped(environment["PASPOR_DATABASE_URL"], into / "database.dump")
        tables = hashes(environment["PASPOR_DATABASE_URL"])
        _tree(folder.files, into / "files")
        _tree(folder.standins, into / "standins")
    shutil.copy(folder.ports, into / "ports.json")
    files = {str(path.relative_to(into)): _sha256(path) for path in sorted(into.rglob("*")) if path.is_file()}
    about = {"version": version("paspor"), "made_at": datetime.now(UTC).isoformat(), "keys": key_proof(folder.keys)}
    made = {**about, "tables": tables, "files": files}
    write_whole(into / "backup.json", made)
    return made


def restore(source: Path, folder: DataFolder, keys: Path) -> dict[str, Any]:
    """Make an installation of a backup and its keys, in a folder that holds nothing. Raises `BackupFailed`."""
    made = _whole(source)
    refuse_other_keys(keys, made["keys"])
    _empty(folder.root)
    with folder.held():
        try:
            _brought_back(source, folder, keys, made["tables"])
        except BaseException:
            # Half an installation would start as if it were one.
            for left in (folder.postgres.resolve(), *folder.root.iterdir()):
                shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink(missing_ok=True)
            raise
    return made


def _brought_back(source: Path, folder: DataFolder, keys: Path, tables: Mapping[str, str]) -> None:
    folder.make_folders()
    shutil.copyfile(keys, folder.keys)
    folder.keys.chmod(0o600)
    shutil.copy(source / "temporal.db", folder.temporal)
    shutil.copy(source / "ports.json", folder.ports)
    for name, place in (("files", folder.files), ("standins", folder.standins)):
        shutil.copytree(source / name, place, dirs_exist_ok=True)
    with LocalPostgres(folder.postgres) as postgres:
        _program("pg_restore", "--exit-on-error", "--no-owner", "-d", *_where(postgres.url()), source / "database.dump")
        if hashes(postgres.url()) != tables:
            raise BackupFailed("the tables are not what they were; nothing is restored")


def refuse_other_keys(keys: Path, proof: Mapping[str, str]) -> None:
    """Raises `BackupFailed` for keys that a backup of this proof was not sealed by."""
    try:
        fit = fits(keys, proof)
    except (OSError, ValueError, KeyError) as error:
        raise BackupFailed(f"{keys} is no key file; without its keys nothing in a backup can be read") from error
    if not fit:
        raise BackupFailed(f"{keys} are not the keys of this backup; nothing in it could be read")


@contextmanager
def held_still(folder: DataFolder) -> Iterator[None]:
    """No process of the installation but the two stores runs while the block lasts, however it ends.

    Raises `BackupFailed` while another backup holds them: its end would let them go.
    """
    with folder.environment.open() as lock, _ended_by_signals():
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupFailed("another backup is under way") from None
        parts: dict[str, int] = json.loads(folder.parts.read_text())
        held = [pid for name, pid in parts.items() if name not in STORES]
        try:
            for pid in held:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP)
            yield
        finally:
            for pid in held:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A closed terminal or a `kill` unwinds the block, where by default it would end the process as it stands."""

    def leave(number: int, frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def hashes(database_url: str) -> dict[str, str]:
    """A number of rows and a hash for each of our tables; a sum, so that no table is too large for it."""
    engine = create_engine(database_url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            tables = connection.execute(TABLES).scalars().all()
            rows = "SELECT count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM"
            return {table: connection.execute(text(f"{rows} {table} t")).scalar_one() for table in tables}
    finally:
        engine.dispose()


def _where(database_url: str) -> tuple[str, ...]:
    sockets = database_url.partition("?host=")[2]
    return (DATABASE, "-h", sockets, "-U", ROLE)


def _dumped(database_url: str, into: Path) -> None:
    _program("pg_dump", "--format=custom", "--no-owner", "-f", into, "-d", *_where(database_url))


def _program(name: str, *arguments: str | Path) -> None:
    argv = [postgres_binaries.bindir() / name, *arguments]
    done = subprocess.run(argv, env=ENVIRONMENT, capture_output=True, text=True, timeout=LIMIT)
    if done.returncode:
        raise BackupFailed(f"{name}: {done.stderr.strip()[-800:]}")


def _copied(store: Path, into: Path) -> None:
    """SQLite's own copy of a store that somebody may be writing to."""
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as old, closing(sqlite3.connect(into)) as new:
        old.backup(new)


def _tree(folder: Path, into: Path) -> None:
    into.mkdir(mode=0o700)
    for path in sorted(folder.rglob("*")):
        place = into / path.relative_to(folder)
        if path.is_dir():
            place.mkdir()
        elif path.suffix == ".sqlite":
            _copied(path, place)
        elif not path.name.endswith(("-wal", "-shm", "-journal")):
            shutil.copy(path, place)


def _empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise BackupFailed(f"{folder} holds something already; choose an empty folder")


def _whole(source: Path) -> dict[str, Any]:
    try:
        made: dict[str, Any] = json.loads((source / "backup.json").read_text())
    except (OSError, ValueError) as error:
        raise BackupFailed(f"{source} holds no finished backup") from error
    files: Mapping[str, str] = made["files"]
    spoiled = [
        name for name, known in files.items() if not (source / name).is_file() or _sha256(source / name) != known
    ]
    if spoiled:
        raise BackupFailed(f"{source} is not what was written: {', '.join(spoiled[:5])}")
    return made


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
