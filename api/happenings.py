"""The engine's history of a case, decoded: what happened, without the engine's bookkeeping."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.history.v1 import HistoryEvent
from temporalio.converter import DataConverter

LOCAL_ACTIVITY = "core_local_activity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happened to a case.

    `kind` is `started`, `answered` (a request beside the workflow), `asked`, `told` (an act of a person), `pushed`
    (by a system), `failed`, `due` (a deadline passed) or `closed`; `name` says which; `body` is its decoded payload.
    """

    event_id: int
    at: datetime
    kind: str
    name: str
    body: Any = None


async def happenings(events: Sequence[HistoryEvent], converter: DataConverter) -> list[Happening]:
    """Decode a history; events that only keep the engine's books are left out."""
    found = []
    names = _Names(events)
    for event in events:
        for kind, name, payloads in _of(event, names):
            body = await _decoded(payloads, converter)
            at = event.event_time.ToDatetime(tzinfo=UTC)
            found.append(Happening(event_id=event.event_id, at=at, kind=kind, name=name or str(body or ""), body=body))
    return found


Found = tuple[str, str, Sequence[Payload]]


class _Names:
    """What later events call by the id of an earlier one."""

    def __init__(self, events: Sequence[HistoryEvent]) -> None:
        self.activities: dict[int, str] = {}
        self.timers: dict[int, Payload] = {}
        for event in events:
            if event.HasField("activity_task_scheduled_event_attributes"):
                scheduled = event.activity_task_scheduled_event_attributes
                self.activities[event.event_id] = scheduled.activity_type.name
            elif event.HasField("timer_started_event_attributes"):
                self.timers[event.event_id] = event.user_metadata.summary


def _of(event: HistoryEvent, names: _Names) -> Iterator[Found]:
    kind = event.WhichOneof("attributes")
    if kind == "workflow_execution_started_event_attributes":
        started = event.workflow_execution_started_event_attributes
        yield "started", started.workflow_type.name, started.input.payloads
    elif kind == "workflow_execution_update_accepted_event_attributes":
        request = event.workflow_execution_update_accepted_event_attributes.accepted_request
        yield "told", request.input.name, request.input.args.payloads
    elif kind == "workflow_execution_signaled_event_attributes":
        signaled = event.workflow_execution_signaled_event_attributes
        yield "pushed", signaled.signal_name, signaled.input.payloads
    elif kind == "timer_fired_event_attributes":
        summary = names.timers.get(event.timer_fired_event_attributes.started_event_id)
        yield "due", "", [summary] if summary is not None else []
    elif kind == "workflow_execution_completed_event_attributes":
        yield "closed", "completed", event.workflow_execution_completed_event_attributes.result.payloads
    else:
        yield from _of_activity(event, kind or "", names)


def _of_activity(event: HistoryEvent, kind: str, names: _Names) -> Iterator[Found]:
    if kind == "marker_recorded_event_attributes":
        marker = event.marker_recorded_event_attributes
        if marker.marker_name == LOCAL_ACTIVITY:
            yield "answered", _local_name(marker.details["data"]), marker.details["result"].payloads
    elif kind == "activity_task_completed_event_attributes":
        completed = event.activity_task_completed_event_attributes
        yield "asked", names.activities[completed.scheduled_event_id], completed.result.payloads
    elif kind == "activity_task_failed_event_attributes":
        yield "failed", names.activities[event.activity_task_failed_event_attributes.scheduled_event_id], []
    elif kind == "activity_task_timed_out_event_attributes":
        yield "failed", names.activities[event.activity_task_timed_out_event_attributes.scheduled_event_id], []


def _local_name(data: Payloads) -> str:
    """The engine's own note beside a local activity; it is plain JSON, since it holds nothing of ours."""
    return str(json.loads(data.payloads[0].data).get("activity_type", ""))


async def _decoded(payloads: Sequence[Payload], converter: DataConverter) -> Any:
    if not payloads or not payloads[0].metadata:
        return None
    values = await converter.decode(list(payloads))
    return values[0] if values else None
