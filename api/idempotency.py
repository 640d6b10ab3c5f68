"""Asking twice is asking once: the answer to a keyed request is kept, and a repeat gets it without doing anything.

Scope is caller and key, as the contract says. The fingerprint covers method, path, query and body, keyed so that a
guess at somebody's data cannot be checked against it.
"""

import asyncio
import json
import re
import time
from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from uuid import uuid4

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from activities.storage import idempotency
from api.installation import Installation, caller, installed
from api.problems import Problem, answer
from api.provided import provided

KEY = re.compile(r"[\x21-\x7e]{1,255}")
BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
KEPT_HEADERS = ("content-type", "content-language", "etag", "location")
Place = tuple[str, str, str]

# How long a repeat waits for the first to come back before it is told to ask again.
WAIT_SECONDS, LOOK_EVERY = 5.0, 0.1


async def once(request: Request, route: str, handler: Callable[[Request], Coroutine[Any, Any, Response]]) -> Response:
    """Answer from memory, or do it and remember the answer. What was not judged is not remembered."""
    house, actor, key = installed(request), caller(request), key_of(request)
    place = (actor.id, f"{request.method} {route}", key)
    found = await _begin(house, *place, await _fingerprint(request, house))
    if isinstance(found, idempotency.Replay):
        return Response(found.body, found.status, {**found.headers, "Idempotent-Replayed": "true"})
    try:
        response = await handler(request)
    except Problem as problem:
        if not problem.final:
            await house.database.run(idempotency.abandon, *place)
            raise
        response = answer(problem, request.headers)
    except BaseException:
        await asyncio.shield(house.database.run(idempotency.abandon, *place))
        raise
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    await house.database.run(_keep, place, response.status_code, headers, bytes(response.body))
    return response


def key_of(request: Request) -> str:
    """The request's Idempotency-Key; raises `idempotency_key_required`."""
    key = request.headers.get("idempotency-key", "")
    if not KEY.fullmatch(key):
        raise Problem("idempotency_key_required")
    return key


def message_id(request: Request) -> str:
    """The id under which this request speaks to a case: of caller, route and key, so that a repeat is the same message.

    A PUT may come without a key; it is then a message of its own.
    """
    key = request.headers.get("idempotency-key") or uuid4().hex
    about = f"{caller(request).id}|{request.method} {request.url.path}|{key}"
    return installed(request).keys.digest("message", about)


MessageId = Annotated[str, provided(message_id)]


def _keep(connection: Connection, place: Place, status: int, headers: dict[str, str], body: bytes) -> None:
    who, route, key = place
    idempotency.finish(connection, who, route, key, status, headers, body)


async def _begin(
    house: Installation, who: str, route: str, key: str, fingerprint: str
) -> idempotency.Fresh | idempotency.Replay:
    end = time.monotonic() + WAIT_SECONDS
    while True:
        found = await house.database.run(idempotency.begin, who, route, key, fingerprint)
        if isinstance(found, idempotency.Conflict):
            raise Problem("idempotency_key_reused")
        if not isinstance(found, idempotency.Running):
            return found
        if time.monotonic() > end:
            raise Problem("request_in_progress", retry_after=1)
        await asyncio.sleep(LOOK_EVERY)


async def _fingerprint(request: Request, house: Installation) -> str:
    body, kind = await request.body(), request.headers.get("content-type", "")
    boundary = BOUNDARY.search(kind)
    if boundary:
        # A client draws a new boundary for each try; the parts are what counts.
        body = body.replace(boundary.group(1).encode("latin-1"), b"boundary")
    about = f"{request.method} {request.url.path}?{request.url.query}|"
    return house.keys.digest("fingerprint", about + _canonical(body))


def _canonical(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), sort_keys=True) if body else ""
    except (ValueError, RecursionError):
        return body.decode("latin-1")
