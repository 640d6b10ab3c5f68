"""Micro-batching in front of the seats: one thread of a process sends whatever has queued up as one transaction.

Requests that arrive while a transaction is under way ride in the next one. There is no timer: an idle process answers
at once, and in a rush many requests share one lock of a slot and one flush of the log.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from queue import Empty, SimpleQueue
from threading import Semaphore, Thread

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from activities.storage.engine import make_engine
from activities.storage.slots import slot_number
from activities.storage.taking import Overloaded, Taken, take

MOST_IN_BATCH = 200
MOST_WAITING = 5000
TRIES = 4
ALTERNATIVES = 5
ALTERNATIVES_SECONDS = 0.5  # in a rush they are hints that age quickly: not worth a query for each refusal
NO_SLOT = -1

NEAREST = text("SELECT slot_id FROM paspor.alternatives(:slot, :most)")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """One person's request, and who waits for its answer."""

    number: str
    slot: int
    key: str
    on_day: date
    answer: "asyncio.Future[Taken]"


class SeatCommitter:
    """Takes seats. One thread and one connection a process; `close` answers what has queued up, then ends."""

    def __init__(self, url: str) -> None:
        self._engine = make_engine(url, pool=1).execution_options(isolation_level="AUTOCOMMIT")
        self._queue: SimpleQueue[Request | None] = SimpleQueue()
        self._room = Semaphore(MOST_WAITING)
        self._open: Connection | None = None
        self._nearest: dict[int, tuple[float, tuple[str, ...]]] = {}
        self._thread = Thread(target=self._work, name="seat-committer", daemon=True)
        self._thread.start()

    async def take(self, number: str, slot_id: str, key: str, on_day: date) -> Taken:
        """Ask for a seat: the first hold, a moved hold, or the one reschedule. `on_day` is the day whose rules apply.

        A request that won gets the same answer under the same key. Raises `Overloaded`, and SQLAlchemy's errors when
        the database is away: then the seat may or may not be taken, and the same key finds out.
        """
        slot = slot_number(slot_id)
        answer: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        if not self._thread.is_alive() or not self._room.acquire(blocking=False):
            raise Overloaded("too many requests for seats are waiting")
        self._queue.put(Request(number, NO_SLOT if slot is None else slot, key, on_day, answer))
        return await answer

    def close(self) -> None:
        """Answer what waits, then end thread and connection."""
        self._queue.put(None)
        self._thread.join()
        self._let_go()
        self._engine.dispose()

    def _work(self) -> None:
        open_ = True
        while open_:
            batch, open_ = self._batch()
            if batch:
                _tell(self._answers(batch))

    def _batch(self) -> tuple[list[Request], bool]:
        found: list[Request] = []
        request = self._queue.get()
        with suppress(Empty):
            while request is not None:
                self._room.release()
                found.append(request)
                if len(found) == MOST_IN_BATCH:
                    return found, True
                request = self._queue.get_nowait()
            return found, False
        return found, True

    def _answers(self, batch: Sequence[Request]) -> list[tuple[Request, Taken | Exception]]:
        answers: dict[int, Taken | Exception] = {}
        left = list(enumerate(batch))
        for attempt in range(TRIES):
            try:
                found = self._commit([request for _, request in left])
            except Exception as error:
                # Keys make a repeat safe: what had won before the connection was lost is told again.
                log.warning("seats: try %d failed: %s", attempt + 1, type(error).__name__)
                self._let_go()
                answers |= {place: error for place, _ in left}
                if not isinstance(error, DBAPIError):
                    break
                time.sleep(0.05 * attempt)
                continue
            answers |= {place: taken for (place, _), taken in zip(left, found, strict=True)}
            left = [
                (place, request) for (place, request), taken in zip(left, found, strict=True) if taken.code == "again"
            ]
            if not left:
                break
        busy = {place: Overloaded("the slot is busy") for place, _ in left if isinstance(answers[place], Taken)}
        answers |= busy
        return [(request, answers[place]) for place, request in enumerate(batch)]

    def _commit(self, batch: Sequence[Request]) -> list[Taken]:
        conn = self._open = self._open or self._engine.connect()
        answers = take(conn, batch)
        for place, request in enumerate(batch):
            if answers[place].code == "slot_full":
                answers[place] = replace(answers[place], alternatives=self._alternatives(conn, request.slot))
        return answers

    def _let_go(self) -> None:
        conn, self._open = self._open, None
        if conn is not None:
            with suppress(DBAPIError):
                conn.invalidate()
                conn.close()

    def _alternatives(self, conn: Connection, slot: int) -> tuple[str, ...]:
        known = self._nearest.get(slot)
        if known and known[0] > time.monotonic():
            return known[1]
        found = tuple(conn.execute(NEAREST, {"slot": slot, "most": ALTERNATIVES}).scalars())
        if len(self._nearest) > MOST_WAITING:
            self._nearest.clear()
        self._nearest[slot] = time.monotonic() + ALTERNATIVES_SECONDS, found
        return found


def _tell(answers: Sequence[tuple[Request, Taken | Exception]]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Request, Taken | Exception]]] = {}
    for request, answer in answers:
        by_loop.setdefault(request.answer.get_loop(), []).append((request, answer))
    for loop, told in by_loop.items():
        with suppress(RuntimeError):  # the loop has ended, and with it who waited
            loop.call_soon_threadsafe(_settle, told)  # one wake-up a batch


def _settle(answers: Sequence[tuple[Request, Taken | Exception]]) -> None:
    for request, answer in answers:
        if request.answer.done():
            continue  # the caller has gone
        if isinstance(answer, Exception):
            request.answer.set_exception(answer)
        else:
            request.answer.set_result(answer)
