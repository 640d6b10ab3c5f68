"""Notifications that are none: forged, stale, or without sense. Nothing of them is kept."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.journeys.notifying import PATH, notice, pushed
from tests.journeys.people import refused
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey


def test_forged_is_401_and_nothing_is_kept(town: Town) -> None:
    case = town.case_at("booked")
    case.billed()
    before = town.rows()
    other = "whsec_" + "A" * 43 + "="
    refused(pushed(town, notice(case), secret=other), 401, "notification_forged")
    refused(town.nobody.asks("POST", PATH, notice(case)), 401, "notification_forged")
    abis = json.loads((town.installation.folder / "keys.json").read_text())["webhook_secrets"]["abis"][0]
    refused(pushed(town, notice(case), secret=abis), 401, "notification_forged")
    assert town.rows() == before
    assert case.shown()["stage"] == "booked"


def test_an_altered_amount_is_forged(town: Town) -> None:
    case = town.case_at("booked")
    case.billed()
    keys = json.loads((town.installation.folder / "keys.json").read_text())
    at, raw = datetime.now(UTC), json.dumps(notice(case, amount=1))
    headers = {
        "webhook-id": "msg_altered",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(keys["webhook_secrets"]["billing"][0]).sign("msg_altered", at, raw),
    }
    altered = raw.replace('"amount": 1,', '"amount": 650000,')
    assert altered != raw
    refused(town.nobody.http.post(PATH, content=altered, headers=headers), 401, "notification_forged")


def test_stale_is_400(town: Town) -> None:
    case = town.case_at("booked")
    case.billed()
    before = town.rows()
    for minutes in (-6, 6):
        at = datetime.now(UTC) + timedelta(minutes=minutes)
        refused(pushed(town, notice(case), at=at), 400, "notification_stale")
    assert town.rows() == before
    assert case.shown()["stage"] == "booked"


def test_a_notification_that_is_none_is_refused_and_not_kept(town: Town) -> None:
    case = town.case_at("booked")
    case.billed()
    before = town.rows()
    wrongs: list[Any] = [
        notice(case, amount="650000"),
        notice(case, amount=-1),
        notice(case, paid_at="yesterday"),
        notice(case, bill_code=""),
        [],
        {},
        "paid",
    ]
    for wrong in wrongs:
        refused(pushed(town, wrong), 400, "bad_request")
    assert town.rows() == before


def test_a_payment_for_a_bill_that_is_not_ours_waits_and_disturbs_nobody(town: Town) -> None:
    case = town.case_at("booked")
    case.billed()
    assert pushed(town, notice(case, bill_code="829999999999999")).status_code == 204
    case.pays()
    assert case.shown()["stage"] == "paid"


def test_a_match_result_signed_by_the_treasury_is_forged(town: Town) -> None:
    case = town.case_at("enrolled")
    result = {"request_id": f"{case.number}/search", "candidates": []}
    refused(pushed(town, result, path="/v1/biometrics/results"), 401, "notification_forged")
    refused(town.nobody.asks("POST", "/v1/biometrics/results", result), 401, "notification_forged")
    case.is_approved()
