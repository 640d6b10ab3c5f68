"""Asking twice is asking once, over the real table."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI, Request
from sqlalchemy import Engine, text

from api import access, idempotency, problems
from api.access import Row
from api.installation import Installation
from api.problems import Problem
from api.routing import router
from workflows.case.facts import Role

Signed = Callable[..., dict[str, str]]


class Counting:
    """What the routes of this test did, and what they are to answer."""

    def __init__(self) -> None:
        self.done, self.problem, self.gate = 0, None, asyncio.Event()
        self.gate.set()


@pytest.fixture
async def counting(house: Installation, monkeypatch: pytest.MonkeyPatch) -> Counting:
    return Counting()


@pytest.fixture
async def http(
    house: Installation, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx2.AsyncClient]:
    routes = router("test")

    @routes.post("/v1/things", status_code=201)
    async def make(request: Request) -> dict[str, Any]:
        counting.done += 1
        await counting.gate.wait()
        if counting.problem:
            raise counting.problem
        return {"made": counting.done}

    @routes.post("/v1/others")
    async def other(body: dict[str, int]) -> int:
        counting.done += 1
        return counting.done

    row = Row(frozenset({Role.APPLICANT}), keyed=True)
    monkeypatch.setitem(access.TABLE, ("POST", "/v1/things"), row)
    monkeypatch.setitem(access.TABLE, ("POST", "/v1/others"), row)
    app = FastAPI()
    app.include_router(routes)
    for error in problems.HANDLED:
        app.add_exception_handler(error, problems.handle)
    app.state.installation = house
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.mark.parametrize("key", ["", " ", "a b", "é".encode(), "x" * 256])
async def test_a_key_is_required(http: httpx2.AsyncClient, signed: Signed, key: str | bytes) -> None:
    answer = await http.post("/v1/things", json={}, headers={**signed(), "idempotency-key": key})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")


async def test_the_second_gets_the_answer_of_the_first(
    http: httpx2.AsyncClient, signed: Signed, counting: Counting
) -> None:
    first = await http.post("/v1/things", json={"a": 1, "b": 2}, headers=signed(key="k"))
    again = await http.post(
        "/v1/things", content=b'{"b":2,  "a":1}', headers={**signed(key="k"), "content-type": "application/json"}
    )
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (201, {"made": 1})
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert counting.done == 1


@pytest.mark.parametrize(
    ("path", "body"), [("/v1/things", {"a": 2}), ("/v1/others", {"a": 1}), ("/v1/things?x=1", {"a": 1})]
)
async def test_another_request_under_the_same_key_is_refused(
    http: httpx2.AsyncClient, signed: Signed, path: str, body: dict[str, int]
) -> None:
    await http.post("/v1/things", json={"a": 1}, headers=signed(key="k"))
    answer = await http.post(path, json=body, headers=signed(key="k"))
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_keys_belong_to_their_callers(http: httpx2.AsyncClient, signed: Signed, counting: Counting) -> None:
    await http.post("/v1/things", json={}, headers=signed(key="k"))
    other = await http.post("/v1/things", json={}, headers=signed(sub="applicant-2", key="k"))
    assert other.json() == {"made": 2}


async def test_twenty_at_once_are_one(http: httpx2.AsyncClient, signed: Signed, counting: Counting) -> None:
    counting.gate.clear()
    asked = [asyncio.ensure_future(http.post("/v1/things", json={}, headers=signed(key="k"))) for _ in range(20)]
    async with asyncio.timeout(10):
        while not counting.done:  # noqa: ASYNC110 - the first request is on its way
            await asyncio.sleep(0.01)
    counting.gate.set()
    answers = await asyncio.gather(*asked)
    assert {answer.text for answer in answers} == {'{"made":1}'}
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 19


async def test_who_waits_too_long_is_asked_to_come_again(
    http: httpx2.AsyncClient, signed: Signed, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "WAIT_SECONDS", 0.0)
    counting.gate.clear()
    first = asyncio.ensure_future(http.post("/v1/things", json={}, headers=signed(key="k")))
    async with asyncio.timeout(10):
        while not counting.done:  # noqa: ASYNC110 - the first request is on its way
            await asyncio.sleep(0.01)
    answer = await http.post("/v1/things", json={}, headers=signed(key="k"))
    counting.gate.set()
    assert (answer.status_code, answer.json()["code"]) == (409, "request_in_progress")
    assert answer.headers["retry-after"]
    assert (await first).status_code == 201


@pytest.mark.parametrize("code", ["live_application_exists", "nik_mismatch", "same_officer"])
async def test_a_verdict_is_kept(http: httpx2.AsyncClient, signed: Signed, counting: Counting, code: str) -> None:
    counting.problem = Problem(code)
    first = await http.post("/v1/things", json={}, headers=signed(key="k"))
    counting.problem = None
    again = await http.post("/v1/things", json={}, headers=signed(key="k"))
    assert again.json() == first.json()
    assert again.headers["content-type"] == "application/problem+json"
    assert counting.done == 1


@pytest.mark.parametrize(
    "problem",
    [
        Problem("engine_slow"),
        Problem("invalid_input"),
        Problem("not_found"),
        Problem("not_your_turn", retry_after=1),
        RuntimeError("a bug"),
    ],
)
async def test_what_was_not_judged_may_come_again(
    http: httpx2.AsyncClient, signed: Signed, counting: Counting, problem: Problem
) -> None:
    counting.problem = problem
    assert (await http.post("/v1/things", json={}, headers=signed(key="k"))).status_code >= 400
    counting.problem = None
    again = await http.post("/v1/things", json={}, headers=signed(key="k"))
    assert again.status_code == 201
    assert counting.done == 2


async def test_a_multipart_repeat_has_another_boundary_and_is_the_same(
    http: httpx2.AsyncClient, signed: Signed, counting: Counting
) -> None:
    for boundary in ("one", "two"):
        body = f'--{boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--{boundary}--\r\n'.encode()
        kind = f"multipart/form-data; boundary={boundary}"
        answer = await http.post("/v1/things", content=body, headers={**signed(key="k"), "content-type": kind})
        assert answer.json() == {"made": 1}


async def test_nothing_readable_is_kept_of_the_body(http: httpx2.AsyncClient, signed: Signed, engine: Engine) -> None:
    await http.post("/v1/things", json={"nik": "5171015505900001"}, headers=signed(key="k"))
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT row_to_json(r)::text FROM paspor.idempotent_request r")).scalar_one()
    assert "5171015505900001" not in kept
