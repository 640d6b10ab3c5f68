"""What a database says of its errors stays with us: the engine and the logs hear kind, state and constraint."""

import asyncio
import traceback
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from temporalio.api.failure.v1 import Failure
from temporalio.converter import DefaultFailureConverter, DefaultPayloadConverter
from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from activities.failures import SilentDatabase
from activities.storage.engine import make_engine

SECRET = "3171234567890123"


class Fails(ActivityInboundInterceptor):
    """An activity that runs a statement which the database refuses."""

    def __init__(self, engine: Engine, statement: str) -> None:
        self._engine, self._statement = engine, statement

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        with self._engine.begin() as conn:
            conn.execute(text(self._statement))


def failure(engine: Engine, statement: str) -> ApplicationError:
    asked = SilentDatabase().intercept_activity(Fails(engine, statement))
    with pytest.raises(ApplicationError) as failed:
        asyncio.run(asked.execute_activity(None))  # type: ignore[arg-type]  # nobody reads it
    return failed.value


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            f"INSERT INTO paspor.office (id, name) VALUES ('{SECRET}', NULL)",
            "database: NotNullViolation 23502 office",
        ),
        (
            "CREATE TEMPORARY TABLE twice (nik text PRIMARY KEY) ON COMMIT DROP;"
            f"INSERT INTO twice VALUES ('{SECRET}'), ('{SECRET}')",
            "database: UniqueViolation 23505 twice twice_pkey",
        ),
        (f"SELECT CAST('{SECRET}x' AS date)", "database: InvalidDatetimeFormat 22007"),
    ],
)
def test_no_value_gets_out(session_engine: Engine, statement: str, told: str) -> None:
    error = failure(session_engine, statement)
    assert error.message == told
    assert not error.non_retryable
    sent = Failure()
    DefaultFailureConverter().to_failure(error, DefaultPayloadConverter(), sent)
    assert SECRET.encode() not in sent.SerializeToString()
    assert not sent.HasField("cause")
    assert SECRET not in "".join(traceback.format_exception_only(error))
    assert "execute_activity" in sent.stack_trace, "where it happened is still told"


def test_a_database_that_is_away_is_named_too() -> None:
    engine = make_engine("postgresql+psycopg2://nobody@127.0.0.1:1/nothing")
    assert failure(engine, "SELECT 1").type == OperationalError.__name__
    engine.dispose()
