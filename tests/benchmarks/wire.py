"""HTTP/1.1 with as little work for the driver as will do: it shares two cores with what it measures."""

import asyncio
import json
from typing import Any, NamedTuple
from urllib.parse import urlsplit

LIMIT = 120.0  # seconds for one answer


class Answered(NamedTuple):
    """Status and body."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


class Line:
    """One connection that is kept open; one request at a time."""

    def __init__(self, url: str) -> None:
        self._at = urlsplit(url)

    async def __aenter__(self) -> "Line":
        self._reader, self._writer = await asyncio.open_connection(self._at.hostname, self._at.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    async def asks(self, method: str, path: str, headers: str = "", body: bytes = b"") -> Answered:
        """Send a request with these header lines, each ended by CRLF; raises `TimeoutError`."""
        head = f"{method} {path} HTTP/1.1\r\nHost: {self._at.netloc}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        async with asyncio.timeout(LIMIT):
            self._writer.write(head.encode() + body)
            found = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(found.partition("content-length: ")[2].partition("\r\n")[0] or 0)
            return Answered(int(found.split(" ", 2)[1]), await self._reader.readexactly(length))
