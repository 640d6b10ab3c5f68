"""How stand-ins tell us something unasked: Standard Webhooks from a queue that survives a kill, again until a 2xx.

The stand-in's process gets `PASPOR_API_URL` (where to) and `PASPOR_WEBHOOK_SECRET` (`whsec_...`, how to sign).
"""

import asyncio
import http.client
import json
import os
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from standardwebhooks import Webhook

from workers.local.standins.base import Call, Reply, Standin
from workers.local.standins.store import now

SCHEMA = """
CREATE TABLE IF NOT EXISTS notifications (
    id INTEGER PRIMARY KEY, webhook_id TEXT NOT NULL, path TEXT NOT NULL, body TEXT NOT NULL, due REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, last_status INTEGER, delivered_at TEXT
);
CREATE INDEX IF NOT EXISTS notifications_due ON notifications (due) WHERE delivered_at IS NULL;
"""
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds between two attempts: 1, 2, 4 .. 30
ANSWER_TIMEOUT = 10.0
AT_ONCE = 8
LOOK_AGAIN = 0.5  # the longest that the sender sleeps, since a fault may end by itself


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is told, and the secret that signs what is said."""

    url: str
    webhook: Webhook

    @classmethod
    def from_environment(cls) -> "Receiver":
        """Read both from the environment; stops the process with one sentence when one is missing."""
        url, secret = os.environ.get("PASPOR_API_URL"), os.environ.get("PASPOR_WEBHOOK_SECRET")
        if not url or not secret:
            raise SystemExit("PASPOR_API_URL and PASPOR_WEBHOOK_SECRET must be set: this stand-in sends webhooks")
        return cls(url.rstrip("/"), Webhook(secret))

    def deliver(self, webhook_id: str, path: str, body: str) -> int | None:
        """One attempt: the status of the answer, None when there was none. Blocks for `ANSWER_TIMEOUT` at most."""
        at, target = datetime.now(UTC), urlsplit(self.url + path)
        kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
        connection = kind(target.netloc, timeout=ANSWER_TIMEOUT)
        headers = {
            "content-type": "application/json",
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": self.webhook.sign(webhook_id, at, body),
        }
        try:
            connection.request("POST", target.path, body.encode(), headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


class Notifier:
    """The queue of one stand-in and the coroutine that empties it; list it among the stand-in's `background`."""

    def __init__(self, standin: Standin, receiver: Receiver) -> None:
        self.standin = standin
        self.receiver = receiver
        self._wake = asyncio.Event()
        standin.background.append(self.run)
        standin.control("GET", "notifications", self._listed)

    def queue(self, path: str, body: dict[str, Any], *, copies: int = 1, delay_seconds: float = 0.0) -> None:
        """Queue a message. Copies carry one `webhook-id`, as a sender that missed our 2xx repeats itself.

        The fault `duplicate` adds the same content under an id of its own, as a sender does that lost its memory.
        """
        ids = [_new_id()] * copies + ([_new_id()] if self.standin.faults.active("duplicate") else [])
        content = json.dumps(body)
        for webhook_id in ids:
            self.standin.db.execute(
                "INSERT INTO notifications (webhook_id, path, body, due) VALUES (?, ?, ?, ?)",
                (webhook_id, path, content, time.time() + delay_seconds),
            )
        self._wake.set()

    async def run(self) -> None:
        """Send what is due, for ever. A system that is down does not send."""
        while True:
            self._wake.clear()
            down = self.standin.faults.active("down")
            if due := [] if down else self._due():
                await asyncio.gather(*(self._send(*message) for message in due))
                continue
            try:
                await asyncio.wait_for(self._wake.wait(), LOOK_AGAIN if down else self._until_next())
            except TimeoutError:
                continue

    def _due(self) -> list[tuple[int, str, str, str, int]]:
        rows = self.standin.db.execute(
            "SELECT id, webhook_id, path, body, attempts FROM notifications "
            "WHERE delivered_at IS NULL AND due <= ? ORDER BY due, id LIMIT ?",
            (time.time(), AT_ONCE),
        )
        return [tuple(row) for row in rows]

    def _until_next(self) -> float:
        (due,) = self.standin.db.execute("SELECT min(due) FROM notifications WHERE delivered_at IS NULL").fetchone()
        return LOOK_AGAIN if due is None else min(max(due - time.time(), 0.001), LOOK_AGAIN)

    async def _send(self, row: int, webhook_id: str, path: str, body: str, attempts: int) -> None:
        status = await asyncio.to_thread(self.receiver.deliver, webhook_id, path, body)
        done = status is not None and 200 <= status < 300
        wait = min(FIRST_WAIT * 2 ** min(attempts, 10), LONGEST_WAIT)
        self.standin.db.execute(
            "UPDATE notifications SET attempts = ?, last_status = ?, delivered_at = ?, due = ? WHERE id = ?",
            (attempts + 1, status, now() if done else None, time.time() + wait, row),
        )

    def _listed(self, call: Call) -> Reply:
        rows = self.standin.db.execute(
            "SELECT webhook_id, path, attempts, last_status, delivered_at FROM notifications ORDER BY id"
        )
        return Reply({"items": [dict(row) for row in rows]})


def _new_id() -> str:
    return "msg_" + secrets.token_hex(12)
