"""Our database from asynchronous code: each piece of work is one transaction, in a thread of a small pool."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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

        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, job)
        except AWAY as error:
            raise Problem("database_away", retry_after=2) from error

    def close(self) -> None:
        """End the threads and the connections."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._engine.dispose()
