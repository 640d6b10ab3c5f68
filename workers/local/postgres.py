"""A private PostgreSQL of one data folder: made at first use, on a Unix socket only, no password but who asks.

The supervisor runs `command()` itself; tests and tools use the class as a context manager.
"""

import hashlib
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

import psycopg2

from workers.local import postgres_binaries as binaries
from workers.local import postgres_cluster
from workers.local.children import Account, Command, signal_group, spawn
from workers.local.postgres_cluster import ENVIRONMENT, ROLE, PostgresFailedError

DATABASE = "paspor"
LONGEST_SOCKET_FOLDER = 85  # a socket's path ends at 107 bytes, and its name takes some
START_LIMIT = 60.0  # seconds; recovery after a crash is within it


class LocalPostgres:
    """PostgreSQL of the folder `home`. Not shared: one process at a time may start it."""

    def __init__(self, home: Path, bindir: Path | None = None) -> None:
        self.home = home.absolute()
        self.account: Account | None = binaries.account()
        self._bindir = bindir or binaries.bindir()
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Make what is missing: the folder, the cluster with data checksums, the socket's folder."""
        self._make_home()
        if self.account is not None:
            self._bindir = binaries.readable_copy(self._bindir)
        self._sockets = self._socket_folder()
        if not self._cluster.exists():
            postgres_cluster.make(self._cluster, self._bindir, self.account)

    def command(self, log: Path | None = None) -> Command:
        """How to start the prepared server; it shuts down cleanly when the process that started it dies."""
        return Command(
            argv=[str(self._bindir / "postgres"), "-D", str(self._cluster), "-k", str(self._sockets)],
            environment=ENVIRONMENT,
            log=log or self.home / "server.log",
            folder=self._cluster,
            account=self.account,
            death_signal=signal.SIGINT,
        )

    def answers(self) -> bool:
        """Does a query on our database answer? Makes the database when it is not there yet."""
        try:
            if not self._query(ROLE, "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)):
                self._query(ROLE, f"CREATE DATABASE {DATABASE}")
            return self._query(DATABASE, "SELECT 1")
        except psycopg2.Error:
            return False

    def url(self, database: str = DATABASE) -> str:
        """The address for SQLAlchemy (`PASPOR_DATABASE_URL`)."""
        return f"postgresql+psycopg2://{ROLE}@/{database}?host={self._sockets}"

    @property
    def pid(self) -> int:
        """The server started by `start`."""
        assert self._process is not None
        return self._process.pid

    @property
    def notice(self) -> str | None:
        """What a person should know of where and as whom the server runs."""
        if self.account is None:
            return None
        place = f"; its files are in {self.home.resolve()}" if self.home.is_symlink() else ""
        return f"PostgreSQL refuses to run as root, so it runs as the user {self.account.name}{place}"

    def start(self, limit: float = START_LIMIT) -> str:
        """Start and return `url()` once a query answers; raises `PostgresFailedError`."""
        self.prepare()
        end, log = time.monotonic() + limit, self.home / "server.log"
        while time.monotonic() < end:
            before = log.stat().st_size if log.exists() else 0
            self._process = spawn(self.command(log))
            while self._process.poll() is None and time.monotonic() < end:
                if self.answers():
                    return self.url()
                time.sleep(0.02)
            said = log.read_text(errors="replace")[before:]
            # Processes of a killed server may take a moment to leave; only then is another attempt of use.
            if "lock file" not in said and "shared memory" not in said:
                break
            time.sleep(0.1)
        self.stop()
        raise PostgresFailedError(f"PostgreSQL did not start: {said[-800:]}")

    def stop(self, limit: float = 10.0) -> None:
        """Shut down: unfinished transactions are rolled back, the rest is on disk."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(limit)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGQUIT)
        process.wait()
        signal_group(process, signal.SIGKILL)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def _cluster(self) -> Path:
        return self.home.resolve() / "cluster"

    def _make_home(self) -> None:
        if self.home.is_symlink():
            if not self.home.exists():
                raise PostgresFailedError(f"{self.home} leads to {self.home.readlink()}, where the database is no more")
            return
        self.home.parent.mkdir(parents=True, exist_ok=True)
        if self.account is None or binaries.reachable(self.home):
            self.home.mkdir(exist_ok=True, mode=0o700)
            self._give(self.home)
            return
        # The server's user may not pass through the folders above, which are not ours to open: it gets a place that it
        # can reach, and the link leads there, so that a removed data folder never finds its old cluster again.
        binaries.SHARED.mkdir(parents=True, exist_ok=True, mode=0o755)
        elsewhere = Path(tempfile.mkdtemp(prefix="postgres-", dir=binaries.SHARED))
        self._give(elsewhere)
        self.home.symlink_to(elsewhere)

    def _socket_folder(self) -> Path:
        folder = self.home.resolve() / "socket"
        if len(str(folder)) > LONGEST_SOCKET_FOLDER:
            name = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
            folder = Path(tempfile.gettempdir()) / f"paspor-{name}"
        folder.mkdir(exist_ok=True, mode=0o700)
        if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), self._owner):
            raise PostgresFailedError(f"{folder} belongs to somebody else")
        self._give(folder)
        return folder

    def _query(self, database: str, statement: str, values: tuple[str, ...] = ()) -> bool:
        connection = psycopg2.connect(host=str(self._sockets), dbname=database, user=ROLE, connect_timeout=2)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return bool(cursor.rowcount)
        finally:
            connection.close()

    @property
    def _owner(self) -> int:
        return os.geteuid() if self.account is None else self.account.uid

    def _give(self, folder: Path) -> None:
        if self.account is not None:
            os.chown(folder, self.account.uid, self.account.gid)
