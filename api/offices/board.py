"""The public board of an office: ticket numbers and counters, no names; as a picture of now and as a stream."""

from collections.abc import AsyncIterator
from datetime import datetime

from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from activities.storage import queue
from api.boards import BoardWatch
from api.installation import House
from api.lookup import KnownOffice
from api.offices.checkin import Minutes
from api.routing import router
from api.streams import LastEventId, last_seen, stops_within

routes = router("offices")


class CallShown(BaseModel):
    """A ticket, and the counter that it is called to."""

    ticket: str
    counter: str
    at: datetime


class BoardShown(BaseModel):
    """The board as it stands."""

    called: list[CallShown]
    waiting: int
    estimate: Minutes


@routes.get("/v1/offices/{office}/queue")
async def board(office: KnownOffice, house: House) -> BoardShown:
    """Who is called where, how many wait, and for about how long."""
    return _shown(await house.database.read(queue.board, office))


@routes.get("/v1/offices/{office}/queue/events", response_class=EventSourceResponse)
async def board_events(
    office: KnownOffice, house: House, last_event: LastEventId = ""
) -> AsyncIterator[ServerSentEvent]:
    """`call` for each call, `estimate` when the waiting time changes; `Last-Event-ID` misses no call."""
    watch = house.watches.setdefault(office, BoardWatch(house.database, office))
    seen, told = last_seen(last_event), None
    while True:
        now = await watch.board()
        standing = sorted(now.called, key=lambda call: call.seq)
        for call in standing if seen is None else await watch.calls_after(seen):
            seen = call.seq
            yield ServerSentEvent(event="call", id=str(seen), data=_call(call))
        seen = seen or 0
        waits = {"waiting": now.waiting, **_minutes(now.estimate).model_dump()}
        if waits != told:
            told = waits
            yield ServerSentEvent(event="estimate", data=waits)
        if await stops_within(house.stopping):
            return


def _shown(found: queue.Board) -> BoardShown:
    return BoardShown(
        called=[_call(call) for call in found.called], waiting=found.waiting, estimate=_minutes(found.estimate)
    )


def _call(call: queue.BoardCall) -> CallShown:
    return CallShown(ticket=call.ticket, counter=call.counter, at=call.at)


def _minutes(estimate: queue.Estimate) -> Minutes:
    return Minutes(from_minutes=estimate.from_minutes, to_minutes=estimate.to_minutes)
