"""The jobs of all printers, in the store: a printer that is killed remembers them and prints none of them again."""

import sqlite3
import time
import uuid
from typing import Any

PENDING_HELD, PROCESSING, STOPPED, CANCELED, ABORTED, COMPLETED = 4, 5, 6, 7, 8, 9

SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    printer TEXT NOT NULL, job_id INTEGER NOT NULL, uuid TEXT NOT NULL, name TEXT NOT NULL, owner TEXT NOT NULL,
    state INTEGER NOT NULL, reason TEXT NOT NULL, cancel INTEGER NOT NULL DEFAULT 0, sha256 TEXT,
    created INTEGER NOT NULL, begun INTEGER, ended INTEGER, PRIMARY KEY (printer, job_id)
);
CREATE TABLE IF NOT EXISTS printed (
    id INTEGER PRIMARY KEY, printer TEXT NOT NULL, name TEXT NOT NULL, job_id INTEGER NOT NULL, sha256 TEXT,
    at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS troubles (
    printer TEXT NOT NULL, kind TEXT NOT NULL, until REAL, PRIMARY KEY (printer, kind)
);
"""


class Jobs:
    """Reads and changes jobs; the caller holds the transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def abort_all(self) -> None:
        """What was under way when the process died is lost, a half-printed booklet included."""
        self.db.execute(
            "UPDATE jobs SET state = ?, reason = 'aborted-by-system', ended = ? WHERE state < ?",
            (ABORTED, int(time.time()), CANCELED),
        )

    def alive(self, printer: str) -> sqlite3.Row | None:
        """The job that this printer is at: it takes one at a time."""
        return self._one("SELECT * FROM jobs WHERE printer = ? AND state < ?", printer, CANCELED)

    def all_alive(self) -> list[sqlite3.Row]:
        """The jobs of all printers that have not ended."""
        return self.db.execute("SELECT * FROM jobs WHERE state < ?", (CANCELED,)).fetchall()

    def add(self, printer: str, name: str, owner: str) -> int:
        """A new job that waits for its document; answers its id."""
        last = self.db.execute("SELECT max(job_id) FROM jobs WHERE printer = ?", (printer,)).fetchone()[0] or 0
        self.db.execute(
            "INSERT INTO jobs (printer, job_id, uuid, name, owner, state, reason, created)"
            " VALUES (?, ?, ?, ?, ?, ?, 'job-data-insufficient', ?)",
            (printer, last + 1, uuid.uuid4().urn, name, owner, PENDING_HELD, int(time.time())),
        )
        return int(last + 1)

    def get(self, printer: str, job_id: int) -> sqlite3.Row | None:
        """One job."""
        return self._one("SELECT * FROM jobs WHERE printer = ? AND job_id = ?", printer, job_id)

    def listed(self, printer: str) -> list[sqlite3.Row]:
        """All jobs of a printer, newest first."""
        query = "SELECT * FROM jobs WHERE printer = ? ORDER BY job_id DESC"
        return self.db.execute(query, (printer,)).fetchall()

    def change(self, job: sqlite3.Row, **values: Any) -> None:
        """Set columns of a job."""
        columns = ", ".join(f"{column} = ?" for column in values)
        self.db.execute(
            f"UPDATE jobs SET {columns} WHERE printer = ? AND job_id = ?",  # noqa: S608  # columns are named by our own code
            (*values.values(), job["printer"], job["job_id"]),
        )

    def forget(self, printer: str) -> None:
        """Lose the memory, as printers do when their power fails: ids start again at 1."""
        self.db.execute("DELETE FROM jobs WHERE printer = ?", (printer,))

    def _one(self, query: str, *values: Any) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self.db.execute(query, values).fetchone()
        return row
