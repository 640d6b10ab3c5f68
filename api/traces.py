"""Spans of requests, by the pattern of their route, where traces are wanted."""

from uuid import uuid4

from fastapi import FastAPI

from workers.runtime.tracing import trace_id

NOT_TRACED = "healthz,readyz,metrics"


def trace_requests(application: FastAPI) -> None:
    """Open a span for each request from now on. To be called while the application starts, inside of `traced`."""
    from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

    FastAPIInstrumentor.instrument_app(application, excluded_urls=NOT_TRACED, exclude_spans=["receive", "send"])
    # The stack was built when the first message, the one of the start, came in.
    application.middleware_stack = application.build_middleware_stack()


def new_request_id() -> str:
    """The id that a problem document calls `trace` and log lines repeat: that of the trace where there is one."""
    return trace_id() or uuid4().hex
