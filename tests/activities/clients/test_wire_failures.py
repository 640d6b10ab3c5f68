"""However a wire fails, the caller learns the truth: refused, or unknown; and the same key does its work once."""

import itertools
import traceback
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

import pytest

from activities.clients.abis import AbisClient
from activities.clients.billing import BillingClient
from activities.clients.errors import Declined, Unknown
from activities.clients.http import Client
from activities.clients.passports import PassportsClient
from activities.clients.population import PopulationClient
from activities.clients.watchlist import WatchlistClient

NIK, NAME, BORN = "5171015708900001", "Ni Luh Contoh", date(1990, 8, 17)
DUE = datetime(2026, 11, 24, 12, tzinfo=UTC)
ITEMS = [("Paspor biasa", 350_000)]
keys = (f"key-{number}" for number in itertools.count(1))

Call = Callable[[Any, str], Any]


def verify(client: PopulationClient, key: str) -> Any:
    return client.verify(key, NIK, NAME, BORN, "Denpasar", "F")


def record_issue(client: PassportsClient, key: str) -> Any:
    return client.record_issue(key, NIK, f"X{key}", date(2026, 11, 24), date(2036, 11, 24))


def check(client: WatchlistClient, key: str) -> Any:
    return client.check(key, NIK, NAME, BORN)


def create(client: BillingClient, key: str) -> Any:
    return client.create(key, ITEMS, DUE, key)


def insert(client: AbisClient, key: str) -> Any:
    return client.insert(key, f"reference-{key}", [("FACE", f"digest-{key}")])


CALLS: list[tuple[type[Client], Call]] = [
    (PopulationClient, verify),
    (PassportsClient, record_issue),
    (WatchlistClient, check),
    (BillingClient, create),
    (AbisClient, insert),
]
each_call = pytest.mark.parametrize(("kind", "call"), CALLS, ids=[call.__name__ for _, call in CALLS])


@each_call
def test_a_lost_reply_is_unknown_and_asked_again_gets_the_first_answer(standins, kind, call):
    standin, key = standins(kind.system), next(keys)
    with kind(standin.url) as client:
        standin.fault("lost_reply")
        with pytest.raises(Unknown) as lost:
            call(client, key)
        standin.heal()
        assert standin.effects(key) == 1, "the effect came before the reply was lost"
        first = call(client, key)
        assert call(client, key) == first
    assert standin.effects(key) == 1
    assert len(standin.log(key)) == 3
    _tells_nothing_personal(lost.value)


@each_call
@pytest.mark.parametrize("fault", ["down", "error"])
def test_a_system_that_is_down_or_broken_is_unknown_and_has_done_nothing(standins, kind, call, fault):
    standin, key = standins(kind.system), next(keys)
    with kind(standin.url) as client:
        standin.fault(fault)
        with pytest.raises(Unknown) as failure:
            call(client, key)
        standin.heal()
        assert standin.effects(key) == 0
        call(client, key)
    assert standin.effects(key) == 1
    _tells_nothing_personal(failure.value)


@each_call
def test_a_timeout_is_unknown_though_the_effect_comes_later(standins, kind, call):
    standin, key = standins(kind.system), next(keys)
    with closing(kind(standin.url, timeout=0.2)) as client:
        standin.fault("slow", seconds=0.4)
        with pytest.raises(Unknown):
            call(client, key)
        standin.heal()
    with kind(standin.url) as patient:
        call(patient, key)
    assert standin.effects(key) == 1


@each_call
def test_what_was_done_survives_a_kill(standins, kind, call):
    standin, key = standins(kind.system), next(keys)
    with kind(standin.url) as client:
        before = call(client, key)
        standin.kill()
        with pytest.raises(Unknown):
            call(client, key)
        standin.start()
        assert call(client, key) == before
    assert [item["effect"] for item in standin.log(key)] == [True, False]


def test_one_key_for_two_requests_is_declined(standins):
    standin, key = standins("billing"), next(keys)
    with BillingClient(standin.url) as client:
        client.create(key, ITEMS, DUE, "one")
        with pytest.raises(Declined) as refusal:
            client.create(key, ITEMS, DUE, "another")
    assert refusal.value.code == "key_reused"
    assert standin.effects(key) == 1


def test_a_rate_is_spread_evenly_and_a_time_runs_out(standins, wait_until):
    standin = standins("watchlist")
    with WatchlistClient(standin.url) as client:
        standin.fault("error", rate=0.5)
        outcomes = [_outcome(client, next(keys)) for _ in range(6)]
        assert outcomes == ["ok", "unknown"] * 3
        standin.fault("error", for_seconds=0.5)
        assert _outcome(client, next(keys)) == "unknown"
        wait_until(lambda: _outcome(client, next(keys)) == "ok", "the fault to end by itself")
    assert standin.control.get("/faults").json()["items"] == []


def test_a_senseless_answer_is_unknown(standins):
    # The watch list answers 404 for a path of another system, the register's health is no bill.
    standin = standins("watchlist")
    with BillingClient(standin.url) as client:
        with pytest.raises(Declined) as refusal:
            client.inquire("820261124000001")
        assert refusal.value.code == "http_404"
        with pytest.raises(Unknown):
            client._bill(["no bill"])


def _outcome(client: WatchlistClient, key: str) -> str:
    try:
        check(client, key)
    except Unknown:
        return "unknown"
    return "ok"


def _tells_nothing_personal(error: BaseException) -> None:
    text = "".join(traceback.format_exception_only(error)) + repr(error.__cause__)
    assert not any(secret in text for secret in (NIK, NAME, BORN.isoformat()))
