"""Carries to the cases what our database holds for them (seats, messages of other systems), and keeps it in order.

Whoever takes such a thing delivers it at once; the relay is for what was left when a process died in between. Each
delivery is idempotent (an update by its id, a payment by its receipt), so that two relays, or one twice, do no harm.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.service import RPCError, RPCStatusCode

from activities.keyring import Keys
from activities.storage import inbox, moving, outbox, reads, reseating, seats, upkeep
from activities.storage.engine import make_engine
from workers.deliveries import news, notification, seat_taken
from workers.families import LeftOverFamilies
from workers.passing import pass_seats_on
from workers.runtime.connection import connect
from workers.runtime.settings import Settings
from workers.runtime.stopping import Stopped, unless
from workflows.case.notifications import MatchResult
from workflows.messages import Verdict
from workflows.partners.seats import SeatRequest

T = TypeVar("T")

PAUSE = 0.5  # seconds between two looks
AT_ONCE = 50
LEFT_AFTER = 2.0  # seconds that whoever took a thing has for telling the case itself
PATIENCE = timedelta(seconds=10)

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Errand:
    """Something that the database needs every so many seconds."""

    run: Callable[[Connection], object]
    every: float
    due: float = 0.0


class Relay:
    """One look after the other, until it is told to stop."""

    def __init__(self, client: Client, engine: Engine) -> None:
        self._client, self._engine = client, engine
        # What recurs more slowly is a schedule of the engine, of whose runs a month would be forty thousand here.
        self._errands = [Errand(errand, 60.0) for errand in upkeep.EACH_MINUTE]
        self._families = LeftOverFamilies(client, self._stored)

    async def look(self) -> None:
        """Deliver what waits, and run the errands that are due."""
        for row in await self._stored(lambda connection: outbox.unsent(connection, LEFT_AFTER, AT_ONCE)):
            await self._alone(self._news(row) if row.topic == "news" else self._seat(row))
        for letter in await self._stored(lambda connection: inbox.undelivered(connection, AT_ONCE)):
            left = datetime.now(UTC) - letter.received_at > timedelta(seconds=LEFT_AFTER)
            if left and letter.workflow_id:
                await self._alone(self._letter(letter))
        for errand in self._errands:
            if errand.due <= time.monotonic():
                errand.due = time.monotonic() + errand.every
                await self._alone(self._stored(errand.run))
        await self._alone(asyncio.to_thread(reseating.pass_over, self._engine))
        await self._alone(self._families.look())

    async def _alone(self, work: Awaitable[object]) -> None:
        """One thing that fails, such as a case that does not answer, must not stop the others."""
        try:
            await work
        except Exception:
            log.exception("one errand of the relay failed; it comes again")

    async def _seat(self, row: outbox.Unsent) -> None:
        told = moving.message_of(row.body) if row.topic == "seat_moved" else seat_taken(row)
        if await self._stored(lambda connection: outbox.is_overtaken(connection, _booking_of(row))):
            await self._stored(lambda connection: outbox.mark_sent(connection, row.id))
            return
        try:
            await self._case(row).execute_update(
                "take_seat", told, id=row.key, result_type=Verdict, rpc_timeout=PATIENCE
            )
        except WorkflowUpdateFailedError:
            if await self._stored(lambda connection: _still_takes_seats(connection, row.number)):
                return  # its tray is full for the moment: it is told again
            await self._give_back(row)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                log.warning("a seat could not be told to its case yet: %s", error.status.name)
                return
            await self._give_back(row)
        await self._stored(lambda connection: outbox.mark_sent(connection, row.id))

    async def _news(self, row: outbox.Unsent) -> None:
        try:
            await self._case(row).signal("news", news(row), rpc_timeout=PATIENCE)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                log.warning("news could not be told to its case yet: %s", error.status.name)
                return  # a case that has ended has nobody to tell
        await self._stored(lambda connection: outbox.mark_sent(connection, row.id))

    async def _give_back(self, row: outbox.Unsent) -> None:
        """The case does not want the seat any more."""
        request = SeatRequest(key=f"{row.key}/refused", number=row.number, booking=_booking_of(row))
        await self._stored(lambda connection: seats.release(connection, request))

    async def _letter(self, letter: inbox.Undelivered) -> None:
        message = notification(letter)
        signal = "match_result" if isinstance(message, MatchResult) else "payment"
        try:
            await self._case(letter).signal(signal, message, rpc_timeout=PATIENCE)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                log.warning("a message could not be told to its case yet: %s", error.status.name)
                return
            await self._stored(lambda connection: inbox.left_over(connection, letter.id, "the case had ended"))
            return
        await self._stored(lambda connection: inbox.delivered(connection, letter.id))

    def _case(self, row: outbox.Unsent | inbox.Undelivered) -> WorkflowHandle[Any, Any]:
        assert row.workflow_id is not None
        return self._client.get_workflow_handle(row.workflow_id, run_id=row.run_id)

    async def _stored(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(self._in_transaction, work)

    def _in_transaction(self, work: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return work(connection)


def _booking_of(row: outbox.Unsent) -> str:
    return str((row.body["appointment"] if row.topic == "seat_moved" else row.body)["booking"])


def _still_takes_seats(connection: Connection, number: str) -> bool:
    found = reads.application(connection, number)
    return found is not None and found.view.bookable


async def relay(stop: asyncio.Event, settings: Settings, keys: Keys) -> None:
    """Look again and again; trouble with database or engine is logged, and the next look tries anew."""
    engine = make_engine(settings.database_url, pool=3)
    passing = asyncio.create_task(pass_seats_on(stop, engine, keys.columns))
    try:
        client = await unless(stop, connect(settings, keys, patience=None))
        courier = Relay(client, engine)
        while not stop.is_set():
            try:
                await courier.look()
            except Exception:
                log.exception("the relay stumbled; it looks again")
            await unless(stop, asyncio.sleep(PAUSE))
    except Stopped:
        pass
    finally:
        passing.cancel()
        await asyncio.gather(passing, return_exceptions=True)
        engine.dispose()
