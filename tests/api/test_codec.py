"""The codec endpoint: auditors and the engine's UI read payloads, nobody else does, and the log has each time."""

import asyncio
import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from google.protobuf.json_format import MessageToDict
from sqlalchemy import text
from temporalio.api.common.v1 import Payload
from temporalio.client import Client

from activities.keyring import KeyRing
from api.auditors.codec import MOST_PAYLOADS
from api.installation import Installation
from api.pages import sessions
from tests.api.running import NUMBER
from workers.runtime.codec import SealingCodec
from workflows.case.facts import Actor, Role

Signed = Callable[..., dict[str, str]]
DECODE, UI = "/codec/decode", "http://127.0.0.1:8233"
AUDITOR = Actor(id="auditor-7", roles=(Role.AUDITOR,))


@pytest.fixture
def house(house: Installation) -> Installation:
    told = house.settings.model_copy(update={"temporal_ui_url": f"{UI}/"})
    return replace(house, settings=told)


def clear(content: Any) -> Payload:
    return Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(content).encode())


async def sealed(house: Installation, *contents: Any) -> list[dict[str, Any]]:
    payloads = await SealingCodec(house.keys.payloads).encode([clear(content) for content in contents])
    return [MessageToDict(payload) for payload in payloads]


def content(payload: dict[str, Any]) -> Any:
    return json.loads(base64.b64decode(payload["data"]))


def log(house: Installation) -> list[tuple[str, ...]]:
    with house.database._engine.connect() as connection:
        rows = connection.execute(text("SELECT actor, action, number, outcome, why FROM paspor.access_log ORDER BY id"))
        return [tuple(row) for row in rows]


async def test_an_auditor_reads_and_the_log_says_whose(
    http: httpx2.AsyncClient, house: Installation, signed: Signed
) -> None:
    sent = await sealed(house, {"number": NUMBER, "name": "Wayan"}, True, {"number": "not one"})
    headers = {**signed("auditor"), "x-namespace": "paspor"}
    answer = await http.post(DECODE, params={"preserveStorageRefs": "true"}, json={"payloads": sent}, headers=headers)
    assert answer.status_code == 200
    shown = answer.json()["payloads"]
    assert [content(one) for one in shown] == [{"number": NUMBER, "name": "Wayan"}, True, {"number": "not one"}]
    assert base64.b64decode(shown[0]["metadata"]["encoding"]) == b"json/plain"
    assert log(house) == [("auditor", "POST /codec/decode", NUMBER, "read", "paspor: 3 of 3 payloads")]


@pytest.mark.parametrize(
    "request_of_the_case",
    [
        {"key": f"{NUMBER}/claims", "nik": "5171014107900001", "full_name": "Wayan"},
        {"key": f"{NUMBER}/notice/ready/9", "to": "wayan@example.invalid", "facts": {"number": NUMBER}},
        {"entry": {"key": f"{NUMBER}/3"}, "view": {"papers": [{"number": NUMBER}]}},
    ],
)
async def test_what_is_asked_for_a_case_names_it_too(
    http: httpx2.AsyncClient, house: Installation, signed: Signed, request_of_the_case: dict[str, Any]
) -> None:
    sent = {
        "payloads": await sealed(house, request_of_the_case, {"nik": "5171014107900001", "key": "5171014107900001"})
    }
    await http.post(DECODE, json=sent, headers=signed("auditor"))
    assert [row[2] for row in log(house)] == [NUMBER]


async def test_what_cannot_be_opened_comes_back_as_it_is(
    http: httpx2.AsyncClient, house: Installation, signed: Signed
) -> None:
    (ours,) = await sealed(house, "hello")
    (foreign,) = await SealingCodec(KeyRing("k9", {"k9": bytes(range(32))})).encode([clear("x")])
    altered = {**ours, "data": base64.b64encode(base64.b64decode(ours["data"])[:-1] + b"x").decode()}
    closed: list[dict[str, Any]] = [
        MessageToDict(foreign),
        altered,
        {**ours, "data": ""},
        {**ours, "data": base64.b64encode(b"\x02k1short").decode()},
        {**ours, "data": "no base64!"},
        MessageToDict(clear("in clear")),
        {"metadata": {}, "unheard_of": [1]},
        {},
    ]
    answer = await http.post(DECODE, json={"payloads": [*closed, ours]}, headers=signed("auditor"))
    assert answer.json()["payloads"][:-1] == closed
    assert content(answer.json()["payloads"][-1]) == "hello"
    assert log(house)[-1][-1] == "-: 1 of 9 payloads"


