"""The workers of one process: a queue has one pool, however often its worker starts anew, and it is given back."""

from contextlib import closing

import pytest
from sqlalchemy import text

from activities.keyring import Keys
from tests.fixtures.database import database_url, postgres  # noqa: F401 - fixtures
from workers.roster import Roster
from workers.runtime.connection import connect
from workers.runtime.settings import Settings
from workflows import options

OURS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'paspor' AND pid <> pg_backend_pid()"


async def test_pools_are_made_once_and_closed(settings: Settings, keys: Keys, database_url: str) -> None:  # noqa: F811
    here = settings.model_copy(update={"database_url": database_url})
    with closing(Roster(here, keys)) as roster:
        for _ in range(2):
            client = await connect(here, keys)  # the SDK takes two workers of a queue by two clients only
            for queue in (options.CASES, options.NATIONAL, options.BIOMETRICS, options.printing_at("denpasar")):
                assert roster.worker_for(queue, client).task_queue == queue
        with pytest.raises(ValueError, match="unheard-of"):
            roster.worker_for("unheard-of", client)
        pools = list(roster._engines.values())
        assert len(pools) == 4
        with pools[0].connect() as connection:
            assert connection.execute(text(OURS)).scalar_one() == 0
        assert [pool.pool.checkedin() for pool in pools] == [1, 0, 0, 0]  # type: ignore[attr-defined]  # a QueuePool
    assert [pool.pool.checkedin() for pool in pools] == [0, 0, 0, 0]  # type: ignore[attr-defined]
