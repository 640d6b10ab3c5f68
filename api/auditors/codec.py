"""The codec endpoint of the engine's UI and command line: it opens payloads for auditors, and says so in the log.

https://docs.temporal.io/production-deployment/data-encryption. Whoever may use it can read whole histories, so each
request leaves a line for every application that its payloads name. Nothing is ever sealed here: who acts on a case
does so by its own routes.
"""

import json
import re
import zlib
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Header
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from google.protobuf.message import DecodeError
from pydantic import BaseModel, Field
from starlette.requests import Request
from temporalio.api.common.v1 import Payload

from activities.keyring import CannotOpen
from api import access, trail
from api.engine_ui import from_the_ui
from api.installation import Caller, House, installed
from api.pages import sessions
from api.problems import Problem
from api.routing import GuardedRoute
from workers.runtime.codec import SealingCodec
from workflows.case.facts import Actor

MOST_PAYLOADS = 500
NAMESPACE = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$"
# Fields that name an application: `1171000000000001`, and the key of what is asked for it, `1171000000000001/claims`.
NAMING = {"number": re.compile(r"([0-9]{16})\Z"), "key": re.compile(r"([0-9]{16})/")}
CLOSED = (CannotOpen, DecodeError, ParseError, ValueError, zlib.error)


class CodecRoute(GuardedRoute):
    """A route that lets in by a token, or by the session of a person at the engine's UI."""

    async def admitted(self, request: Request, row: access.Row) -> Actor:
        """Who is calling. A cookie counts only from the UI itself: a browser adds it to anybody's requests."""
        if "authorization" in request.headers:
            return await access.admit(request, row)
        house = installed(request)
        signed = await sessions.find(house, request) if from_the_ui(house, request) else None
        if signed is None:
            raise Problem("not_signed_in")
        return await access.let_in(request, row, signed.actor)


routes = APIRouter(tags=["auditors"], route_class=CodecRoute)


class Payloads(BaseModel):
    """Payloads in the JSON form of Temporal's API, `{"metadata": {name: base64}, "data": base64}` each."""

    payloads: Annotated[list[dict[str, Any]], Field(max_length=MOST_PAYLOADS)]


@routes.post("/codec/decode")
async def decode(
    sent: Payloads,
    request: Request,
    house: House,
    auditor: Caller,
    x_namespace: Annotated[str, Header(pattern=NAMESPACE)] = "-",
) -> Payloads:
    """The payloads opened, in their order. One that is not ours, or cannot be opened, comes back as it is."""
    codec = SealingCodec(house.keys.payloads)
    opened = [await _opened(codec, payload) for payload in sent.payloads]
    count = sum(1 for payload in opened if payload is not None)
    what = f"{x_namespace}: {count} of {len(opened)} payloads"
    # Before the answer: what could not be recorded is not shown.
    for number in sorted(_numbers(opened)) or [""]:
        await trail.looked(house, auditor, request, number or None, what)
    shown = zip(opened, sent.payloads, strict=True)
    return Payloads(payloads=[as_sent if clear is None else MessageToDict(clear) for clear, as_sent in shown])


async def _opened(codec: SealingCodec, sent: dict[str, Any]) -> Payload | None:
    """The payload inside; None where it stays closed."""
    try:
        payload = ParseDict(sent, Payload(), ignore_unknown_fields=True)
        (clear,) = await codec.decode([payload])
    except CLOSED:
        return None
    return None if clear is payload else clear


def _numbers(opened: list[Payload | None]) -> set[str]:
    """The applications that payloads speak of: the engine's UI does not say whose history it shows."""
    found = set[str]()
    for payload in opened:
        try:
            content = json.loads(payload.data) if payload else None
        except ValueError:
            continue
        found.update(_named(content))
    return found


def _named(content: Any) -> Iterator[str]:
    """Numbers by the names of their fields, however deep; a request's key begins with one. A NIK has as many digits."""
    if isinstance(content, list):
        for one in content:
            yield from _named(one)
    elif isinstance(content, dict):
        for name, value in content.items():
            form = NAMING.get(name)
            if form and isinstance(value, str) and (number := form.match(value)):
                yield number[1]
            yield from _named(value)
