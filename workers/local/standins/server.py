"""How a stand-in listens: an ordinary uvicorn whose connections can be cut, as a failing system cuts them."""

import argparse
import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

GRACE_SECONDS = 2
# Longer than clients keep an idle connection, so that it is they who close: else a request may meet a closing door.
KEEP_ALIVE_SECONDS = 60


class CuttableProtocol(H11Protocol):
    """HTTP/1.1 that remembers its open connections by the caller's address, so that `cut` finds them."""

    by_caller: ClassVar[dict[tuple[str, int], asyncio.Transport]] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Remember the connection."""
        super().connection_made(transport)
        if self.client is not None:
            self.by_caller[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if self.client is not None:
            self.by_caller.pop(self.client, None)
        super().connection_lost(exc)


class Cut:
    """Stands where a response would: aborts the connection, so that the caller hears nothing at all."""

    def __init__(self, request: Request) -> None:
        self.client = request.client

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Abort, and wait until the server has noticed: it would answer 500 for an application that said nothing."""
        transport = CuttableProtocol.by_caller.get(tuple(self.client)) if self.client else None  # type: ignore[arg-type]  # Address is a named pair
        if transport is None:
            raise ConnectionAbortedError("the connection to cut is gone")
        transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process listens and keeps its things."""

    port: int
    store: Path


def place_from_arguments(description: str) -> Place:
    """Read `--port P --store DIR`; the folder is made when it is missing."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument("--store", type=Path, required=True, help="folder of the store")
    given = parser.parse_args()
    given.store.mkdir(parents=True, exist_ok=True)
    return Place(given.port, given.store)


def serve(app: Starlette, port: int) -> None:
    """Serve on loopback until SIGTERM or SIGINT."""
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        loop="asyncio",
        http=CuttableProtocol,
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
