"""What all stand-ins share: a store that survives a kill, a request log, keys that make repeats harmless, and faults.

A stand-in declares its tables, its `wire` (what our system calls) and its `control` routes (what a person or a test
plants). Every wire request runs in one transaction that holds its effect, its kept answer and its line in the log, so
that a process killed at any moment has done all of it or nothing.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import signal
import traceback
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workers.local.standins.calls import Call, Handler, KeyOf, Refused, Reply, guarded, key_of_request, read_call
from workers.local.standins.faults import Faults
from workers.local.standins.server import Cut, Place, place_from_arguments, serve
from workers.local.standins.store import Store, now

__all__ = ["Call", "Place", "Refused", "Reply", "Standin", "now", "place_from_arguments"]


@dataclass(frozen=True, slots=True)
class Wire:
    """How one wire route is served. `volatile` fields may differ when a key comes again, such as the time of asking."""

    handle: Handler
    keyed: bool
    key_of: KeyOf
    volatile: frozenset[str]


class Standin(Store):
    """One stand-in: its store, its routes, and the coroutines that run beside them (`background`)."""

    def __init__(self, name: str, folder: Path, schema: str = "") -> None:
        super().__init__(folder / f"{name}.sqlite", schema)
        self.name = name
        self.background: list[Callable[[], Coroutine[Any, Any, None]]] = []
        self.faults = Faults(self.db)
        self._routes = [Route("/healthz", self._healthz)]
        self.control("GET", "log", self._log)
        self.control("GET", "faults", lambda call: Reply({"items": self.faults.listed()}))
        self.control("POST", "faults", self._set_fault)
        self.control("DELETE", "faults", self._clear_faults)

    def wire(
        self,
        method: str,
        path: str,
        handle: Handler,
        *,
        keyed: bool = True,
        key_of: KeyOf = key_of_request,
        volatile: frozenset[str] = frozenset(),
    ) -> None:
        """Declare a route that our system calls: faults apply to it, and with `keyed` each key does its work once."""
        served = Wire(handle, keyed, key_of, volatile)

        async def endpoint(request: Request) -> Response | Cut:
            return await self._serve_wire(served, request)

        self._routes.append(Route(path, endpoint, methods=[method]))

    def control(self, method: str, path: str, handle: Handler) -> None:
        """Declare `/standins/{name}/{path}` for whoever runs the stand-in: no fault applies, nothing is logged."""

        async def endpoint(request: Request) -> Response:
            call = await read_call(request)
            with self.transaction():
                reply = self._work(handle, call)
            return reply.response()

        self._routes.append(Route(f"/standins/{self.name}/{path}", endpoint, methods=[method]))

    def app(self) -> Starlette:
        """The application with all that was declared."""
        return Starlette(routes=self._routes, lifespan=self._lifespan)

    def run(self, port: int) -> None:
        """Serve on 127.0.0.1 until told to stop."""
        serve(self.app(), port)

    async def _serve_wire(self, wire: Wire, request: Request) -> Response | Cut:
        call = await read_call(request, wire.key_of)
        line = (request.method, request.url.path, call.key)
        with self.transaction():
            fault = self.faults.draw()
            if "down" in fault:
                self.note(*line, effect=False, status=None, fault="down")
        if "down" in fault:
            return Cut(request)
        if "slow" in fault:
            await asyncio.sleep(fault.seconds)
        if "error" in fault:
            self.note(*line, effect=False, status=500, fault="error")
            return JSONResponse({"code": "internal_error"}, 500)
        lost = "lost_reply" in fault
        with self.transaction():
            reply, effect = self._answer(wire, f"{request.method} {request.url.path}", call)
            self.note(*line, effect=effect, status=None if lost else reply.status, fault="lost_reply" if lost else None)
        return Cut(request) if lost else reply.response()

    def _answer(self, wire: Wire, route: str, call: Call) -> tuple[Reply, bool]:
        """Do the work of a key that has not been seen, or repeat the answer that it got; says whether work was done."""
        if not wire.keyed:
            return self._work(wire.handle, call), False
        if not call.key:
            return Reply({"code": "key_missing"}, 400), False
        asked = _fingerprint(call, wire.volatile)
        kept = self.kept(call.key, route)
        if kept is not None and kept["asked"] != asked:
            return Reply({"code": "key_reused"}, 422), False
        if kept is not None:
            return Reply(kept["content"], kept["status"], kept["media_type"]), False
        reply = self._work(wire.handle, call)
        if reply.status >= 300:
            return reply, False
        self.keep(call.key, route, asked, reply)
        return reply, True

    def _work(self, handle: Handler, call: Call) -> Reply:
        """Run a handler; what it wrote before it refused is taken back."""
        self.db.execute("SAVEPOINT work")
        reply = guarded(handle, call)
        if reply.status >= 300:
            self.db.execute("ROLLBACK TO work")
        self.db.execute("RELEASE work")
        return reply

    async def _healthz(self, request: Request) -> Response:
        return JSONResponse({"status": "ok", "name": self.name})

    def _log(self, call: Call) -> Reply:
        return Reply({"items": self.logged(call.query.get("key"))})

    def _set_fault(self, call: Call) -> Reply:
        self.faults.set(call.body)
        return Reply({"items": self.faults.listed()}, 201)

    def _clear_faults(self, call: Call) -> Reply:
        self.faults.clear()
        return Reply(status=204)

    @contextlib.asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(start()) for start in self.background]
        for task in tasks:
            task.add_done_callback(_stop_if_failed)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.db.close()


def _stop_if_failed(task: "asyncio.Task[None]") -> None:
    # A stand-in that answers but no longer sends would look healthy: better that its keeper starts it again.
    if not task.cancelled() and (error := task.exception()) is not None:
        traceback.print_exception(error)
        os.kill(os.getpid(), signal.SIGTERM)


def _fingerprint(call: Call, volatile: frozenset[str]) -> str:
    steady = {name: value for name, value in call.body.items() if name not in volatile}
    content = json.dumps(steady, sort_keys=True).encode() if call.body else call.raw
    return hashlib.sha256(content).hexdigest()
