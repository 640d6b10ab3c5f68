"""Traces, where somebody wants them: one from the request over the case to what is done for it.

Nothing of OpenTelemetry's SDK is imported, and nothing sent, as long as no endpoint is set.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from temporalio.plugin import SimplePlugin

from workers.runtime.settings import Settings

if TYPE_CHECKING:
    from workers.runtime.spans import Spans


@dataclass(slots=True)
class _Tracing:
    """What this process traces with, from `traced` on; a process begins it once."""

    spans: "Spans | None" = field(default=None)


_process = _Tracing()


@contextmanager
def traced(settings: Settings, service: str) -> Iterator[bool]:
    """Trace what this process does while the block lasts, and say whether; clients have to be made inside of it.

    What has not been sent at the end is sent within a second, or lost.
    """
    if not settings.otlp_endpoint:
        yield False
        return
    from workers.runtime.spans import Spans

    _process.spans = Spans(settings.otlp_endpoint, service)
    try:
        yield True
    finally:
        _process.spans.close()
        _process.spans = None


def plugins() -> list[SimplePlugin]:
    """What a client, and with it its workers, need to be traced: nothing while nothing is."""
    return [] if _process.spans is None else _process.spans.plugins()


def trace_id() -> str:
    """The trace that goes on here, as 32 hexadecimal digits; empty where there is none."""
    return "" if _process.spans is None else _process.spans.trace_id()
