"""A request and an answer as the handlers of a stand-in see them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `body` is its JSON object (empty when the content is none), `raw` its bytes, `key` its key or ''."""

    key: str
    body: dict[str, Any]
    raw: bytes
    path: dict[str, str]
    query: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: a JSON value, or bytes with their media type."""

    body: Any = None
    status: int = 200
    media_type: str = "application/json"

    def content(self) -> bytes:
        """The bytes that go out."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()

    def response(self) -> Response:
        """The answer in the framework's form; a 204 has no content."""
        if self.status == 204:
            return Response(status_code=204)
        return Response(self.content(), self.status, media_type=self.media_type)


class Refused(Exception):
    """The system says no, for good: answered as `{"code": code, ...}` with a 4xx status. Nothing was done."""

    def __init__(self, status: int, code: str, **more: Any) -> None:
        super().__init__(code)
        self.reply = Reply({"code": code, **more}, status)


Handler = Callable[[Call], Reply]
KeyOf = Callable[[Request, Call], str | None]


def key_of_request(request: Request, call: Call) -> str | None:
    """The key of a request: the header `Idempotency-Key`, else the body's `requestId`."""
    return request.headers.get("idempotency-key") or call.body.get("requestId")


async def read_call(request: Request, key_of: KeyOf = key_of_request) -> Call:
    """Read a request to its end. Content that is no JSON object is left in `raw` alone."""
    raw = await request.body()
    try:
        parsed = json.loads(raw) if raw else {}
    except ValueError:
        parsed = {}
    body = parsed if isinstance(parsed, dict) else {}
    unkeyed = Call("", body, raw, dict(request.path_params), dict(request.query_params))
    return Call(key_of(request, unkeyed) or "", body, raw, unkeyed.path, unkeyed.query)


def guarded(handle: Handler, call: Call) -> Reply:
    """Run a handler; a missing or senseless field is the caller's mistake, answered 422 without repeating the input."""
    try:
        return handle(call)
    except Refused as refusal:
        return refusal.reply
    except (KeyError, TypeError, ValueError):
        return Reply({"code": "invalid_input"}, 422)
