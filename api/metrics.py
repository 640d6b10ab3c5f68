"""Counts and times of requests, in Prometheus' text form. Routes by their pattern: a path could name a case."""

import threading
import time
from collections import defaultdict

from starlette.types import ASGIApp, Message, Receive, Scope, Send

BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, float("inf"))

_lock = threading.Lock()
_requests: dict[tuple[str, str, int], int] = defaultdict(int)
_durations: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(BUCKETS))
_seconds: dict[tuple[str, str], float] = defaultdict(float)


class Measured:
    """ASGI middleware that counts requests until their answer begins (a stream has no useful end)."""

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
                _count(scope, message["status"], time.perf_counter() - began)
            await send(message)

        await self.app(scope, receive, counted)


def render() -> str:
    """All counts so far."""
    with _lock:
        lines = ["# TYPE paspor_http_requests_total counter"]
        for (method, route, status), count in sorted(_requests.items()):
            lines.append(f'paspor_http_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}')
        lines.append("# TYPE paspor_http_request_seconds histogram")
        for (method, route), counts in sorted(_durations.items()):
            about = f'method="{method}",route="{route}"'
            for bucket, count in zip(BUCKETS, counts, strict=True):
                limit = "+Inf" if bucket == float("inf") else f"{bucket:g}"
                lines.append(f'paspor_http_request_seconds_bucket{{{about},le="{limit}"}} {count}')
            lines.append(f"paspor_http_request_seconds_sum{{{about}}} {_seconds[method, route]:.6f}")
            lines.append(f"paspor_http_request_seconds_count{{{about}}} {counts[-1]}")
    return "\n".join(lines) + "\n"


def _count(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path_format", "unknown")
    method = scope["method"] if scope["method"] in ("GET", "POST", "PUT", "DELETE") else "other"
    with _lock:
        _requests[method, route, status] += 1
        _seconds[method, route] += seconds
        counts = _durations[method, route]
        for place, bucket in enumerate(BUCKETS):
            counts[place] += seconds <= bucket
