"""Passes seats on to who waits for one or was drawn, beside the relay: an engine that is away holds no seat up."""

import asyncio
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, Engine

from activities.keyring import KeyRing
from activities.storage import draws, waiting
from workers.runtime.stopping import Stopped, unless

T = TypeVar("T")

PAUSE = 0.5  # seconds between two looks: what is refused or lapses has gone on within one
TIDY_EVERY = 60.0

log = logging.getLogger(__name__)


async def pass_seats_on(stop: asyncio.Event, engine: Engine, ring: KeyRing) -> None:
    """Look at waiting list and draws again and again, until it is told to stop. Several processes may do so at once.

    `ring` opens the seeds of draws whose window has closed.
    """
    tidy_at = 0.0
    with_transaction = partial(_in_transaction, engine)
    while not stop.is_set():
        try:
            if tidy_at <= time.monotonic():
                tidy_at = time.monotonic() + TIDY_EVERY
                await asyncio.to_thread(with_transaction, waiting.tidy)
            await asyncio.to_thread(waiting.pass_all_on, engine)
        except Exception:
            log.exception("the waiting list could not be looked at; it is looked at again")
        try:
            await asyncio.to_thread(draws.carry_all_out, engine, ring)
        except Exception:
            log.exception("the draws could not be carried out; they are tried again")
        try:
            await unless(stop, asyncio.sleep(PAUSE))
        except Stopped:
            return


def _in_transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)
