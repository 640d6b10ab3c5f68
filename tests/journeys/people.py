"""The people of the journeys: they sign in, ask, and hear yes or no, by HTTP alone."""

import json
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

SECONDS = 30.0
PROBLEM = {"type", "title", "status", "detail", "code", "trace"}


class Person:
    """One signed-in person, or nobody where there is no token."""

    def __init__(self, api: str, name: str, token: str = "") -> None:
        self.name = name
        self.http = httpx2.Client(base_url=api, timeout=SECONDS, trust_env=False)
        if token:
            self.http.headers["Authorization"] = f"Bearer {token}"

    def asks(self, verb: str, path: str, body: Any = None, *, key: str | None = "", **more: Any) -> httpx2.Response:
        """One request, and its answer whatever it is. Each act has a key of its own; None sends none."""
        headers = dict(more.pop("headers", {}))
        if verb != "GET" and key is not None:
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
        if body is not None:
            more["json"] = body
        return self.http.request(verb, path, headers=headers, **more)

    def reads(self, path: str, **query: Any) -> Any:
        """A read that succeeds."""
        return done(self.asks("GET", path, params=query))

    def does(self, path: str, body: Any = None, verb: str = "POST", **more: Any) -> Any:
        """An act that succeeds."""
        return done(self.asks(verb, path, body, **more))

    @contextmanager
    def listens(self, path: str, last: str = "") -> Iterator[Iterator[dict[str, Any]]]:
        """The events of a stream, as they come: `{id, event, data}`."""
        headers = {"Last-Event-ID": last} if last else {}
        with self.http.stream("GET", path, headers=headers, timeout=10.0) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield _events(answer.iter_lines())


def _events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    event: dict[str, Any] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not line and event:
            yield event
            event = {}
        elif name in ("id", "event") and colon:
            event[name] = value.strip()
        elif name == "data":
            event["data"] = json.loads(value)


def done(answer: httpx2.Response) -> Any:
    """The content of an answer that is a yes."""
    assert answer.is_success, f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


def refused(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer that is a no, in the form that the contract gives it."""
    assert answer.status_code == status, f"{answer.request.url.path}: {answer.status_code} {answer.text}"
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert set(problem) >= PROBLEM
    assert (problem["status"], problem["code"], problem["type"]) == (status, code, f"/problems/{code}")
    assert problem["trace"]
    return problem


def fits(found: Any, shape: Any, where: str = "") -> None:
    """Check a JSON value against a shape: types, `[shape]` for lists, dicts whose optional keys end in `?`."""
    if isinstance(shape, dict):
        assert isinstance(found, dict), f"{where}: {found}"
        for name, inner in shape.items():
            field = name.removesuffix("?")
            assert field in found or name.endswith("?"), f"{where}.{field} is missing in {found}"
            if field in found:
                fits(found[field], inner, f"{where}.{field}")
    elif isinstance(shape, list):
        assert isinstance(found, list), f"{where}: {found}"
        for place, item in enumerate(found):
            fits(item, shape[0], f"{where}[{place}]")
    elif isinstance(shape, re.Pattern):
        assert isinstance(found, str), f"{where}: {found}"
        assert shape.fullmatch(found), f"{where}: {found}"
    elif isinstance(shape, set):
        assert found in shape, f"{where}: {found}"
    else:
        assert isinstance(found, shape), f"{where}: {found}"
