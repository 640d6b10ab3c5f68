"""Seats through the real API of a whole installation: a rush of real cases, and bookings a second of one slot."""

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import text

from activities.storage.invariants import examine
from activities.storage.seats import public_id
from tests.benchmarks import offices
from tests.benchmarks.meter import difference
from tests.benchmarks.people import Person
from tests.benchmarks.profiling import recording
from tests.benchmarks.real import RealCase
from tests.benchmarks.timing import in_flight, percentiles
from tests.benchmarks.wire import Answered, Line
from tests.benchmarks.world import World

FILED_AT_ONCE = 40
CONNECTIONS = 128
SLOTS = 14
PLENTY = 30_000
SECONDS = itertools.count(7)  # no two slots of a lane begin at the same moment
JSON = "Content-Type: application/json\r\n"
# The counting of requests runs as ever; all come from one address here, so nobody is refused by it.
WIDE = text("""
    INSERT INTO paspor.rule (name, office, effective_from, value, source)
    SELECT DISTINCT ON (name) name, office, CAST(clock_timestamp() AT TIME ZONE 'Asia/Jakarta' AS date),
           regexp_replace(value::text, '"(most|places)": \\d+', '"\\1": 1000000', 'g')::jsonb, 'benchmark'
      FROM paspor.rule WHERE name IN ('limits', 'waiting_room') AND office = ''
     ORDER BY name, effective_from DESC
    ON CONFLICT (name, office, effective_from) DO UPDATE SET value = excluded.value""")
SLOT = text("""
    INSERT INTO paspor.slot (office, lane, day, starts_at, ends_at, seats)
    VALUES (:office, 'regular', :day, :start, :end, :seats) RETURNING id""")


class Applicant:
    """Somebody whose case waits for a seat, signed in."""

    def __init__(self, person: Person, token: str) -> None:
        self.number = person.filing.number
        self._path = f"/v1/applications/{self.number}"
        self._signed = f"Authorization: Bearer {token}\r\n"

    async def takes(self, line: Line, slot: str) -> Answered:
        """Ask for a seat."""
        return await line.asks(
            "PUT", f"{self._path}/appointment", self._signed + JSON, b'{"slot_id": "%s"}' % slot.encode()
        )

    async def seat(self, line: Line) -> str | None:
        """The slot that a read of the application shows."""
        found = await line.asks("GET", self._path, self._signed)
        return (found.json.get("appointment") or {}).get("slot_id")


