"""What a case asked of the engine, as a script: one letter a command or message, read out of its recorded history.

A bare workflow carries the script out with nothing in it, so that its counts follow the procedure by themselves.
"""

from collections import Counter
from collections.abc import Iterable

from temporalio.api.history.v1 import HistoryEvent

BESIDE, CALL, CALLED, TIMER, TIMER_OVER, ACT, ANSWER, SIGNAL, SEARCH, PATCH = "LCcTtUuSAP"
WORDS = {
    BESIDE: "local activities",
    CALL: "activities",
    TIMER: "timers",
    TIMER_OVER: "timers cancelled",
    ACT: "updates",
    SIGNAL: "signals",
    SEARCH: "search-attribute upserts",
    PATCH: "patches",
}
LETTERS = {
    "activity_task_scheduled_event_attributes": CALL,
    "activity_task_completed_event_attributes": CALLED,
    "timer_started_event_attributes": TIMER,
    "timer_canceled_event_attributes": TIMER_OVER,
    "workflow_execution_update_accepted_event_attributes": ACT,
    "workflow_execution_update_completed_event_attributes": ANSWER,
    "workflow_execution_signaled_event_attributes": SIGNAL,
}
MARKERS = {"core_local_activity": BESIDE, "core_patch": PATCH}
# What the engine does by itself.
UNSAID = ("workflow_task_", "activity_task_started", "workflow_execution_started", "workflow_execution_completed")
CHANGES = "TemporalChangeVersion"


class NotSmoothError(ValueError):
    """The history holds something that a smooth run does not have, such as a failed activity."""


def script_of(events: Iterable[HistoryEvent]) -> str:
    """The script of a history or of a part of one. Raises `NotSmoothError`."""
    return "".join(_letter(event) for event in events)


def counts(script: str) -> dict[str, int]:
    """How much of what, in words."""
    found = Counter(script)
    return {word: found[letter] for letter, word in WORDS.items() if found[letter]}


def _letter(event: HistoryEvent) -> str:
    kind = event.WhichOneof("attributes") or ""
    if kind in LETTERS:
        return LETTERS[kind]
    if kind == "marker_recorded_event_attributes":
        return MARKERS[event.marker_recorded_event_attributes.marker_name]
    if kind == "upsert_workflow_search_attributes_event_attributes":
        fields = event.upsert_workflow_search_attributes_event_attributes.search_attributes.indexed_fields
        return "" if set(fields) == {CHANGES} else SEARCH  # the SDK's own note of a patch
    if kind.startswith(UNSAID):
        return ""
    raise NotSmoothError(f"event {event.event_id} is {kind}")
