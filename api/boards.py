"""One look at an office's board a second, however many people look at it."""

import asyncio
import time
from collections import deque

from sqlalchemy import Connection

from activities.storage import queue
from api.database import Database
from api.streams import LOOK_EVERY_SECONDS

KEPT_CALLS = 200


class BoardWatch:
    """The board of one office, at most a second old, and its latest calls."""

    def __init__(self, database: Database, office: str) -> None:
        self._database, self._office = database, office
        self._lock, self._looked_at = asyncio.Lock(), float("-inf")
        self._board: queue.Board | None = None
        # All calls after `_complete_from` are among the kept ones.
        self._calls: deque[queue.BoardCall] = deque()
        self._complete_from = 0

    async def board(self) -> queue.Board:
        """The board."""
        async with self._lock:
            if self._board is None or time.monotonic() - self._looked_at > LOOK_EVERY_SECONDS:
                await self._look()
            assert self._board is not None
            return self._board

    async def calls_after(self, seen: int) -> list[queue.BoardCall]:
        """All calls after one, oldest first."""
        await self.board()
        if seen >= self._complete_from:
            return [call for call in self._calls if call.seq > seen]
        return list(await self._database.read(queue.calls_after, self._office, seen))

    async def _look(self) -> None:
        first = self._board is None
        after = None if first else self._calls[-1].seq if self._calls else self._complete_from
        board, calls = await self._database.run(_look, self._office, after)
        self._board, self._looked_at = board, time.monotonic()
        if first:
            self._complete_from = max((call.seq for call in board.called), default=0)
        self._calls.extend(calls)
        while len(self._calls) > KEPT_CALLS:
            self._complete_from = self._calls.popleft().seq


def _look(connection: Connection, office: str, after: int | None) -> tuple[queue.Board, list[queue.BoardCall]]:
    now = queue.board(connection, office)
    return now, [] if after is None else list(queue.calls_after(connection, office, after))