async def test_too_much_and_what_is_none_are_refused(
    http: httpx2.AsyncClient, house: Installation, signed: Signed
) -> None:
    asked = [
        ({"payloads": [{}] * (MOST_PAYLOADS + 1)}, {}, 422),
        ({"payloads": "x"}, {}, 422),
        ({"payloads": ["x"]}, {}, 422),
        ({}, {}, 422),
        ({"payloads": [{"data": "A" * 1024 * 1024}]}, {}, 413),
        ({"payloads": []}, {"x-namespace": "a namespace\t"}, 422),
    ]
    for body, headers, status in asked:
        answer = await http.post(DECODE, json=body, headers={**signed("auditor"), **headers})
        assert answer.status_code == status, body
    assert log(house) == []
    assert (await http.post("/codec/encode", json={"payloads": []}, headers=signed("auditor"))).status_code == 404


@pytest.mark.parametrize("role", ["", "head", "supervisor", "examiner"])
async def test_nobody_else_does(http: httpx2.AsyncClient, house: Installation, signed: Signed, role: str) -> None:
    sent = await sealed(house, "hello")
    answer = await http.post(DECODE, json={"payloads": sent}, headers=signed(*([role] if role else [])))
    assert (answer.status_code, answer.json()["code"]) == (403, "role_not_allowed")
    assert [row[3] for row in log(house)] == ["role_not_allowed"]


async def cookie(house: Installation, actor: Actor) -> dict[str, str]:
    return {"cookie": f"{sessions.cookie_name(house)}={await sessions.begin(house, actor, 'Somebody')}"}


async def test_the_session_at_the_engines_ui_is_enough(http: httpx2.AsyncClient, house: Installation) -> None:
    sent = {"payloads": await sealed(house, "hello")}
    answer = await http.post(DECODE, json=sent, headers={**await cookie(house, AUDITOR), "origin": UI})
    assert content(answer.json()["payloads"][0]) == "hello"
    assert answer.headers["access-control-allow-origin"] == UI
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "Origin" in answer.headers["vary"]
    assert [row[0] for row in log(house)] == ["auditor-7"]
    applicant = await cookie(house, Actor(id="a", roles=(Role.APPLICANT,)))
    answer = await http.post(DECODE, json=sent, headers={**applicant, "origin": UI})
    assert (answer.status_code, answer.json()["code"]) == (403, "role_not_allowed")
    assert answer.headers["access-control-allow-origin"] == UI, "so that the UI can show why"


async def test_a_session_counts_from_nowhere_else(http: httpx2.AsyncClient, house: Installation) -> None:
    sent, own = {"payloads": await sealed(house, "hello")}, await cookie(house, AUDITOR)
    for headers in (own, {"origin": UI}, {**own, "origin": UI, "authorization": "Bearer x.y.z"}):
        answer = await http.post(DECODE, json=sent, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize(
    "origin", ["null", "", "https://127.0.0.1:8233", "http://127.0.0.1", f"{UI}.example", f"{UI}/"]
)
async def test_other_origins_are_refused_whoever_asks(
    http: httpx2.AsyncClient, house: Installation, signed: Signed, origin: str
) -> None:
    sent, own = {"payloads": await sealed(house, "hello")}, await cookie(house, AUDITOR)
    for headers in (own, signed("auditor")):
        answer = await http.post(DECODE, json=sent, headers={**headers, "origin": origin})
        assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_allowed")
        assert "access-control-allow-origin" not in answer.headers
    asks = {"origin": origin, "access-control-request-method": "POST"}
    assert (await http.options(DECODE, headers=asks)).status_code == 403
    assert log(house) == []


async def test_without_a_configured_ui_no_origin_is_good(
    app: FastAPI, http: httpx2.AsyncClient, house: Installation, signed: Signed
) -> None:
    unset = house.settings.model_copy(update={"temporal_ui_url": ""})
    app.state.installation = replace(house, settings=unset)
    for origin in ("", "null", UI):
        answer = await http.post(DECODE, json={"payloads": []}, headers={**signed("auditor"), "origin": origin})
        assert answer.status_code == 403


async def test_the_preflight_names_what_the_ui_sends(http: httpx2.AsyncClient, house: Installation) -> None:
    asks = {
        "origin": UI,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,x-namespace",
    }
    answer = await http.options(DECODE, headers=asks)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == UI
    assert answer.headers["access-control-allow-methods"] == "POST"
    assert {"content-type", "x-namespace", "authorization"} <= set(
        answer.headers["access-control-allow-headers"].split(", ")
    )
    elsewhere = await http.get("/healthz", headers={"origin": UI})
    assert "access-control-allow-origin" not in elsewhere.headers


async def test_it_opens_what_the_engine_has(
    http: httpx2.AsyncClient, house: Installation, signed: Signed, client: Client
) -> None:
    """A real input, as the engine hands it out: sealed by the converter of every process."""
    started = await client.start_workflow("Unheard", {"number": NUMBER}, id="for-the-codec", task_queue="nobody")
    (event,) = [one async for one in started.fetch_history_events()][:1]
    payload = event.workflow_execution_started_event_attributes.input.payloads[0]
    answer = await http.post(DECODE, json={"payloads": [MessageToDict(payload)]}, headers=signed("auditor"))
    assert content(answer.json()["payloads"][0]) == {"number": NUMBER}
    await asyncio.wait_for(started.terminate(), 5)