async def measured(world: World, people: int, connections: Sequence[int], *, profile: bool) -> dict[str, Any]:
    """Half of the people rush; the others book at each number of connections, and under the sampler."""
    with world.engine.begin() as connection:
        connection.execute(WIDE)
    applicants = await _filed(world, people)
    rushing, rest = applicants[: people // 2], applicants[people // 2 :]
    found: dict[str, Any] = {"rush": await _rush(world, rushing), "bookings": []}
    shares = _shared(rest, len(connections) + profile)
    for at_once, share in zip(connections, shares, strict=False):
        found["bookings"].append(await _books(world, share, at_once))
    if profile:
        with recording(world.meter.pid("api")) as spied:
            await _books(world, shares[-1], CONNECTIONS)
        found["profile"] = spied.told()
    return found


async def _filed(world: World, people: int) -> list[Applicant]:
    persons = world.people.some(people, pictured=False)
    await in_flight(FILED_AT_ONCE, persons, lambda person: RealCase(world.office, person).files())
    async with _lines(world.installation.addresses["idp"], 4) as lines:
        free = asyncio.Queue[Line]()
        for line in lines:
            free.put_nowait(line)

        async def signed_in(person: Person) -> Applicant:
            line = await free.get()
            form = urlencode({"grant_type": "password", "username": person.filing.owner}).encode()
            kind = "Content-Type: application/x-www-form-urlencoded\r\n"
            answer = await line.asks("POST", "/token", kind, form)
            free.put_nowait(line)
            return Applicant(person, answer.json["access_token"])

        return list(await asyncio.gather(*map(signed_in, persons)))


async def _rush(world: World, applicants: Sequence[Applicant]) -> dict[str, Any]:
    """All at once, three clicks each: two together, and one after the answer, there or on another slot."""
    seats = max(1, len(applicants) * 14 // 100 // SLOTS)
    slots, luck = [_slot(world, seats) for _ in range(SLOTS)], random.Random(len(applicants))
    took: list[float] = []
    won: dict[str, set[str]] = {}
    codes: Counter[str] = Counter()

    async def clicks(line: Line, who: Applicant, slot: str) -> bool:
        began = time.perf_counter()
        answer = await who.takes(line, slot)
        took.append(time.perf_counter() - began)
        codes["200" if answer.status == 200 else str(answer.json.get("code"))] += 1
        if answer.status == 200:
            won.setdefault(who.number, set()).add(answer.json["appointment"]["slot_id"])
        return answer.status == 200

    async def twice(line: Line, turn: tuple[Applicant, str, str]) -> None:
        who, slot, other = turn
        yes = await clicks(line, who, slot)
        await clicks(line, who, slot if yes else other)

    turns = [(who, *luck.sample(slots, 2)) for who in applicants]
    luck.shuffle(turns)
    began = time.perf_counter()
    await asyncio.gather(
        _queue(world, CONNECTIONS // 2, turns, twice),
        _queue(world, CONNECTIONS // 2, turns, lambda line, turn: clicks(line, turn[0], turn[1])),
    )
    seconds = time.perf_counter() - began
    return {
        "people": len(applicants),
        "seats": seats * SLOTS,
        "clicks": len(took),
        "connections": CONNECTIONS,
        "seconds": round(seconds, 2),
        "per_second": round(len(took) / seconds),
        "codes": dict(codes),
        **percentiles(took),
        **await _judged(world, slots, won, {who.number: who for who in applicants}),
    }


async def _judged(
    world: World, slots: Sequence[str], won: dict[str, set[str]], applicants: dict[str, Applicant]
) -> dict[str, Any]:
    """Counted in the database, and every yes read again over HTTP."""
    question = text("""
        SELECT count(*), count(DISTINCT b.person_key) FROM paspor.booking b
         WHERE b.state = 'held' AND paspor.public_slot(b.slot_id) = ANY (:slots)""")
    with world.engine.begin() as connection:
        sold, people = connection.execute(question, {"slots": list(slots)}).one()
    in_vain = 0
    async with _lines(world.installation.addresses["api"], 1) as (line,):
        for number, places in won.items():
            in_vain += places != {await applicants[number].seat(line)}
    broken = [one.name for one in examine(world.engine) if not one.holds]
    return {"sold": sold, "people_with_seats": people, "told_yes_in_vain": in_vain, "invariants_broken": broken}


async def _books(world: World, applicants: Sequence[Applicant], at_once: int) -> dict[str, Any]:
    """Each takes a seat in one slot that has room for all."""
    slot, took = _slot(world, PLENTY), list[float]()

    async def books(line: Line, who: Applicant) -> None:
        began = time.perf_counter()
        answer = await who.takes(line, slot)
        took.append(time.perf_counter() - began)
        assert answer.status == 200, answer.body[:300]

    before, began = world.meter.seconds(), time.perf_counter()
    await _queue(world, at_once, applicants, books)
    seconds = time.perf_counter() - began
    spent = difference(before, world.meter.seconds(), len(applicants))
    return {
        "at_once": at_once,
        "bookings": len(applicants),
        "per_second": round(len(applicants) / seconds, 1),
        **percentiles(took),
        "cpu_ms": spent,
    }


async def _queue(world: World, at_once: int, things: Sequence[Any], work: Any) -> None:
    """Each connection takes the next thing when it is done with one."""
    left = iter(things)

    async def one(line: Line) -> None:
        for thing in left:
            await work(line, thing)

    async with _lines(world.installation.addresses["api"], at_once) as lines:
        await asyncio.gather(*map(one, lines))


@asynccontextmanager
async def _lines(url: str, count: int) -> AsyncIterator[list[Line]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(Line(url)) for _ in range(count)]


def _slot(world: World, seats: int) -> str:
    """A slot of its own, the day after tomorrow."""
    start = datetime.now(UTC).replace(hour=4, minute=0, second=0, microsecond=0) + timedelta(days=2)
    start += timedelta(seconds=next(SECONDS))
    values = {"office": offices.NAMES[0], "day": start.date(), "start": start, "end": start + timedelta(hours=1)}
    with world.engine.begin() as connection:
        return public_id(connection.execute(SLOT, {**values, "seats": seats}).scalar_one())


def _shared(things: Sequence[Applicant], parts: int) -> list[Sequence[Applicant]]:
    size = len(things) // parts
    return [things[part * size : (part + 1) * size] for part in range(parts)]
