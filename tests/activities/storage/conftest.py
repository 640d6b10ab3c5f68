"""An office, and who takes seats in it."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from sqlalchemy import Engine

from activities.storage.committer import SeatCommitter
from tests.activities.storage.places import an_office


@pytest.fixture
def office(engine: Engine) -> Engine:
    with engine.begin() as conn:
        an_office(conn)
    return engine


@pytest_asyncio.fixture(loop_scope="session")
async def committer(office: Engine, database_url: str) -> AsyncIterator[SeatCommitter]:
    taking = SeatCommitter(database_url)
    yield taking
    await asyncio.to_thread(taking.close)


@pytest.fixture
def other_process(office: Engine, database_url: str) -> Iterator[SeatCommitter]:
    taking = SeatCommitter(database_url)
    yield taking
    taking.close()
