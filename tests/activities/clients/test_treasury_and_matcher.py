"""Bills, payments and searches, with the webhooks that tell of them."""

import itertools
import re
from datetime import UTC, datetime

import pytest

from activities.clients.abis import AbisClient, Candidate
from activities.clients.billing import BillingClient
from activities.clients.errors import Declined, Unknown

DUE = datetime(2026, 11, 24, 12, tzinfo=UTC)
keys = (f"tm-key-{number}" for number in itertools.count(1))


@pytest.fixture
def billing(standins):
    with BillingClient(standins("billing").url) as client:
        yield client


@pytest.fixture
def abis(standins):
    with AbisClient(standins("abis").url) as client:
        yield client


@pytest.fixture
def bill(billing):
    return billing.create(next(keys), [("Paspor biasa", 350_000), ("Layanan", 1_000_000)], DUE, "reference")


def test_a_bill_is_open_until_it_is_paid(standins, billing, bill, receiver):
    assert re.fullmatch(r"820\d{12}", bill.code)
    assert (bill.amount, bill.due_at, bill.state, bill.receipt_no) == (1_350_000, DUE, "open", None)
    assert billing.inquire(bill.code) == bill
    paid = standins("billing").plant("pay", bill_code=bill.code)
    (heard,) = receiver.wait_about("bill_code", bill.code)
    assert heard.path == "/v1/payments/notifications"
    assert heard.body == paid
    assert set(paid) == {"bill_code", "amount", "paid_at", "receipt_no", "channel"}
    known = billing.inquire(bill.code)
    assert (known.state, known.receipt_no, known.paid_amount) == ("paid", paid["receipt_no"], 1_350_000)
    assert known.paid_at == datetime.fromisoformat(paid["paid_at"])
    assert len(paid["receipt_no"]) == 16


def test_a_void_bill_takes_no_money_and_a_paid_one_is_not_voided(standins, billing, bill):
    billing.void(next(keys), bill.code)
    assert billing.inquire(bill.code).state == "void"
    refused = standins("billing").control.post("/pay", json={"bill_code": bill.code})
    assert (refused.status_code, refused.json()["code"]) == (409, "bill_void")
    quicker = billing.create(next(keys), [("Paspor biasa", 350_000)], DUE, "reference")
    standins("billing").plant("pay", bill_code=quicker.code, notify="never")
    with pytest.raises(Declined) as refusal:
        billing.void(next(keys), quicker.code)
    assert refusal.value.code == "bill_paid"


def test_a_void_and_a_search_whose_replies_are_lost_happen_once(standins, billing, abis, bill, receiver):
    abis.insert(next(keys), "ref-lost", [("FACE", "lost")])
    asks = {
        "billing": lambda key: billing.void(key, bill.code),
        "abis": lambda key: abis.identify(key, "ref-lost", "1234567890123458"),
    }
    for name, ask in asks.items():
        standin, key = standins(name), next(keys)
        standin.fault("lost_reply")
        with pytest.raises(Unknown):
            ask(key)
        standin.heal()
        ask(key)
        assert [item["effect"] for item in standin.log(key)] == [True, False]
    assert len(receiver.wait_about("request_id", key)) == 1


def test_an_unknown_bill_is_declined(billing):
    with pytest.raises(Declined) as refusal:
        billing.inquire("820990101000001")
    assert refusal.value.code == "bill_unknown"


def test_word_of_a_payment_may_come_twice_or_never(standins, billing, bill, receiver, wait_until):
    standin = standins("billing")
    silent = billing.create(next(keys), [("Paspor biasa", 350_000)], DUE, "reference")
    standin.plant("pay", bill_code=silent.code, notify="never", amount=1)
    standin.plant("pay", bill_code=bill.code, notify="twice")
    first, second = receiver.wait_about("bill_code", bill.code, 2)
    assert first.webhook_id == second.webhook_id
    assert billing.inquire(silent.code).paid_amount == 1
    _all_delivered(standin, wait_until)
    assert receiver.about("bill_code", silent.code) == []


def test_the_fault_duplicate_sends_a_second_message(standins, bill, receiver):
    standin = standins("billing")
    standin.fault("duplicate")
    standin.plant("pay", bill_code=bill.code)
    standin.heal()
    first, second = receiver.wait_about("bill_code", bill.code, 2)
    assert first.body == second.body
    assert first.webhook_id != second.webhook_id


