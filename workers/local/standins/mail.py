"""Stand-in of the mail relay: an SMTP server that keeps every mail, and `GET /standins/mail/messages?to=` to read them.

The key of a mail in the log is its Message-ID; a mail that comes twice is kept twice, as mailboxes do. Faults: `down`
drops the connection at once, `error` answers 451, `slow` lets the sender wait, `lost_reply` keeps the mail and drops
the connection; `duplicate` has no meaning here.
"""

import argparse
import asyncio
import email
import email.policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from workers.local.standins.base import Call, Place, Reply, Standin, now
from workers.local.standins.faults import Drawn

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, message_id TEXT NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL,
    subject TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_recipient ON messages (recipient);
"""


class Line(SMTP):
    """One SMTP connection, with the faults that were drawn for it when it was made."""

    def __init__(self, mail: "MailStandin") -> None:
        super().__init__(mail, hostname="mail.invalid", loop=asyncio.get_running_loop())
        self.mail = mail
        self.fault = Drawn(frozenset(), 0)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Draw the faults of this connection; `down` ends it before a word is said."""
        super().connection_made(transport)
        with self.mail.transaction():
            self.fault = self.mail.faults.draw()
            if "down" in self.fault:
                self.mail.note("SMTP", "/smtp", "", effect=False, status=None, fault="down")
        if "down" in self.fault:
            self.drop()

    def drop(self) -> None:
        """Cut the connection: the sender hears nothing."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()


class MailStandin(Standin):
    """Keeps mails; `smtp_port` is where it takes them."""

    def __init__(self, place: Place, smtp_port: int) -> None:
        super().__init__("mail", place.store, SCHEMA)
        self._smtp_port = smtp_port
        self.background.append(self._take_mail)
        self.control("GET", "messages", self._messages)

    async def handle_DATA(self, line: Line, session: Session, envelope: Envelope) -> str:  # noqa: N802  # named by aiosmtpd
        """Keep the mail that has arrived, as the faults of its connection allow."""
        message = email.message_from_bytes(bytes(envelope.original_content or b""), policy=email.policy.default)
        key = str(message.get("Message-ID", ""))
        if "slow" in line.fault:
            await asyncio.sleep(line.fault.seconds)
        if "error" in line.fault:
            self.note("SMTP", "/smtp", key, effect=False, status=451, fault="error")
            return "451 4.3.0 try again later"
        lost = "lost_reply" in line.fault
        with self.transaction():
            self._keep(key, message, envelope)
            self.note(
                "SMTP", "/smtp", key, effect=True, status=None if lost else 250, fault="lost_reply" if lost else None
            )
        if lost:
            line.drop()
        return "250 2.0.0 kept"

    def _keep(self, key: str, message: EmailMessage, envelope: Envelope) -> None:
        text = message.get_body(("plain", "html"))
        body = "" if text is None else str(text.get_content()).replace("\r\n", "\n")
        for recipient in envelope.rcpt_tos:
            self.db.execute(
                "INSERT INTO messages (at, message_id, sender, recipient, subject, body) VALUES (?, ?, ?, ?, ?, ?)",
                (now(), key, envelope.mail_from, recipient, str(message.get("Subject", "")), body),
            )

    def _messages(self, call: Call) -> Reply:
        query = "SELECT at, message_id, sender, recipient AS `to`, subject, body FROM messages"
        rows = self.db.execute(
            query + " WHERE ?1 IS NULL OR recipient = ?1 COLLATE NOCASE ORDER BY id", (call.query.get("to"),)
        )
        return Reply({"items": [dict(row) for row in rows.fetchall()]})

    async def _take_mail(self) -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Line(self), "127.0.0.1", self._smtp_port)
        async with server:
            await server.serve_forever()


def _arguments() -> Any:
    parser = argparse.ArgumentParser(description="Stand-in of the mail relay")
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1 for HTTP")
    parser.add_argument("--smtp-port", type=int, required=True, help="port on 127.0.0.1 for SMTP")
    parser.add_argument("--store", type=Path, required=True, help="folder of the store")
    return parser.parse_args()


if __name__ == "__main__":
    given = _arguments()
    given.store.mkdir(parents=True, exist_ok=True)
    MailStandin(Place(given.port, given.store), given.smtp_port).run(given.port)
