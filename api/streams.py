"""Streams of events: they look at our database again and again, resume, and end when the server stops."""

import asyncio
from typing import Annotated

from fastapi import Header

LOOK_EVERY_SECONDS = 1.0

LastEventId = Annotated[str, Header(alias="Last-Event-ID", max_length=64)]


async def stops_within(stopping: asyncio.Event, seconds: float = LOOK_EVERY_SECONDS) -> bool:
    """Wait a while; True when the server is told to stop meanwhile."""
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return False
    return True


def last_seen(header: str) -> int | None:
    """The number of the event that a client saw last, where it says so."""
    return int(header) if header.isascii() and header.isdigit() and len(header) < 19 else None
