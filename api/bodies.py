"""How large and how deep a request may be. The 413 is sent here, since a framework would call it a parse error.

What a browser sends is heard out first, up to a limit, because one that is still sending hears no answer; the page then
says what was too large.
"""

import re
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem, answer, invalid

MOST_JSON_BYTES = 1024 * 1024
MOST_UPLOAD_BYTES = 24 * 1024 * 1024
MOST_HEARD_OUT_BYTES = 256 * 1024 * 1024
MOST_DEPTH = 32

_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)


class BodyLimit:
    """ASGI middleware: ends a request whose body is too large, with or without a stated length.

    `for_people` says which requests the application answers itself, with a page: there, reading the body raises
    `body_too_large`.
    """

    def __init__(self, app: ASGIApp, for_people: Callable[[str, Headers], bool] = lambda path, headers: False) -> None:
        self.app, self.for_people = app, for_people

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        passage = _Passage(_limit(headers), receive, send, self.for_people(scope["path"], headers))
        if not passage.too_large_by(headers.get("content-length", "")) or passage.for_people:
            await passage.through(self.app, scope)
        if passage.over and not passage.answered:
            await answer(Problem("body_too_large"), headers)(scope, receive, send)


class _Passage:
    """One request on its way through."""

    def __init__(self, limit: int, receive: Receive, send: Send, for_people: bool) -> None:
        self.limit, self.receive, self.send, self.for_people = limit, receive, send, for_people
        self.seen, self.over, self.answered = 0, False, False

    def too_large_by(self, stated: str) -> bool:
        self.over = stated.isascii() and stated.isdigit() and (len(stated) > 12 or int(stated) > self.limit)
        return self.over

    async def through(self, app: ASGIApp, scope: Scope) -> None:
        try:
            await app(scope, self._counted, self._unless_over)
        except _TooLarge:
            return

    async def _counted(self) -> Message:
        message = await self.receive()
        self.seen += len(message.get("body", b""))
        if self.seen > self.limit:
            self.over = True
        if self.over and self.for_people:
            await self._hear_out(message)
            raise Problem("body_too_large")
        if self.over:
            raise _TooLarge
        return message

    async def _hear_out(self, message: Message) -> None:
        while message.get("more_body", False) and self.seen <= MOST_HEARD_OUT_BYTES:
            message = await self.receive()
            self.seen += len(message.get("body", b""))

    async def _unless_over(self, message: Message) -> None:
        # What the application says about a body that was cut off is not the reason, so it is not sent.
        if not self.over or self.for_people:
            self.answered = True
            await self.send(message)


class _TooLarge(Exception):
    """The body went over the limit."""


def check_depth(body: bytes) -> None:
    """Refuse JSON nested deeper than anything we ask for, before a recursive parser meets it."""
    depth = 0
    for sign in _STRINGS.sub(b"", body):
        depth += sign in b"[{"
        depth -= sign in b"]}"
        if depth > MOST_DEPTH:
            raise invalid("", f"nested deeper than {MOST_DEPTH} levels")


def _limit(headers: Headers) -> int:
    upload = headers.get("content-type", "").lower().startswith("multipart/form-data")
    return MOST_UPLOAD_BYTES if upload else MOST_JSON_BYTES
