"""When the watch may say that it looked: only of a look in which everything was found out."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from activities.keyring import Keys
from activities.storage.engine import make_engine
from tests.fixtures.database import database_url, postgres  # noqa: F401 - fixtures
from workers.runtime.connection import connect
from workers.runtime.settings import Settings
from workers.watching import Watch

LOOKED = "paspor_watch_timestamp_seconds"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:  # noqa: F811
    made = make_engine(database_url, pool=1)
    yield made
    made.dispose()


def told(watch: Watch) -> dict[str, list[float]]:
    return {family.name: [sample.value for sample in family.samples] for family in watch.collect()}


async def test_a_look_without_the_database_is_none(settings: Settings, keys: Keys, engine: Engine) -> None:
    client = await connect(settings, keys)
    seeing, blind = Watch(engine, client), Watch(make_engine(settings.database_url, pool=1), client)
    await seeing.look()
    await blind.look()
    assert len(told(seeing)[LOOKED]) == 1
    assert told(blind)[LOOKED] == []
    # What could still be asked is told.
    assert told(blind)["paspor_cases_failing"] == [0]
    assert "paspor_cases_stuck" not in told(blind)
