"""Open streams must end when the server is told to stop: uvicorn waits for them before it ends the lifespan."""

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def set_on_signal(event: asyncio.Event) -> Iterator[None]:
    """Set `event` when a signal to stop comes, then do what was set up for it before (uvicorn's handler)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop, before = asyncio.get_running_loop(), dict[signal.Signals, Any]()

    def stop(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(event.set)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number in (signal.SIGTERM, signal.SIGINT):
        before[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) is stop:
                signal.signal(number, handler)
