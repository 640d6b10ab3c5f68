"""The application as a stream: `stage` for each thing that happens, `promise` when the collection date changes."""

from collections.abc import AsyncIterator

from fastapi.sse import EventSourceResponse, ServerSentEvent

from activities.storage import reads
from api.current import view_of
from api.installation import House, Installation
from api.lookup import VisibleCase
from api.routing import router
from api.shown import promise
from api.streams import LastEventId, last_seen, stops_within
from workflows.case.facts import Promise

routes = router("applicants")


@routes.get("/v1/applications/{number}/events", response_class=EventSourceResponse)
async def events(case: VisibleCase, house: House, last_event: LastEventId = "") -> AsyncIterator[ServerSentEvent]:
    """What happens from now on; with `Last-Event-ID`, what happened since."""
    seen, told = last_seen(last_event), None
    if seen is None:
        view = await view_of(house, case.number)
        seen, told = await _latest(house, case.number), view.promise
        yield ServerSentEvent(event="stage", id=str(seen), data={"stage": view.stage, "what": view.next_step.what})
    while not await stops_within(house.stopping):
        for happened in await house.database.read(reads.new_events, case.number, seen):
            seen = happened.seq
            about = {"stage": happened.stage, "what": happened.action, "at": happened.at}
            yield ServerSentEvent(event="stage", id=str(seen), data=about)
            current = (await view_of(house, case.number)).promise
            if current and current != told:
                told = current
                yield _promised(current, seen)


def _promised(current: Promise, seen: int) -> ServerSentEvent:
    return ServerSentEvent(event="promise", id=str(seen), data=promise(current))


async def _latest(house: Installation, number: str) -> int:
    happened = await house.database.read(reads.new_events, number, 0)
    return happened[-1].seq if happened else 0
