"""Counts and times of requests, for Prometheus. Routes by their pattern: a path could name a case."""

import time

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workers.runtime.metrics import our_registry

MEDIA = CONTENT_TYPE_LATEST
BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = ("GET", "POST", "PUT", "DELETE")


class Requests:
    """What one process counts of its requests."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._count = Counter(
            "paspor_http_requests",
            "Requests answered, by route's pattern and status.",
            ["method", "route", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "paspor_http_request_seconds",
            "Time until an answer begins: a stream has no useful end.",
            ["method", "route"],
            buckets=BUCKETS,
            registry=registry,
        )

    def note(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one request."""
        route = getattr(scope.get("route"), "path_format", "unknown")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._count.labels(method, route, status).inc()
        self._seconds.labels(method, route).observe(seconds)


# One a process, like the application that it counts for.
REQUESTS = Requests(our_registry())


class Measured:
    """ASGI middleware that counts requests until their answer begins."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                REQUESTS.note(scope, message["status"], time.perf_counter() - began)
            await send(message)

        await self.app(scope, receive, counted)


def render() -> bytes:
    """All counts so far, in Prometheus' text form."""
    return generate_latest(REQUESTS.registry)
