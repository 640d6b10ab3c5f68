"""The waiting room: when more people choose seats than the rule `waiting_room` has places, the rest wait by arrival.

An account has one place, whatever it opens; a place is kept in PostgreSQL. An office's operators do not wait: they have
limits of their own. Nor does somebody to whom a seat is offered, which they could lose meanwhile.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from activities.keyring import Keys
from activities.storage import room
from activities.storage.room import Pace
from api.batches import Batches
from api.database import Database
from api.problems import Problem
from workflows.case.facts import Actor, Role

PACE_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """A place in the line: the how-manieth, for about how long, and in how many seconds to look again."""

    position: int
    from_minutes: int
    to_minutes: int
    measured: bool
    again: int
    lasts_minutes: int


class Room:
    """Lets people in by arrival, for all processes together."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database, self._keys = database, keys
        self._entering: Batches[str, int | None] = Batches(self._enter_all)
        self._leaving: Batches[str, None] = Batches(self._leave_all)
        self._pace: tuple[float, Pace] | None = None

    async def enter(self, actor: Actor, number: str) -> Waits | None:
        """None for who may choose a seat now, and goes on doing so; else where they stand in the line."""
        if Role.ASSISTANT in actor.roles:
            return None
        ahead = await self._entering.ask(self._who(actor))
        if ahead is None or await self._database.read(room.is_seated, number):
            return None
        pace = await self._current()
        low, high = pace.minutes(ahead)
        lasts = -(-pace.seconds // 60)
        return Waits(
            position=ahead + 1,
            from_minutes=low,
            to_minutes=high,
            measured=pace.measured,
            again=pace.again,
            lasts_minutes=lasts,
        )

    async def pass_in(self, actor: Actor, number: str) -> None:
        """The same for a request of the API; raises `waiting_room`, with the place in the line."""
        waits = await self.enter(actor, number)
        if waits is not None:
            estimate = {"from_minutes": waits.from_minutes, "to_minutes": waits.to_minutes, "measured": waits.measured}
            raise Problem("waiting_room", retry_after=waits.again, position=waits.position, estimate=estimate)

    async def leave(self, actor: Actor) -> None:
        """Free the place of who is done. It ends by itself where the database is away."""
        if Role.ASSISTANT not in actor.roles:
            with suppress(Problem):
                await self._leaving.ask(self._who(actor))

    async def _enter_all(self, whos: Sequence[str]) -> list[int | None]:
        return await self._database.read(room.enter, whos)

    async def _leave_all(self, whos: Sequence[str]) -> list[None]:
        await self._database.read(room.leave, whos)
        return [None] * len(whos)

    async def _current(self) -> Pace:
        if self._pace is None or time.monotonic() - self._pace[0] > PACE_SECONDS:
            self._pace = time.monotonic(), await self._database.read(room.pace)
        return self._pace[1]

    def _who(self, actor: Actor) -> str:
        return self._keys.digest("room", actor.id)
