"""What a process tells Prometheus, at an address of its own: `/metrics`, and `/healthz` for who only wants to know.

The SDK's core counts in a registry of its own, which it can only serve itself. It does so on a port of the loopback
that nobody else is told of, and its page is put behind ours: one address a process.
"""

import asyncio
import http.client
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from importlib.metadata import version
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig

LOOPBACK = "127.0.0.1"
SDK_LIMIT = 2.0  # seconds for the SDK's page, and for the event loop to answer
ATTEMPTS = 5

Environ = dict[str, Any]
_sdk_ports: list[int] = []  # where the SDK of this process serves its page, while it serves one


def our_registry() -> CollectorRegistry:
    """A registry for what is ours, with this process's memory, time and files in it."""
    disable_created_metrics()  # type: ignore[no-untyped-call] # has no annotation; else each counter has a second series
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    built = Gauge("paspor_build_info", "The version that this process runs; always 1.", ["version"], registry=registry)
    built.labels(version("paspor")).set(1)
    return registry


def measuring(telemetry: Callable[[PrometheusConfig], TelemetryConfig]) -> Runtime:
    """A runtime that counts. Raises what the SDK raises when no free port could be had in some attempts."""
    for left in reversed(range(ATTEMPTS)):
        port = _free_port()
        page = PrometheusConfig(
            bind_address=f"{LOOPBACK}:{port}", counters_total_suffix=True, unit_suffix=True, durations_as_seconds=True
        )
        try:
            made = Runtime(telemetry=telemetry(page))
        except (RuntimeError, ValueError):  # somebody else took the port meanwhile
            if not left:
                raise
            continue
        _sdk_ports[:] = [port]
        return made
    raise AssertionError("unreachable")


@asynccontextmanager
async def served(address: str, registry: CollectorRegistry) -> AsyncIterator[None]:
    """Serve `registry` and the SDK's page at `address` (host:port) while the block lasts; nothing when it is empty.

    In a thread, so that it still answers when the event loop does not; then `/healthz` says so. Raises `OSError` when
    the address is taken.
    """
    if not address:
        yield
        return
    host, _, port = address.rpartition(":")
    page = _Page(registry, asyncio.get_running_loop())
    with make_server(host, int(port), page, _Server, _Silent) as server:
        thread = Thread(target=server.serve_forever, name="metrics", daemon=True)
        thread.start()
        try:
            yield
        finally:
            await asyncio.to_thread(server.shutdown)
            thread.join()


class _Page:
    """The two pages, as a WSGI application."""

    def __init__(self, registry: CollectorRegistry, loop: asyncio.AbstractEventLoop) -> None:
        self._registry, self._loop = registry, loop

    def __call__(self, environ: Environ, start: Callable[[str, list[tuple[str, str]]], Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/metrics":
            status, kind, body = "200 OK", CONTENT_TYPE_LATEST, generate_latest(self._registry) + _of_the_sdk()
        elif environ["PATH_INFO"] == "/healthz":
            well = self._loop_answers()
            status, kind = ("200 OK" if well else "503 Service Unavailable"), "text/plain"
            body = b"ok\n" if well else b"the event loop does not answer\n"
        else:
            status, kind, body = "404 Not Found", "text/plain", b"/metrics or /healthz\n"
        start(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _loop_answers(self) -> bool:
        question = asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self._loop)
        try:
            question.result(SDK_LIMIT)
        except TimeoutError:
            question.cancel()
            return False
        return True


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    address_family = socket.AF_INET


class _Silent(WSGIRequestHandler):
    """Scrapes are not worth a line of log."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def _of_the_sdk() -> bytes:
    """The SDK's page; empty where it does not count, or does not answer."""
    for port in _sdk_ports:
        asked = http.client.HTTPConnection(LOOPBACK, port, timeout=SDK_LIMIT)
        try:
            asked.request("GET", "/metrics")
            return asked.getresponse().read()
        except (OSError, http.client.HTTPException):
            return b""
        finally:
            asked.close()
    return b""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
