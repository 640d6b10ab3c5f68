import json
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI, Request

from api.bodies import MOST_JSON_BYTES, MOST_UPLOAD_BYTES, BodyLimit, check_depth
from api.problems import Problem

LARGE = 26 * 1024 * 1024


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()
    app.add_middleware(BodyLimit)

    @app.post("/json")
    async def json_length(body: dict[str, int]) -> int:
        return len(body)

    @app.post("/raw")
    async def raw_length(request: Request) -> int:
        return len(await request.body())

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test") as http:
        yield http


async def chunks(total: int) -> AsyncIterator[bytes]:
    for _ in range(total // 65536):
        yield b"x" * 65536


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=b", ""])
@pytest.mark.parametrize("path", ["/json", "/raw"])
async def test_too_much_is_413_with_and_without_a_stated_length(
    client: httpx2.AsyncClient, path: str, kind: str
) -> None:
    for content in (b"x" * LARGE, chunks(LARGE)):
        answer = await client.post(path, content=content, headers={"content-type": kind})
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "body_too_large"


async def test_a_stated_length_that_lies_does_not_help(client: httpx2.AsyncClient) -> None:
    headers = {"content-length": "10", "content-type": "application/json"}
    answer = await client.post("/raw", content=chunks(LARGE), headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("kind", "size"), [("application/json", MOST_JSON_BYTES), ("multipart/form-data; boundary=b", MOST_UPLOAD_BYTES)]
)
async def test_the_limit_itself_passes(client: httpx2.AsyncClient, kind: str, size: int) -> None:
    answer = await client.post("/raw", content=b"x" * size, headers={"content-type": kind})
    assert answer.json() == size


@pytest.mark.parametrize("body", [b"[" * 200_000, b'{"a":' * 33, b'{"a":"' + b"[" * 10 + b'"}' + b"[" * 40])
def test_deep_json_is_refused(body: bytes) -> None:
    with pytest.raises(Problem) as refused:
        check_depth(body)
    assert refused.value.code == "invalid_input"


@pytest.mark.parametrize("text", ["[" * 200_000, '\\"[' * 100, "}" * 50])
def test_brackets_in_texts_are_no_depth(text: str) -> None:
    check_depth(json.dumps({"text": text, "more": [[{}]]}).encode())
