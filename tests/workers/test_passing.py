"""The waiting list is looked at again and again, beside the relay: until it is told to stop, and after a stumble."""

import asyncio
import logging
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from activities.storage.engine import make_engine
from tests.activities.storage.cases import RING
from tests.activities.storage.places import an_office
from tests.activities.storage.queueing_up import gives_back, joins, state, takes
from tests.activities.storage.seating import a_slot, people
from tests.journeys.installation import wait_until
from workers.passing import pass_seats_on


@pytest.fixture
def nowhere() -> Iterator[Engine]:
    engine = make_engine("postgresql+psycopg2://nobody@127.0.0.1:1/none", pool=1)
    yield engine
    engine.dispose()


async def until(there: Callable[[], bool]) -> None:
    await asyncio.to_thread(wait_until, there, "it", 20.0)


async def test_a_seat_that_comes_back_is_offered_by_the_next_look(engine: Engine) -> None:
    with engine.begin() as conn:
        an_office(conn)
        slot, (holder, first) = a_slot(conn, 1), people(conn, 2)
    takes(engine, holder, slot)
    joins(engine, first)
    stop = asyncio.Event()
    passing = [asyncio.create_task(pass_seats_on(stop, engine, RING)) for _ in range(2)]
    gives_back(engine, holder)
    await until(lambda: state(engine) == {first: "offered"})
    stop.set()
    assert await asyncio.wait_for(asyncio.gather(*passing), 10) == [None, None]


async def test_a_database_that_is_away_is_asked_again(nowhere: Engine, caplog: pytest.LogCaptureFixture) -> None:
    stop = asyncio.Event()
    with caplog.at_level(logging.ERROR):
        passing = asyncio.create_task(pass_seats_on(stop, nowhere, RING))
        await until(lambda: len(caplog.records) >= 2)
    stop.set()
    await asyncio.wait_for(passing, 10)
