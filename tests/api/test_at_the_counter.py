"""Check-in, counters and the board: HTTP, the real tables, a case of few words."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI

from activities.keyring import Keys
from api.proof import Proof, sign_proof
from tests.api.running import CASE, NUMBER, OFFICE, SOON, Known, appointment, bookable

Signed = Callable[..., dict[str, str]]


async def test_the_pass_and_the_check_in_by_it(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    assert (await http.get(CASE + "/pass", headers=signed())).status_code == 404
    bookable(case, appointment=appointment())
    drawn = await http.get(CASE + "/pass", headers=signed())
    assert drawn.headers["content-type"] == "image/svg+xml"
    text_of_it = (await http.get(CASE + "/pass", headers={**signed(), "accept": "text/plain"})).text
    assert f"<desc>{text_of_it}</desc>" in drawn.text
    kiosk = signed("kiosk", key="a")
    arrived = await http.post(OFFICE + "/check-ins", json={"proof": text_of_it}, headers=kiosk)
    assert arrived.status_code == 201
    about = arrived.json()
    assert (about["ticket"], about["state"], about["ahead"]) == ("A-007", "waiting", 3)
    assert about["estimate"].keys() == {"from_minutes", "to_minutes"}
    assert about["appointment"]["starts_at"].endswith("+08:00")
    assert about["why"]
    again = await http.post(OFFICE + "/check-ins", json={"number": NUMBER}, headers=signed("examiner", key="b"))
    assert (again.status_code, again.json()["code"]) == (409, "already_checked_in")


async def test_proofs_that_are_none(case: Known, http: httpx2.AsyncClient, signed: Signed, keys: Keys) -> None:
    elsewhere = Proof(number=NUMBER, office="sanur", starts_at=SOON)
    for place, (form, status) in enumerate(
        (
            ({"proof": "PASPOR1.x.y"}, 422),
            ({"proof": sign_proof(elsewhere, b"x" * 32)}, 422),
            ({"proof": sign_proof(elsewhere, keys.proof)}, 404),
            ({"number": "4000000000000002"}, 404),
            ({}, 422),
            ({"number": NUMBER, "proof": "x"}, 422),
        )
    ):
        answer = await http.post(OFFICE + "/check-ins", json=form, headers=signed("kiosk", key=f"k{place}"))
        assert answer.status_code == status, form
    assert await case.told() == 0


async def test_a_person_is_called_parked_called_again_and_not_there(
    waiting: Known, http: httpx2.AsyncClient, signed: Signed
) -> None:
    counter = OFFICE + "/counters/3"
    called = await http.post(counter + "/next", json={"step": "documents"}, headers=signed("examiner", key="a"))
    assert called.status_code == 200
    about = called.json()
    assert (about["ticket"], about["application"]) == ("A-001", NUMBER)
    assert about["lease"].keys() == {"id", "until"}
    nobody = await http.post(counter + "/next", json={"step": "documents"}, headers=signed("examiner", key="b"))
    assert (nobody.status_code, nobody.content) == (204, b"")
    board = (await http.get(OFFICE + "/queue")).json()
    assert [(call["ticket"], call["counter"]) for call in board["called"]] == [("A-001", "3")]
    assert NUMBER not in json.dumps(board)
    form = {"ticket": "A-001", "reason": "copies"}
    assert (await http.post(counter + "/park", json=form, headers=signed("examiner", key="c"))).status_code == 200
    again = await http.post(counter + "/recall", json=form, headers=signed("examiner", key="d"))
    assert again.json()["ticket"] == "A-001"
    gone = await http.post(counter + "/no-show", json=form, headers=signed("examiner", key="e"))
    assert gone.json() == {"ticket": "A-001", "state": "no_show"}
    none = await http.post(counter + "/park", json={"ticket": "A-999"}, headers=signed("examiner", key="f"))
    assert none.status_code == 404
    wrong = await http.post(counter + "/next", json={"step": "booth"}, headers=signed("examiner", key="g"))
    assert wrong.json()["code"] == "role_not_allowed"


async def lines(http: httpx2.AsyncClient, path: str, wanted: int, kind: str, **headers: str) -> list[dict[str, str]]:
    """The first events of a kind in a stream."""
    found: list[dict[str, str]] = []
    async with asyncio.timeout(20), http.stream("GET", path, headers=headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        event: dict[str, str] = {}
        async for line in stream.aiter_lines():
            name, _, value = line.partition(": ")
            if name in ("event", "data", "id"):
                event[name] = value
            elif not line and event:
                found += [event] if event.get("event") == kind else []
                event = {}
            if len(found) == wanted:
                return found
    return found


@pytest.fixture
async def served(app: FastAPI, http: httpx2.AsyncClient) -> AsyncIterator[httpx2.AsyncClient]:
    """The application behind a real server: streams need one."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110 - a server starts
            await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        yield client
    app.state.installation.stopping.set()
    server.should_exit = True
    async with asyncio.timeout(10):
        await serving


async def test_the_board_as_a_stream_misses_no_call(waiting: Known, served: httpx2.AsyncClient, signed: Signed) -> None:
    counter, path = OFFICE + "/counters/3", OFFICE + "/queue/events"
    first = await lines(served, path, 1, "estimate")
    assert first[0]["event"] == "estimate"
    await served.post(counter + "/next", json={"step": "documents"}, headers=signed("examiner", key="a"))
    (call,) = await lines(served, path, 1, "call", **{"last-event-id": "0"})
    assert call["event"] == "call"
    about = json.loads(call["data"])
    assert (about["ticket"], about["counter"]) == ("A-001", "3")
    await served.post(counter + "/recall", json={"ticket": "A-001"}, headers=signed("examiner", key="b"))
    missed = await lines(served, path, 1, "call", **{"last-event-id": call["id"]})
    assert missed[0]["event"] == "call"
    assert int(missed[0]["id"]) > int(call["id"])


async def test_an_application_as_a_stream(case: Known, served: httpx2.AsyncClient, signed: Signed) -> None:
    first = await lines(served, CASE + "/events", 1, "stage", **signed())
    assert (first[0]["event"], json.loads(first[0]["data"])["stage"]) == ("stage", "filed")
    since = await lines(served, CASE + "/events", 2, "stage", **signed(), **{"last-event-id": "0"})
    assert [event["id"] for event in since] == ["1", "2"]
    assert first[0]["id"] == since[-1]["id"]
