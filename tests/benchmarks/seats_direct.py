"""Bookings a second of one slot that everybody wants: batched by the committer, and one by one by pgbench."""

import asyncio
import itertools
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text

from activities.storage.committer import SeatCommitter
from activities.storage.seats import slot_number
from tests.benchmarks.timing import percentiles
from tests.rush.takers import DAY
from tests.rush.town import Town
from workers.local.postgres import DATABASE
from workers.local.postgres_binaries import bindir
from workers.local.postgres_cluster import ROLE

FIRST = 1_000_000_000_000_000
SEATS = 32_000  # a slot's most
LIMIT = 600.0  # seconds for one measurement
# Person by person, each a new one: `each` of them for every connection.
PERSON = f"\\set n :n + 1\n\\set person {FIRST} + :client_id * :each + :n - 1\n"
FUNCTION = (
    PERSON
    + """SELECT code FROM paspor.take_seats(
    ARRAY[:person::bigint::text], ARRAY[:slot::bigint], ARRAY[:person::bigint::text], ARRAY['2027-06-01'::date]);
"""
)
STATEMENTS = (
    PERSON
    + """BEGIN;
SELECT person_key, workflow_id FROM paspor.application WHERE number = :person::bigint::text AND bookable \\gset
UPDATE paspor.slot SET taken = taken + 1 WHERE id = :slot AND taken + kept < seats RETURNING id;
INSERT INTO paspor.booking (slot_id, number, person_key, state, hold_until, key)
VALUES (:slot, :person::bigint::text, :person_key, 'held', now() + interval '2 hours', :person::bigint::text)
RETURNING id AS booking \\gset
INSERT INTO paspor.seat_request (key, number, booking_id, slot_id, state, revision)
VALUES (:person::bigint::text, :person::bigint::text, :booking::uuid, :slot, 'held', 1);
INSERT INTO paspor.outbox (topic, number, workflow_id, key, body)
VALUES ('seat_taken', :person::bigint::text, :workflow_id, :booking::text || chr(58) || '1', '{}');
COMMIT;
"""
)
SCRIPTS = {"pgbench: the function, one by one": FUNCTION, "pgbench: statements in a transaction": STATEMENTS}


@contextmanager
def hot_town(bookings: int, connections: int) -> Iterator[Town]:
    """A server whose one slot is for everybody."""
    with TemporaryDirectory(prefix="paspor-seats-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        made = Town(Path(folder), people=bookings + connections, slots=1, seats=SEATS)
        try:
            made.opens(f"max_connections = {connections + 20}\n")
            yield made
        finally:
            made.server.stop()


def measured(bookings: int, connections: Sequence[int], rounds: int) -> list[dict[str, Any]]:
    """Each way at each number of connections, in turn; all rounds."""
    found = []
    with hot_town(bookings, max(connections)) as town:
        for number, at_once in itertools.product(range(1, rounds + 1), connections):
            for way, script in SCRIPTS.items():
                found.append(
                    {"way": way, "at_once": at_once, "round": number, **_pgbench(town, script, bookings, at_once)}
                )
            batched = _batched(town, bookings, at_once)
            found.append({"way": "committer: hold_many", "at_once": at_once, "round": number, **batched})
    return found


def _empty(town: Town) -> None:
    town.empties()
    with town.engine() as engine, engine.begin() as conn:
        conn.execute(
            text("ANALYZE paspor.application, paspor.booking, paspor.seat_request, paspor.outbox, paspor.slot")
        )


def _sold(town: Town) -> int:
    with town.engine() as engine, engine.begin() as conn:
        sold = conn.execute(text("SELECT count(*), (SELECT sum(taken) FROM paspor.slot) FROM paspor.booking")).one()
    assert sold[0] == sold[1], "the counter is not the number of bookings"
    return int(sold[0])


def _pgbench(town: Town, script: str, bookings: int, at_once: int) -> dict[str, Any]:
    _empty(town)
    each = bookings // at_once
    socket = town.url.partition("host=")[2]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "book.sql"
        file.write_text(script)
        command = [str(bindir() / "pgbench"), "-n", "-M", "prepared", "-f", str(file), "-h", socket, "-U", ROLE]
        command += ["-c", str(at_once), "-j", "1", "-t", str(each), "-D", "n=0", "-D", f"each={each}"]
        command += [
            "-D",
            f"slot={slot_number(town.slots[0])}",
            "-l",
            "--log-prefix",
            str(Path(folder) / "log"),
            DATABASE,
        ]
        began = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
        seconds = time.perf_counter() - began
        assert done.returncode == 0, done.stderr[-1000:]
        logs = "".join(log.read_text() for log in Path(folder).glob("log*"))
    took = [int(line.split()[2]) / 1e6 for line in logs.splitlines()]
    assert _sold(town) == each * at_once
    # pgbench's own figure, which leaves out the time to connect.
    rate = float(done.stdout.partition("tps = ")[2].split()[0])
    return {"per_second": round(rate), "seconds": round(seconds, 2), **percentiles(took)}


def _batched(town: Town, bookings: int, at_once: int) -> dict[str, Any]:
    _empty(town)
    took: list[float] = []

    async def all_callers() -> float:
        seats, people = SeatCommitter(town.url), iter(town.numbers[:bookings])

        async def caller() -> None:
            for number in people:
                began = time.perf_counter()
                taken = await seats.take(number, town.slots[0], number, DAY)
                took.append(time.perf_counter() - began)
                assert taken.code == "ok"

        try:
            began = time.perf_counter()
            await asyncio.gather(*(caller() for _ in range(at_once)))
            return time.perf_counter() - began
        finally:
            await asyncio.to_thread(seats.close)

    seconds = asyncio.run(all_callers())
    assert _sold(town) == bookings
    return {"per_second": round(bookings / seconds), "seconds": round(seconds, 2), **percentiles(took)}
