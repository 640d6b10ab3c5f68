"""A broker's speed is worth nothing in a draw: real tables, printed seeds, bounds that a broken draw would break."""

import re
from collections.abc import Iterator
from random import SystemRandom

import pytest
from sqlalchemy import Engine, text

from tests.fairness.chance import at_least, interval, unevenness
from tests.fairness.rounds import Market, open_market, round_to_public, round_with_draw

IMPROBABLE = 1e-6  # a fair draw fails this test once in a million runs
UNEVEN = 43.0  # chi square of 9 degrees: 99.9999 % of fair draws are below
ROUNDS = {200: 80, 400: 30}
TO_PUBLIC = 100
BROKEN = 12
BY_TICKET = re.compile(r"dense_rank\(\) OVER \(ORDER BY sha256_text\(.*?lot\) COLLATE \"C\"\)", re.DOTALL)
BY_ENTRY = "dense_rank() OVER (ORDER BY (SELECT x.entered_at FROM paspor.draw_entry x WHERE x.id = listed.id))"


@pytest.fixture
def seed() -> int:
    found = SystemRandom().getrandbits(32)
    print(f"seed {found}")
    return found


@pytest.fixture
def broken_draw(engine: Engine) -> Iterator[None]:
    """A draw that ranks who entered first before all others."""
    with engine.begin() as conn:
        whole = conn.execute(text("SELECT pg_get_functiondef('paspor.close_draw'::regproc)")).scalar_one()
        broken, count = BY_TICKET.subn(BY_ENTRY, whole)
        assert count == 1
        conn.exec_driver_sql(broken)
    yield
    with engine.begin() as conn:
        conn.exec_driver_sql(whole)


def places(market: Market, rounds: int) -> list[int]:
    return [round_with_draw(market) for _ in range(rounds)]


@pytest.mark.parametrize("people", sorted(ROUNDS))
def test_with_a_draw_the_buyer_wins_as_often_as_anybody(engine: Engine, seed: int, people: int) -> None:
    found = places(open_market(engine, people, seed, "draw"), ROUNDS[people])
    won = found.count(0)
    low, high = interval(won, len(found))
    print(f"{won} of {len(found)} for a buyer among {people}: {low:.4f} to {high:.4f}, chance is {1 / people:.4f}")
    assert at_least(won, len(found), 1 / people) > IMPROBABLE
    assert low < 1 / people
    assert unevenness(found, people) < UNEVEN


@pytest.mark.parametrize("people", sorted(ROUNDS))
def test_returned_to_the_public_the_broker_wins_nearly_always(engine: Engine, seed: int, people: int) -> None:
    """The negative control: the same counting says that this is no chance."""
    market = open_market(engine, people, seed, "public")
    won = sum(round_to_public(market) for _ in range(TO_PUBLIC))
    low, high = interval(won, TO_PUBLIC)
    print(f"{won} of {TO_PUBLIC} for a buyer among {people}: {low:.4f} to {high:.4f}")
    assert at_least(won, TO_PUBLIC, 1 / people) < IMPROBABLE
    assert low > 0.75


def test_a_draw_that_ranks_by_speed_is_found_out(engine: Engine, seed: int, broken_draw: None) -> None:
    """A control of the test itself: the bounds are broken by a dozen rounds of an unfair draw."""
    found = places(open_market(engine, 200, seed, "draw"), BROKEN)
    assert at_least(found.count(0), BROKEN, 1 / 200) < IMPROBABLE
    assert unevenness(found, 200) > UNEVEN
