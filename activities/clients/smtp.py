"""Mail by SMTP, at least once: a mail whose answer was lost is sent again under the same Message-ID."""

import contextlib
import email.utils
import hashlib
import re
import smtplib
import ssl
from email.message import EmailMessage

from activities.clients.errors import Declined, Unknown

PLAIN_KEY = re.compile(r"[A-Za-z0-9_=-]+(\.[A-Za-z0-9_=-]+)*")


class SmtpClient:
    """Sends through one relay, by STARTTLS where it is offered; `timeout` in seconds bounds each wait for the relay."""

    def __init__(self, host: str, port: int, sender: str, timeout: float) -> None:
        self._host, self._port, self._sender, self._timeout = host, port, sender, timeout

    def message_id(self, key: str) -> str:
        """The Message-ID of that key: always the same, so that mailboxes can tell a second copy from a second mail."""
        # RFC 5322 section 3.6.4: a key of other signs would be no `dot-atom-text`, so its digest stands for it.
        left = key if PLAIN_KEY.fullmatch(key) and len(key) <= 120 else hashlib.sha256(key.encode()).hexdigest()
        return f"<{left}@{self._sender.rpartition('@')[2]}>"

    def send(self, key: str, to: str, subject: str, body: str) -> None:
        """Hand one plain-text mail to the relay.

        Raises `Unknown` for a lost connection, a timeout and 4xx (send again by the same key), `Declined` with the SMTP
        code for 5xx, with `invalid_address` for an address that is none. No exception carries the address.
        """
        message = self._message(key, to, subject, body)
        try:
            self._hand_over(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            raise _refusal(next(iter(refusal.recipients.values()))[0]) from None
        except smtplib.SMTPResponseException as refusal:
            raise _refusal(refusal.smtp_code) from None
        except (smtplib.SMTPNotSupportedError, UnicodeError):
            raise Declined("invalid_address") from None
        except (OSError, smtplib.SMTPException) as error:
            raise Unknown(f"mail relay: {type(error).__name__}") from None

    def _message(self, key: str, to: str, subject: str, body: str) -> EmailMessage:
        message = EmailMessage()
        try:
            message["To"] = to
        except (ValueError, IndexError):  # a line break; the standard library's parser trips over some broken addresses
            raise Declined("invalid_address") from None
        addresses = message["To"].addresses
        if len(addresses) != 1 or not addresses[0].domain or not addresses[0].username:
            raise Declined("invalid_address")
        message["From"] = self._sender
        message["Subject"] = " ".join(subject.split())
        message["Message-ID"] = self.message_id(key)
        message["Date"] = email.utils.formatdate()
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: keeps out-of-office answers away
        message.set_content(body)
        return message

    def _hand_over(self, message: EmailMessage) -> None:
        relay = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            relay.ehlo()
            if relay.has_extn("starttls"):
                relay.starttls(context=ssl.create_default_context())
            relay.send_message(message)
            with contextlib.suppress(
                smtplib.SMTPException, OSError
            ):  # it has the mail: a poor good-bye changes nothing
                relay.quit()
        finally:
            relay.close()


def _refusal(code: int) -> Declined | Unknown:
    return Declined(str(code)) if 500 <= code < 600 else Unknown(f"SMTP {code}")
