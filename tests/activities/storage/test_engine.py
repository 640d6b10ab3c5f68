"""Connections that died: one that has rested is asked first, one that answered just now is not."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from activities.storage import engine as engines
from activities.storage.engine import make_engine


@pytest.fixture
def asking(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url, pool=1)
    yield made
    made.dispose()


def backend(engine: Engine) -> int:
    with engine.begin() as connection:
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def killed(asking: Engine, by: Engine) -> int:
    """The backend that served last, and serves no more."""
    pid = backend(asking)
    with by.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    return pid


def test_one_that_has_rested_is_asked_and_replaced(
    asking: Engine, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "FRESH_SECONDS", 0.0)
    pid = killed(asking, engine)
    assert backend(asking) != pid


def test_one_that_answered_just_now_is_not_asked_and_replaced_when_found_dead(
    asking: Engine, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "FRESH_SECONDS", 60.0)
    pid = killed(asking, engine)
    with pytest.raises(OperationalError):
        backend(asking)
    assert backend(asking) != pid
