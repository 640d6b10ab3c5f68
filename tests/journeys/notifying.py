"""What the treasury says of payments, and what is said back."""

import json
import secrets
from datetime import UTC, datetime
from typing import Any

import httpx2
from standardwebhooks import Webhook

from tests.journeys.case import Case
from tests.journeys.town import Town

PATH = "/v1/payments/notifications"
MONEY = ("refund_case", "forfeiture_case", "excess_case")


def notice(case: Case, **changes: Any) -> dict[str, Any]:
    """What the treasury says of a payment of the case's bill."""
    told = {
        "bill_code": case.bill,
        "amount": 650_000,
        "paid_at": datetime.now(UTC).isoformat(),
        "receipt_no": secrets.token_hex(8).upper(),
        "channel": "bank",
    }
    return {**told, **changes}


def pushed(
    town: Town, body: Any, *, at: datetime | None = None, secret: str = "", message: str = "", path: str = PATH
) -> httpx2.Response:
    """Send a notification as the treasury would, or as somebody would who has another secret."""
    keys = json.loads((town.installation.folder / "keys.json").read_text())
    raw, at = json.dumps(body), at or datetime.now(UTC)
    message = message or f"msg_{secrets.token_hex(8)}"
    signed = Webhook(secret or keys["webhook_secrets"]["billing"][0]).sign(message, at, raw)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signed,
    }
    return town.nobody.http.post(path, content=raw, headers=headers)


def stray(town: Town, case: Case) -> list[dict[str, Any]]:
    """What the auditor sees of money that an officer has to look at."""
    found = town.person("auditor").reads("/v1/audit/exceptions")["items"]
    return [one for one in found if one["number"] == case.number and one["kind"] in MONEY]


def entries(case: Case, action: str) -> list[dict[str, Any]]:
    """Lines of the case's timeline."""
    return [line for line in case.shown()["timeline"] if line["what"] == action]
