"""How large and how deep a request may be. The 413 is sent here, since a framework would call it a parse error."""

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem, answer, invalid

MOST_JSON_BYTES = 1024 * 1024
MOST_UPLOAD_BYTES = 24 * 1024 * 1024
MOST_DEPTH = 32

_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)


class BodyLimit:
    """ASGI middleware: ends a request whose body is too large, with or without a stated length."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        passage = _Passage(_limit(headers), receive, send)
        if not passage.too_large_by(headers.get("content-length", "")):
            await passage.through(self.app, scope)
        if passage.over and not passage.answered:
            await answer(Problem("body_too_large"), headers)(scope, receive, send)


class _Passage:
    """One request on its way through."""

    def __init__(self, limit: int, receive: Receive, send: Send) -> None:
        self.limit, self.receive, self.send = limit, receive, send
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
            raise _TooLarge
        return message

    async def _unless_over(self, message: Message) -> None:
        # What the application says about a body that was cut off is not the reason, so it is not sent.
        if not self.over:
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
