import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from api.partners.signatures import verified_id
from api.problems import Problem

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
OLD, NEW, OTHER = "whsec_" + "b2xk" * 8, "whsec_" + "bmV3" * 8, "whsec_" + "eHh4" * 8
BODY = json.dumps({"bill_code": "820261124000001", "amount": 350_000})


def headers(secret: str = OLD, at: datetime = NOW, body: str = BODY, **more: str) -> dict[str, str]:
    signed = Webhook(secret).sign("msg_1", at, body)
    stamp = str(int(at.timestamp()))
    return {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": signed, **more}


def refusal(given: dict[str, str], body: str = BODY) -> str:
    with pytest.raises(Problem) as refused:
        verified_id(given, body.encode(), [OLD, NEW], NOW)
    return refused.value.code


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_each_secret_of_a_rotation_is_good(secret: str) -> None:
    assert verified_id(headers(secret), BODY.encode(), [OLD, NEW], NOW) == "msg_1"


def test_one_good_signature_among_several_is_enough() -> None:
    several = "v1,AAAA v2,zzzz " + headers()["webhook-signature"]
    given = {**headers(), "webhook-signature": several}
    assert verified_id(given, BODY.encode(), [OLD], NOW) == "msg_1"


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
        {"webhook-signature": "no comma"},
        {"webhook-signature": "v1,é"},
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": str(int(NOW.timestamp()) + 1)},
        {"webhook-timestamp": "yesterday"},
        {"webhook-timestamp": "1e9"},
        {"webhook-timestamp": "9" * 30},
        {"webhook-timestamp": ""},
    ],
)
def test_forged(change: dict[str, str]) -> None:
    assert refusal({**headers(), **change}) == "notification_forged"


def test_a_swapped_body_or_another_secret_is_forged() -> None:
    assert refusal(headers(), BODY.replace("350000", "1")) == "notification_forged"
    assert refusal(headers(OTHER)) == "notification_forged"


@pytest.mark.parametrize("seconds", [301, -301, 86_400])
def test_stale_when_genuine(seconds: int) -> None:
    assert refusal(headers(at=NOW - timedelta(seconds=seconds))) == "notification_stale"


def test_forged_comes_before_stale() -> None:
    assert refusal(headers(OTHER, at=NOW - timedelta(days=1))) == "notification_forged"


def test_five_minutes_are_fresh() -> None:
    assert verified_id(headers(at=NOW - timedelta(minutes=5)), BODY.encode(), [OLD], NOW)
