"""The store of a stand-in: one SQLite file with its own tables, the request log and the answers kept by key."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workers.local.standins.calls import Reply

SCHEMA = """
CREATE TABLE IF NOT EXISTS log (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, key TEXT,
    effect INTEGER NOT NULL, status INTEGER, fault TEXT
);
CREATE INDEX IF NOT EXISTS log_key ON log (key);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT NOT NULL, route TEXT NOT NULL, asked TEXT NOT NULL, status INTEGER NOT NULL, media_type TEXT NOT NULL,
    content BLOB NOT NULL, PRIMARY KEY (key, route)
);
"""


def now() -> str:
    """This moment, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat()


class Store:
    """A SQLite file in write-ahead mode: what was committed survives the death of the process."""

    def __init__(self, file: Path, schema: str = "") -> None:
        self.db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self.db.row_factory = sqlite3.Row
        self.db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + SCHEMA + schema)
        self._lock = threading.RLock()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, one at a time, also from other threads; do not await inside. May be nested."""
        with self._lock:
            if self.db.in_transaction:
                yield
                return
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")

    def note(
        self, method: str, path: str, key: str, *, effect: bool, status: int | None, fault: str | None = None
    ) -> None:
        """Write a line of the request log; `status` is None when no answer went out."""
        self.db.execute(
            "INSERT INTO log (at, method, path, key, effect, status, fault) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (now(), method, path, key or None, effect, status, fault),
        )

    def logged(self, key: str | None = None) -> list[dict[str, Any]]:
        """The request log, oldest first: all of it, or the lines of one key."""
        rows = self.db.execute("SELECT * FROM log WHERE ? IS NULL OR key = ? ORDER BY id", (key, key)).fetchall()
        fields = ("at", "method", "path", "key", "status", "fault")
        return [{**{name: row[name] for name in fields}, "effect": bool(row["effect"])} for row in rows]

    def kept(self, key: str, route: str) -> sqlite3.Row | None:
        """The answer that this key got on this route, None when it never came."""
        found: sqlite3.Row | None = self.db.execute(
            "SELECT * FROM answers WHERE key = ? AND route = ?", (key, route)
        ).fetchone()
        return found

    def keep(self, key: str, route: str, asked: str, reply: Reply) -> None:
        """Keep the answer to a key, so that the same request gets it again."""
        self.db.execute(
            "INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?)",
            (key, route, asked, reply.status, reply.media_type, reply.content()),
        )
