"""Limits at the API: 429 with when to come back; by person, operator and address; one count for all processes."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, text
from starlette.requests import HTTPConnection
from temporalio.client import Client

from activities.storage import rules
from api.batches import Batches
from api.installation import Installation
from api.limits import Limits
from tests.activities.storage.places import an_office
from tests.api.pages.conftest import browser, issuer, signed_in  # noqa: F401 - fixtures
from tests.api.running import CASE, NUMBER
from tests.api.test_process import environment, free_port, until_ready

Signed = Callable[..., dict[str, str]]
FEW = {"most": 3, "seconds": 60}
MANY = {"most": 1000, "seconds": 60}
SEAT = {"slot_id": "s1"}


def limited(engine: Engine, **value: Any) -> None:
    with engine.begin() as conn:
        rules.enact(conn, "limits", datetime.now(UTC).date(), value, "test")


async def test_so_many_seat_requests_a_person_and_when_to_come_back(
    http: httpx2.AsyncClient, engine: Engine, signed: Signed
) -> None:
    limited(engine, seats={"person": FEW, "operator": MANY, "address": MANY})
    for _ in range(3):
        assert (await http.put(f"{CASE}/appointment", json=SEAT, headers=signed())).status_code == 404
    refused = await http.put(f"{CASE}/appointment", json=SEAT, headers=signed())
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert refused.json()["type"] == "/problems/too_many_requests"
    assert refused.headers["content-type"] == "application/problem+json"
    assert 50 < int(refused.headers["retry-after"]) <= 60
    # Nothing else of theirs is closed, and nobody else is.
    assert (await http.get(CASE, headers=signed())).status_code == 404
    other = signed(sub="applicant-2")
    assert (await http.put(f"{CASE}/appointment", json=SEAT, headers=other)).status_code == 404


async def test_filings_are_counted_before_anything_is_read_of_them_and_a_refusal_is_not_kept(
    http: httpx2.AsyncClient, engine: Engine, signed: Signed
) -> None:
    limited(engine, filings={"person": FEW, "address": MANY})
    answers = [await http.post("/v1/applications", json={}, headers=signed(key="the-same")) for _ in range(5)]
    assert [one.status_code for one in answers] == [422, 422, 422, 429, 429]
    with engine.begin() as conn:
        conn.execute(text("UPDATE paspor.request_count SET ends_at = clock_timestamp()"))
    assert (await http.post("/v1/applications", json={}, headers=signed(key="the-same"))).status_code == 422


async def test_an_operator_has_limits_of_their_own_and_no_part_in_the_address(
    http: httpx2.AsyncClient, engine: Engine, signed: Signed
) -> None:
    limited(
        engine, seats={"person": FEW, "operator": {"most": 5, "seconds": 60}, "address": {"most": 4, "seconds": 60}}
    )
    statuses = [
        (await http.put(f"{CASE}/appointment", json=SEAT, headers=signed("assistant"))).status_code for _ in range(6)
    ]
    assert statuses == [404] * 5 + [429]
    citizens = [signed(sub=f"applicant-{one}") for one in range(5)]
    found = [(await http.put(f"{CASE}/appointment", json=SEAT, headers=one)).status_code for one in citizens]
    assert found == [404] * 4 + [429]


async def test_neither_person_nor_address_is_stored(http: httpx2.AsyncClient, engine: Engine, signed: Signed) -> None:
    await http.put(f"{CASE}/appointment", json=SEAT, headers=signed())
    with engine.connect() as conn:
        rows = conn.execute(text("SELECT c::text FROM paspor.request_count c")).scalars().all()
    assert len(rows) == 2
    assert not any("applicant" in row or "127.0.0.1" in row or NUMBER in row for row in rows)


async def test_pages_say_it_in_words(
    signed_in: Callable[..., Any],  # noqa: F811
    engine: Engine,
) -> None:
    somebody = await signed_in()
    limited(engine, sign_ins={"address": {"most": 1, "seconds": 300}})
    with engine.begin() as conn:
        conn.execute(text("TRUNCATE paspor.request_count"))
    assert (await somebody.opens("/sign-in")).status_code == 303
    refused = await somebody.opens("/sign-in")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 200
    assert "setelah 5 menit" in refused.text


def connection(peer: str, forwarded: str = "") -> HTTPConnection:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded.split("|") if line]
    return HTTPConnection({"type": "http", "client": (peer, 1), "headers": headers, "path": "/"})


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "address"),
    [
        ("", "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.0/8", "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.0/8", "10.1.2.3", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.0/8", "10.1.2.3", "6.6.6.6, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
        ("10.0.0.0/8, 192.0.2.0/24", "192.0.2.7", "198.51.100.1", "198.51.100.1"),
        # A proxy may add a line of its own to one that the client has written.
        ("10.0.0.0/8", "10.1.2.3", "6.6.6.6|198.51.100.1", "198.51.100.1"),
        ("10.0.0.0/8", "10.1.2.3", "", "unknown"),
        ("10.0.0.0/8", "10.1.2.3", "nonsense", "unknown"),
        ("", "2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::/64"),
        ("", "2001:db8:1:2:bbbb::9", "", "2001:db8:1:2::/64"),
        ("", "::ffff:203.0.113.9", "", "203.0.113.9"),
    ],
)
def test_what_a_proxy_says_is_believed_of_known_ones_only(
    house: Installation, trusted: str, peer: str, forwarded: str, address: str
) -> None:
    found = Limits(house.database, house.keys, trusted).address_of(connection(peer, forwarded))
    assert found == address


async def test_requests_at_once_share_a_round_trip_and_hear_each_their_own() -> None:
    sizes: list[int] = []

    async def doubled(batch: Any) -> list[int]:
        sizes.append(len(batch))
        await asyncio.sleep(0)
        if 13 in batch:
            raise ValueError("not this batch")
        return [2 * one for one in batch]

    batches: Batches[int, int] = Batches(doubled)
    assert await asyncio.gather(*(batches.ask(one) for one in range(10))) == [2 * one for one in range(10)]
    assert sizes == [10]
    heard = await asyncio.gather(batches.ask(13), return_exceptions=True)
    assert isinstance(heard[0], ValueError)
    assert await batches.ask(4) == 8


@pytest.fixture
async def two_processes(
    engine: Engine, database_url: str, client: Client, tmp_path: Path
) -> AsyncIterator[list[httpx2.AsyncClient]]:
    with engine.begin() as conn:
        an_office(conn, "denpasar")
    env = environment(database_url, client, tmp_path)
    found, started = [], []
    async with AsyncExitStack() as stack:
        for _ in range(2):
            port = free_port()
            command = (sys.executable, "-m", "uvicorn", "api.app:app", "--port", str(port), "--no-proxy-headers")
            started.append(await asyncio.create_subprocess_exec(*command, env=env, stderr=asyncio.subprocess.DEVNULL))
            base = f"http://127.0.0.1:{port}"
            found.append(await stack.enter_async_context(httpx2.AsyncClient(base_url=base, trust_env=False)))
            await until_ready(found[-1])
        yield found
    for one in started:
        one.kill()
        await one.wait()


async def test_two_processes_share_one_limit_to_the_last_request(
    two_processes: list[httpx2.AsyncClient], engine: Engine
) -> None:
    limited(engine, sign_ins={"address": {"most": 50, "seconds": 600}})
    asked = [two_processes[one % 2].get("/sign-in", headers={"accept": "text/html"}) for one in range(120)]
    statuses = [one.status_code for one in await asyncio.gather(*asked)]
    assert statuses.count(429) == 70
    assert statuses.count(503) == 50, "the issuer of this test is away, which is another matter"
    # A header of the caller's own making is no way out.
    spoofed = await two_processes[0].get("/sign-in", headers={"accept": "text/html", "x-forwarded-for": "6.6.6.6"})
    assert spoofed.status_code == 429


async def test_the_house_keeps_one_count_when_a_part_of_it_is_replaced(house: Installation) -> None:
    assert replace(house, cases=house.cases).limits is not None
