"""A client process of many people. Killed and started again it goes on with what is not answered, under the same keys.

    python -m tests.rush.crowd URL PLAN LOG GO [--unguarded]

It waits until the file GO is there.
"""

import argparse
import asyncio
import json
import time
from pathlib import Path

from sqlalchemy.exc import DBAPIError, TimeoutError

from activities.storage.taking import Overloaded
from tests.journeys.installation import wait_until
from tests.rush.answers import Answer, AnswerLog
from tests.rush.plan import Turn
from tests.rush.takers import Guarded, Taker, Unguarded

AT_ONCE = 400  # people in front of one process
PATIENCE = 90.0  # seconds for one answer, the database's restarts included
AGAIN = 0.02  # seconds before a person who heard nothing clicks again, under the same key
SILENCE = (DBAPIError, TimeoutError, Overloaded)


class Crowd:
    """The people of one process."""

    def __init__(self, taker: Taker, log: AnswerLog) -> None:
        self._taker, self._log = taker, log
        self._room = asyncio.Semaphore(AT_ONCE)

    async def plays(self, turn: Turn) -> None:
        """One person's clicks at this process."""
        async with self._room:
            first = await self._clicks(turn.number, turn.slot, turn.key)
            if turn.other:
                where = first.got or turn.other
                await self._clicks(turn.number, where, f"{turn.key}/again")

    async def _clicks(self, number: str, slot: str, key: str) -> Answer:
        if key in self._log.known:
            return self._log.known[key]
        began = time.monotonic()
        while True:
            try:
                taken = await self._taker.take(number, slot, key)
                break
            except SILENCE:
                if time.monotonic() > began + PATIENCE:
                    raise
                await asyncio.sleep(AGAIN)
        seat = taken.appointment
        won = {"booking": seat.booking, "got": seat.slot_id} if seat else {}
        ms = round((time.monotonic() - began) * 1000, 2)
        answer = Answer(key=key, number=number, slot=slot, code=taken.code, ms=ms, **won)
        self._log.note(answer)
        return answer


async def _all(url: str, turns: list[Turn], log: Path, unguarded: bool) -> None:
    taker: Taker = Unguarded(url) if unguarded else Guarded(url)
    crowd = Crowd(taker, AnswerLog(log))
    async with asyncio.TaskGroup() as together:
        for turn in turns:
            together.create_task(crowd.plays(turn))
    await asyncio.to_thread(taker.close)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    for name in ("plan", "log", "go"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--unguarded", action="store_true")
    given = parser.parse_args()
    planned = [Turn(**turn) for turn in json.loads(given.plan.read_text())]
    wait_until(given.go.exists, "the word to go", PATIENCE)
    asyncio.run(_all(given.url, planned, given.log, given.unguarded))
