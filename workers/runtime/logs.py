"""Logs of every process: lines for people on a terminal, JSON elsewhere, and nothing personal in either."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from asgi_correlation_id.context import correlation_id
from structlog.types import Processor
from temporalio import activity, workflow

from workers.runtime.tracebacks import withhold_texts
from workers.runtime.tracing import trace_id

Event = MutableMapping[str, Any]
TEMPORAL_FACTS = ("workflow_id", "run_id", "workflow_type", "activity_type", "attempt", "task_queue")
# A logger that would repeat what others already say, or say more than an operator wants.
QUIET = {"httpx2": logging.WARNING, "httpcore2": logging.WARNING, "asyncio": logging.WARNING}


def set_up_logs(level: int = logging.INFO) -> None:
    """Send structlog's and the standard library's records through one formatter to standard error."""
    terminal = sys.stderr.isatty()
    shared = _shared_processors()
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(_formatter(shared, terminal))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, lowest in QUIET.items():
        logging.getLogger(name).setLevel(lowest)
    logging.getLogger("uvicorn.access").addFilter(without_query)
    # Else the SDK writes the workflow's facts into each message, and a second time into `extra`.
    workflow.logger.workflow_info_on_message = False
    activity.logger.activity_info_on_message = False


def add_request_id(_logger: object, _method: str, event: Event) -> Event:
    """The id of the HTTP request that this line belongs to, where there is one."""
    request = correlation_id.get()
    if request:
        event["request_id"] = request
    return event


def add_trace_id(_logger: object, _method: str, event: Event) -> Event:
    """The trace that this line belongs to, where traces are wanted."""
    trace = trace_id()
    if trace:
        event["trace_id"] = trace
    return event


def flatten_temporal(_logger: object, _method: str, event: Event) -> Event:
    """Keep of the SDK's facts on workflow and activity those that an operator searches by."""
    for source in ("temporal_workflow", "temporal_activity"):
        facts = event.pop(source, None) or {}
        event.update({name: facts[name] for name in TEMPORAL_FACTS if name in facts})
    return event


def without_query(record: logging.LogRecord) -> bool:
    """Cut the query off uvicorn's access lines: sign-in codes and search words travel in it."""
    if isinstance(record.args, tuple) and len(record.args) == 5:
        client, method, path, version, status = record.args
        record.args = (client, method, str(path).split("?", 1)[0], version, status)
    return True


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(allow=["temporal_workflow", "temporal_activity"]),
        flatten_temporal,
        add_request_id,
        add_trace_id,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        withhold_texts,
    ]


def _formatter(shared: list[Processor], terminal: bool) -> logging.Formatter:
    last: Processor = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    )
