"""Standard Webhooks 1.0: who signed a message, and is it fresh. Forged comes before stale."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from standardwebhooks import Webhook

from api.problems import Problem

TOLERANCE = timedelta(minutes=5)
MOST_SIGNATURES = 10


def verified_id(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> str:
    """The id of a message that one of the secrets signed. Raises `notification_forged` or `notification_stale`."""
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not 0 < len(message_id) <= 255 or not (stamp.isascii() and stamp.isdigit()) or len(stamp) > 11:
        raise Problem("notification_forged")
    sent = datetime.fromtimestamp(int(stamp), UTC)
    given = headers.get("webhook-signature", "").split(" ")[:MOST_SIGNATURES]
    # Several secrets are valid while one is replaced by the next, and so are several signatures.
    if not any(_signed(secret, message_id, sent, body, given) for secret in secrets):
        raise Problem("notification_forged")
    if abs(now - sent) > TOLERANCE:
        raise Problem("notification_stale")
    return message_id


def _signed(secret: str, message_id: str, sent: datetime, body: bytes, given: Sequence[str]) -> bool:
    try:
        expected = Webhook(secret).sign(message_id, sent, body.decode())
    except UnicodeDecodeError:
        return False
    return any(hmac.compare_digest(expected.encode(), one.encode()) for one in given)
