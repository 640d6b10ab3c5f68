"""The notices that every page shows: looked up every few seconds, however many pages are shown meanwhile."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime

from activities.storage import notices
from activities.storage.notices import NoticeRow
from api.database import Database
from api.problems import Problem

LOOK_EVERY_SECONDS = 5.0


class Noticeboard:
    """What is told now, at most a few seconds old; what was known last stands while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock, self._looked_at = asyncio.Lock(), float("-inf")
        self._known: tuple[NoticeRow, ...] = ()
        self._changes = 0

    async def look(self) -> None:
        """Look again where the last look is too old; who comes meanwhile waits for the one look."""
        if self._fresh():
            return
        async with self._lock:
            if self._fresh():
                return
            changes = self._changes
            with suppress(Problem):
                self._known = await self._database.read(notices.still_open)
            if changes == self._changes:
                self._looked_at = time.monotonic()

    def changed(self) -> None:
        """Look again at once: somebody here has opened or closed one."""
        self._changes += 1
        self._looked_at = float("-inf")

    def shown(self) -> list[NoticeRow]:
        """What is to be read now."""
        now = datetime.now(UTC)
        return [one for one in self._known if one.shown(now)]

    def _fresh(self) -> bool:
        return time.monotonic() - self._looked_at < LOOK_EVERY_SECONDS
