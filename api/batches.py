"""Many small questions to the database as few larger ones: what comes while one batch is out rides in the next.

There is no timer: an idle process asks at once, and in a rush many requests share one round trip.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")

MOST_IN_BATCH = 200


class Batches(Generic[Q, A]):
    """Carries questions by `ask_all`, which answers each of them, in their order."""

    def __init__(self, ask_all: Callable[[Sequence[Q]], Awaitable[Sequence[A]]]) -> None:
        self._ask_all = ask_all
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._carrying: asyncio.Task[None] | None = None

    async def ask(self, question: Q) -> A:
        """The answer; whatever `ask_all` raises is raised to all who rode in its batch."""
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._carrying is None:
            self._carrying = asyncio.create_task(self._carry())
        return await answer

    async def _carry(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST_IN_BATCH], self._waiting[MOST_IN_BATCH:]
                await self._one(batch)
        finally:
            self._carrying = None

    async def _one(self, batch: list[tuple[Q, asyncio.Future[A]]]) -> None:
        try:
            answers = await self._ask_all([question for question, _ in batch])
        except Exception as error:
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(error)
            return
        for (_, answer), said in zip(batch, answers, strict=True):
            if not answer.done():  # else the caller has gone
                answer.set_result(said)
