"""Our database from asynchronous code, in threads of a small pool: what writes is one transaction."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError

from api.problems import Problem

P = ParamSpec("P")
R = TypeVar("R")

AWAY = (OperationalError, InterfaceError, TimeoutError)


class Database:
    """As many threads as the pool has connections, so that nobody waits inside the pool."""

    def __init__(self, engine: Engine, connections: int) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="database")

    async def run(self, work: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do `work` in a transaction of its own. Raises `database_away` when PostgreSQL cannot be reached."""

        def job() -> R:
            with self._engine.begin() as connection:
                return work(connection, *args, **kwargs)

        return await self._in_thread(job)

    async def read(self, work: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do `work` that only reads and locks nothing. Raises `database_away` when PostgreSQL cannot be reached.

        Without BEGIN and COMMIT, which are two round trips of three. At READ COMMITTED each statement sees what is
        there when it begins, inside of a transaction or not.
        """

        def job() -> R:
            with _reading(self._engine) as connection:
                return work(connection, *args, **kwargs)

        return await self._in_thread(job)

    async def _in_thread(self, job: Callable[[], R]) -> R:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, job)
        except AWAY as error:
            raise Problem("database_away", retry_after=2) from error

    def close(self) -> None:
        """End the threads and the connections."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._engine.dispose()


@contextmanager
def _reading(engine: Engine) -> Iterator[Connection]:
    # Not by an isolation level of SQLAlchemy: setting that back asks the server each time.
    with engine.connect() as connection:
        bare = connection.connection.driver_connection
        assert bare is not None
        bare.autocommit = True
        try:
            yield connection
        finally:
            if not bare.closed:
                bare.autocommit = False
