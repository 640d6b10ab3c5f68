"""Two ways to take a seat: the product's, and the one that every oversold shop has."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Protocol

from sqlalchemy import text

from activities.storage.committer import SeatCommitter
from activities.storage.engine import make_engine
from activities.storage.taking import Taken
from workflows.case.facts import Appointment, Lane

DAY = date(2027, 6, 1)
AT_ONCE = 8
SCRATCH = """
    DROP SCHEMA IF EXISTS scratch CASCADE;
    CREATE SCHEMA scratch;
    CREATE TABLE scratch.slot (id text PRIMARY KEY, seats int NOT NULL);
    CREATE TABLE scratch.booking (id uuid DEFAULT gen_random_uuid(), slot text NOT NULL, number text NOT NULL);
    INSERT INTO scratch.slot SELECT paspor.public_slot(id), seats FROM paspor.slot"""
FREE = text("""
    SELECT (SELECT seats FROM scratch.slot WHERE id = :slot) > (SELECT count(*) FROM scratch.booking WHERE slot = :slot)
       AND NOT EXISTS (SELECT 1 FROM scratch.booking WHERE number = :number)""")
BOOK = text("INSERT INTO scratch.booking (slot, number) VALUES (:slot, :number) RETURNING id")
SLOT = text("SELECT starts_at, ends_at FROM paspor.slot WHERE paspor.public_slot(id) = :slot")


class Taker(Protocol):
    """Asks for a seat, and says what came of it."""

    async def take(self, number: str, slot: str, key: str) -> Taken:
        """Ask; raises when nobody knows what came of it."""

    def close(self) -> None:
        """Let go of the database."""


class Guarded:
    """The product's own: the committer in front of the schema's function."""

    def __init__(self, url: str) -> None:
        self._seats = SeatCommitter(url)

    async def take(self, number: str, slot: str, key: str) -> Taken:
        """Ask the committer."""
        return await self._seats.take(number, slot, key, DAY)

    def close(self) -> None:
        """End the committer."""
        self._seats.close()


class Unguarded:
    """Look whether there is room, then insert, in tables without a constraint, as one reads it in many a shop."""

    def __init__(self, url: str) -> None:
        self._engine = make_engine(url, pool=AT_ONCE)
        self._threads = ThreadPoolExecutor(AT_ONCE)

    async def take(self, number: str, slot: str, key: str) -> Taken:
        """Look, then insert."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._take, number, slot)

    def _take(self, number: str, slot: str) -> Taken:
        with self._engine.begin() as conn:
            if not conn.execute(FREE, {"slot": slot, "number": number}).scalar():
                return Taken(code="slot_full")
            booking = conn.execute(BOOK, {"slot": slot, "number": number}).scalar_one()
            times = conn.execute(SLOT, {"slot": slot}).one()
        seat = Appointment(
            booking=str(booking),
            slot_id=slot,
            office="",
            lane=Lane.REGULAR,
            starts_at=times.starts_at,
            ends_at=times.ends_at,
            utc_offset=0,
        )
        return Taken(code="ok", appointment=seat)

    def close(self) -> None:
        """End threads and connections."""
        self._threads.shutdown()
        self._engine.dispose()