def test_a_webhook_is_sent_again_until_it_is_heard(standins, bill, receiver, wait_until):
    receiver.statuses[:] = [500]
    standins("billing").plant("pay", bill_code=bill.code)
    first, second = receiver.wait_about("bill_code", bill.code, 2)
    assert (first.answered, second.answered) == (500, 204)
    assert first.webhook_id == second.webhook_id
    _all_delivered(standins("billing"), wait_until)
    assert len(receiver.about("bill_code", bill.code)) == 2


def test_a_webhook_survives_a_kill(standins, billing, bill, receiver):
    standin = standins("billing")
    standin.fault("down")  # a system that is down does not send, though the citizen has paid
    standin.plant("pay", bill_code=bill.code)
    standin.kill()
    standin.start()
    assert receiver.about("bill_code", bill.code) == []
    standin.heal()
    (heard,) = receiver.wait_about("bill_code", bill.code)
    assert billing.inquire(bill.code).receipt_no == heard.body["receipt_no"]


def test_a_search_is_accepted_at_once_and_answered_later(abis, receiver, wait_until):
    abis.insert(next(keys), "ref-1", [("FACE", "a1"), ("FINGER", "b1")])
    request = next(keys)
    abis.identify(request, "ref-1", "1234567890123456")
    abis.identify(request, "ref-1", "1234567890123456")
    (heard,) = receiver.wait_about("request_id", request)
    assert heard.path == "/v1/biometrics/results"
    assert heard.body == {"request_id": request, "candidates": []}
    assert wait_until(lambda: abis.result(request) is not None, "the result")
    assert abis.result(request) == ()


def test_the_same_sample_under_another_reference_is_found(abis, wait_until):
    abis.insert(next(keys), "ref-2", [("FACE", "a2"), ("FINGER", "shared")])
    abis.insert(next(keys), "ref-3", [("FACE", "a3"), ("FINGER", "shared")])
    request = next(keys)
    abis.identify(request, "ref-3", "1234567890123457")
    assert wait_until(lambda: abis.result(request), "the result") == (Candidate("ref-2", 1.0),)


def test_a_result_is_found_by_a_request_id_with_a_slash(abis, wait_until):
    request = f"1234567890123458/{next(keys)}"
    assert abis.result(request) is None
    abis.insert(next(keys), "ref-8", [("FACE", "a8")])
    abis.identify(request, "ref-8", "1234567890123458")
    assert wait_until(lambda: abis.result(request) is not None, "the result")


def test_a_planted_candidate_is_found_after_its_delay_and_a_kill(standins, abis, receiver, wait_until):
    standin, request = standins("abis"), next(keys)
    candidates = [{"reference_id": "somebody", "score": 0.87}]
    standin.plant("expectations", number="9000000000000001", candidates=candidates, delay_seconds=1.5)
    abis.insert(next(keys), "ref-4", [("FACE", "a4")])
    abis.identify(request, "ref-4", "9000000000000001")
    assert abis.result(request) is None
    assert receiver.about("request_id", request) == []
    standin.kill()
    standin.start()
    (heard,) = receiver.wait_about("request_id", request)
    assert heard.body["candidates"] == candidates
    # The killed process left a dead connection in the pool; a fresh client has none.
    with AbisClient(standin.url) as fresh:
        assert wait_until(lambda: fresh.result(request), "the result") == (Candidate("somebody", 0.87),)


def test_the_matcher_declines_by_its_reasons(standins, abis):
    abis.insert(next(keys), "ref-5", [("FACE", "a5")])
    with pytest.raises(Declined) as again:
        abis.insert(next(keys), "ref-5", [("FACE", "a5")])
    with pytest.raises(Declined) as nobody:
        abis.identify(next(keys), "ref-unknown", "1")
    assert (again.value.code, nobody.value.code) == ("reference_exists", "reference_unknown")


def _all_delivered(standin, wait_until):
    def delivered():
        return all(item["delivered_at"] for item in standin.control.get("/notifications").json()["items"])

    wait_until(delivered, "all webhooks to be delivered")
