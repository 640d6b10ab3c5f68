"""Limits: exact under concurrency, whoever counts; a window that is over begins anew; nothing of a person is stored."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text

from activities.storage import limits, rules
from activities.storage.engine import make_engine
from activities.storage.limits import Asked

ANNA, BUDI, HERE, THERE = ("a" * 32, "b" * 32, "1" * 32, "2" * 32)
STRICT: dict[str, Any] = {
    "seats": {
        "person": {"most": 5, "seconds": 60},
        "operator": {"most": 8, "seconds": 60},
        "address": {"most": 12, "seconds": 120},
    },
    "status": {"number": {"most": 2, "seconds": 60}},
}


@pytest.fixture
def strict(engine: Engine) -> Engine:
    with engine.begin() as conn:
        rules.enact(conn, "limits", datetime.now(UTC).date(), STRICT, "test")
    return engine


def ask(kind: str = "seats", of: str = "person", who: str = ANNA, address: str = "") -> Asked:
    return Asked(kind=kind, of=of, who=who, address=address)


def allowed(engine: Engine, *batch: Asked) -> list[bool]:
    with engine.begin() as conn:
        return [wait == 0 for wait in limits.allow(conn, batch)]


def test_so_many_and_no_more_and_how_long_to_wait(strict: Engine) -> None:
    with strict.begin() as conn:
        waits = [limits.allow(conn, [ask()])[0] for _ in range(7)]
    assert waits[:5] == [0] * 5
    assert all(58 <= wait <= 60 for wait in waits[5:])


def test_a_batch_counts_as_one_by_one(strict: Engine) -> None:
    assert allowed(strict, *[ask()] * 4, ask(who=BUDI), *[ask()] * 2) == [True] * 6 + [False]


def test_kinds_and_people_and_classes_do_not_share(strict: Engine) -> None:
    assert all(allowed(strict, *[ask()] * 5))
    assert allowed(strict, ask(), ask(who=BUDI), ask("filings")) == [False, True, True]
    assert allowed(strict, *[ask(of="operator", who="c" * 32)] * 9).count(True) == 8


def test_an_address_is_over_though_each_person_is_not_and_a_refused_request_counts_for_nobody(strict: Engine) -> None:
    people = [ask(who=f"{one:032x}", address=HERE) for one in range(15)]
    assert allowed(strict, *people).count(True) == 12
    refused = people[-1]
    assert allowed(strict, refused, Asked(kind="seats", of="person", who=refused.who, address=THERE)) == [False, True]
    with strict.connect() as conn:
        counts = dict(conn.execute(text("SELECT who, count FROM paspor.request_count")).all())
    assert (counts[HERE], counts[refused.who], counts[THERE]) == (12, 1, 1)


def test_many_at_once_from_two_processes_are_counted_exactly(strict: Engine, database_url: str) -> None:
    other = make_engine(database_url, pool=4)
    batch = [ask(address=HERE), ask(who=BUDI, address=HERE), ask(who="c" * 32, address=HERE)]

    def asks(place: int) -> int:
        turned = batch[place % 3 :] + batch[: place % 3]
        return sum(allowed((strict, other)[place % 2], *turned))

    with ThreadPoolExecutor(8) as pool:
        passed = sum(pool.map(asks, range(60)))
    other.dispose()
    assert passed == 12
    with strict.connect() as conn:
        counted = text("SELECT sum(count) FROM paspor.request_count WHERE who <> :here")
        assert conn.execute(counted, {"here": HERE}).scalar() == 12


def test_counting_without_a_lock_lets_too_many_pass(strict: Engine) -> None:
    """The negative control: read, compare and write, as one would without the function."""
    read = text("SELECT coalesce(max(count), 0) FROM paspor.request_count WHERE who = :who")
    write = text("""
        INSERT INTO paspor.request_count (kind, who, ends_at, count) VALUES ('seats', :who, clock_timestamp(), :n)
        ON CONFLICT (kind, who) DO UPDATE SET count = excluded.count""")

    def asks(_: int) -> bool:
        with strict.begin() as conn:
            count = conn.execute(read, {"who": ANNA}).scalar_one()
            conn.execute(text("SELECT pg_sleep(0.02)"))
            if count >= 5:
                return False
            conn.execute(write, {"who": ANNA, "n": count + 1})
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(asks, range(40))) > 5


def test_a_window_that_is_over_begins_anew_and_is_forgotten(strict: Engine) -> None:
    assert allowed(strict, *[ask()] * 6).count(True) == 5
    over = text("UPDATE paspor.request_count SET ends_at = clock_timestamp() - interval '1 second'")
    with strict.begin() as conn:
        conn.execute(over)
    assert allowed(strict, ask()) == [True]
    with strict.begin() as conn:
        assert limits.forget_old(conn) == 0
        conn.execute(over)
        assert limits.forget_old(conn) == 1


def test_what_is_given_back_may_be_asked_again(strict: Engine) -> None:
    number = ask("status", "number")
    assert allowed(strict, number, number, number) == [True, True, False]
    with strict.begin() as conn:
        limits.give_back(conn, "status", ANNA)
    assert allowed(strict, number, number) == [True, False]


def test_the_nations_rule_names_every_kind(engine: Engine) -> None:
    with engine.connect() as conn:
        rule = rules.value(conn, "limits", "", datetime.now(UTC).date())
    assert rule.keys() == {"seats", "filings", "sign_ins", "status"}
    assert all(each["most"] > 0 and each["seconds"] > 0 for kind in rule.values() for each in kind.values())
