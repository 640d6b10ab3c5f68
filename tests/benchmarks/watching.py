"""Waits for what people would see: one query for all cases under way, again and again."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from sqlalchemy import Engine, Row, text

EVERY = 0.05  # seconds
LIMIT = 90.0
LOOK = text("""
    SELECT number, stage, view #>> '{next_step,what}' AS next, view #>> '{bill,code}' AS bill,
           (view #>> '{bill,amount}')::int AS amount
      FROM paspor.application WHERE number = ANY (:numbers)""")


class Waiting(NamedTuple):
    """Who waits for what."""

    there: Callable[[Any], bool]
    answer: "asyncio.Future[Row[Any]]"


class Watcher:
    """As an async context: looks while somebody waits."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: dict[str, Waiting] = {}

    async def __aenter__(self) -> "Watcher":
        self._task = asyncio.create_task(self._look_on())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def until_next(self, number: str, what: str) -> Row[Any]:
        """Wait until the case's next step is this one."""
        answer: asyncio.Future[Row[Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = Waiting(lambda row: row.next == what, answer)
        try:
            async with asyncio.timeout(LIMIT):
                return await answer
        except TimeoutError:
            raise AssertionError(f"{number} did not come to {what} within {LIMIT:.0f} s") from None
        finally:
            self._waiting.pop(number, None)

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            if not self._waiting:
                continue
            for row in await asyncio.to_thread(self._look, list(self._waiting)):
                waiting = self._waiting.get(row.number)
                if waiting and not waiting.answer.done() and waiting.there(row):
                    waiting.answer.set_result(row)

    def _look(self, numbers: list[str]) -> list[Row[Any]]:
        with self._engine.begin() as connection:
            return list(connection.execute(LOOK, {"numbers": numbers}))
