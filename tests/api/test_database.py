"""What writes is one transaction; what reads has none, and leaves none behind."""

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from api.database import Database
from api.problems import Problem

NOW = text("SELECT transaction_timestamp()")


def one_transaction(connection: Connection) -> bool:
    first = connection.execute(NOW).scalar_one()
    return bool(first == connection.execute(NOW).scalar_one())


async def test_a_read_has_no_transaction_and_the_next_work_has_one(engine: Engine) -> None:
    one = Database(engine, 1)
    assert not await one.read(one_transaction)
    assert await one.run(one_transaction)
    with pytest.raises(ProgrammingError):
        await one.read(lambda connection: connection.execute(text("SELECT nothing")))
    assert await one.run(one_transaction)


async def test_a_read_whose_connection_is_cut_is_not_an_answer(engine: Engine) -> None:
    one = Database(engine, 1)
    with pytest.raises(Problem) as away:
        await one.read(lambda connection: connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())")))
    assert away.value.code == "database_away"
    assert not await one.read(one_transaction)
