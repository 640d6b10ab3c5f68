"""What nobody should send, sent: every answer is a problem, none is a 500, and none repeats what was sent."""

import copy
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.api.test_forms import GOOD, filing

Signed = Callable[..., dict[str, str]]
CASE = "/v1/applications/4111111111111111"


async def file(http: httpx2.AsyncClient, headers: dict[str, str], content: bytes) -> httpx2.Response:
    return await http.post("/v1/applications", content=content, headers={**headers, "content-type": "application/json"})


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"applicant__nik": "5171"}, "/applicant/nik"),
        ({"applicant__nik": "5171011505900001"}, "/applicant/nik"),
        ({"applicant__full_name": "Ayu\u202e"}, "/applicant/full_name"),
        ({"applicant__full_name": "Ayu\u0000"}, "/applicant/full_name"),
        ({"applicant__birth_date": "1990-02-30"}, "/applicant/birth_date"),
        ({"kind": "renewal"}, "/kind"),
        ({"document__validity_years": 7}, "/document/validity_years"),
    ],
)
async def test_the_field_is_pointed_at_and_not_repeated(
    http: httpx2.AsyncClient, signed: Signed, change: dict[str, Any], pointer: str
) -> None:
    form = filing(**change)
    answer = await file(http, signed(key="k"), json.dumps(form).encode())
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    for secret in ("5171", "Ayu", "Suartini", "renewal", "1990-02-30"):
        assert secret not in answer.text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"applicant":' * 50_000,
        b'{"kind": 1e400}',
        b'{"kind": NaN}',
        b'{"kind": 1' + b"0" * 5000 + b"}",
        json.dumps(GOOD).encode().replace(b'"F"', b'"\\ud800"'),
    ],
)
async def test_broken_json(http: httpx2.AsyncClient, signed: Signed, content: bytes) -> None:
    answer = await file(http, signed(key="k"), content)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["trace"]


async def large() -> AsyncIterator[bytes]:
    for _ in range(400):
        yield b"x" * 65_536


async def test_a_large_body_without_a_length(http: httpx2.AsyncClient, signed: Signed) -> None:
    for headers in (signed(key="k"), {**signed(key="k"), "content-type": "multipart/form-data; boundary=b"}):
        answer = await http.post("/v1/applications", content=large(), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    "number", ["1", "4111111111111111111", "abc", "%00", "4111%00", "..%2f..%2fetc", "'--", "٤١١١"]
)
async def test_numbers_that_are_none(http: httpx2.AsyncClient, signed: Signed, number: str) -> None:
    answer = await http.get(f"/v1/applications/{number}", headers=signed())
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("office", ["x" * 100, "%00", "DENPASAR", "a'b", "nowhere"])
async def test_offices_that_are_none(http: httpx2.AsyncClient, office: str) -> None:
    for rest in ("queue", "queue/events", "availability?from=2026-11-24&to=2026-11-25"):
        answer = await http.get(f"/v1/offices/{office}/{rest}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "from=2026-11-24",
        "from=2026-11-24&to=2026-11-23",
        "from=2026-11-24&to=2027-11-24",
        "from=yesterday&to=today",
        "from=0&to=1",
        "from=9999-12-31&to=9999-12-31",
        "from=2026-11-24&to=2026-11-25&lane=fast",
        "from=2026-11-24%00&to=2026-11-25",
    ],
)
async def test_periods_that_are_none(http: httpx2.AsyncClient, query: str) -> None:
    answer = await http.get(f"/v1/offices/denpasar/availability?{query}")
    assert answer.status_code in (404, 422)
    assert "yesterday" not in answer.text


async def test_unknown_addresses_and_methods(http: httpx2.AsyncClient, signed: Signed) -> None:
    assert (await http.get("/v1/nothing")).json()["code"] == "not_found"
    assert (await http.delete("/v1/applications", headers=signed())).json()["code"] == "method_not_allowed"
    assert (await http.post(f"{CASE}/decisions/blessing", headers=signed("head", key="k"))).json()[
        "code"
    ] == "not_found"
    assert (await http.put(f"{CASE}/documents/diary", headers=signed())).json()["code"] == "not_found"


@pytest.mark.parametrize(
    "header", ["Accept-Language", "If-None-Match", "Idempotency-Key", "X-Request-ID", "Last-Event-ID"]
)
async def test_strange_headers(http: httpx2.AsyncClient, signed: Signed, header: str) -> None:
    for value in ("\u00e9" * 10, "x" * 5000, ";;;,,,", "'; drop table application;--"):
        headers = {**signed(), header: value.encode("latin-1")}
        answer = await http.get(CASE, headers=headers)
        assert answer.status_code == 404


async def test_answers_carry_safe_headers(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/healthz")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_an_engine_that_is_away_is_503_and_the_key_may_come_again(
    http: httpx2.AsyncClient, signed: Signed
) -> None:
    headers = signed(key=uuid4().hex)
    for _ in range(2):
        answer = await http.post("/v1/applications", json=copy.deepcopy(GOOD), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (503, "engine_slow")
        assert answer.headers["retry-after"]
        assert "idempotent-replayed" not in answer.headers


async def test_health(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/healthz")).json() == {"status": "ok"}
    assert (await http.get("/readyz")).status_code == 503
    assert (await http.get("/version")).json()["version"]
    assert 'route="/healthz"' in (await http.get("/metrics")).text


async def test_the_document_describes_problems_and_keys(http: httpx2.AsyncClient) -> None:
    document = (await http.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    post = document["paths"]["/v1/applications"]["post"]
    assert "Idempotency-Key" in [parameter["name"] for parameter in post["parameters"]]
    assert post["responses"]["default"]["content"].keys() == {"application/problem+json"}
    assert "HTTPValidationError" not in document["components"]["schemas"]
