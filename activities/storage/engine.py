"""The connection to our own database."""

import time

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

CONNECT_SECONDS = 5
FRESH_SECONDS = 1.0


def make_engine(url: str, pool: int = 4, *, asks_first: bool = True) -> Engine:
    """An engine with a small pool: many connections on one row are slower than few. Times come and go in UTC.

    A connection that has rested is asked whether it still answers before it is used. Activities do without: one that
    finds it dead is tried again by its policy, on a new one, and the question would cost each of them a round trip.
    """
    engine = create_engine(
        url,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=CONNECT_SECONDS,
        hide_parameters=True,  # parameters of a failed statement can hold personal data
        connect_args={
            "application_name": "paspor",
            "connect_timeout": CONNECT_SECONDS,
            "options": "-c timezone=UTC -c lock_timeout=10s -c statement_timeout=30s",
        },
    )
    if asks_first:
        _ask_the_rested(engine)
    return engine


def _ask_the_rested(engine: Engine) -> None:
    """Like `pool_pre_ping`, but a connection that has answered just now is not asked again."""

    @event.listens_for(engine, "checkin")
    def rests(connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def is_asked(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - entry.info.get("rests_since", float("inf")) < FRESH_SECONDS:
            return
        try:
            alive = engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error
        if not alive:
            raise InvalidatePoolError
