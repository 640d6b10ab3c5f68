"""Tracebacks without what people typed: the text of a foreign exception often repeats the value that it was about."""

import sys
import traceback
from collections.abc import Iterator, MutableMapping
from types import TracebackType
from typing import Any

# Our own texts carry codes by the rule of the house, and the engine's come from there; the built-in ones speak of names
# in the code or of files and addresses. Validators and database drivers echo their input, so theirs are withheld.
OUR_PACKAGES = ("workflows", "activities", "workers", "api", "temporalio")
SAFE_TYPES = (OSError, ImportError, NameError, AttributeError, TypeError, AssertionError)


def withhold_texts(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Processor: turn `exc_info` into a traceback in which only texts known to be harmless stand."""
    info = event.pop("exc_info", None)
    error = _error(info)
    if error is not None:
        event["exception"] = "\n".join(_chain(error))
    return event


def describe(error: BaseException) -> str:
    """Name of the exception, with its text where that cannot hold personal data."""
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}" if kind.__module__ != "builtins" else kind.__qualname__
    safe = isinstance(error, SAFE_TYPES) or kind.__module__.split(".")[0] in OUR_PACKAGES
    text = str(error) if safe else "text withheld"
    return f"{name}: {text}" if text else name


def _error(info: object) -> BaseException | None:
    if isinstance(info, BaseException):
        return info
    if isinstance(info, tuple):
        return info[1] if isinstance(info[1], BaseException) else None
    return sys.exception() if info else None


def _chain(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _chain(before)
        yield "which led to:"
    yield from _frames(error.__traceback__)
    yield describe(error)
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from (f"  | {line}" for line in _chain(part))


def _frames(trace: TracebackType | None) -> Iterator[str]:
    for frame in traceback.extract_tb(trace):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
