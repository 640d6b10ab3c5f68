"""A script says what a history holds, and nothing else."""

import pytest
from temporalio.api.history.v1 import HistoryEvent

from tests.benchmarks.script import NotSmoothError, counts, script_of


def event(kind: str, **fields: object) -> HistoryEvent:
    found = HistoryEvent()
    about = getattr(found, f"{kind}_event_attributes")
    about.SetInParent()
    for name, value in fields.items():
        setattr(about, name, value)
    return found


def upsert(*names: str) -> HistoryEvent:
    found = event("upsert_workflow_search_attributes")
    fields = found.upsert_workflow_search_attributes_event_attributes.search_attributes.indexed_fields
    for name in names:
        fields[name].data = b"x"
    return found


def test_a_letter_for_all_that_was_asked_for() -> None:
    history = [
        event("workflow_execution_started"),
        event("workflow_task_scheduled"),
        event("workflow_execution_update_accepted"),
        event("marker_recorded", marker_name="core_local_activity"),
        event("activity_task_scheduled"),
        event("timer_started"),
        event("activity_task_started"),
        event("activity_task_completed"),
        event("timer_canceled"),
        event("workflow_execution_update_completed"),
        event("workflow_execution_signaled"),
        upsert("PasporStage"),
        event("workflow_execution_completed"),
    ]
    assert script_of(history) == "ULCTctuSA"
    assert counts("ULLu") == {"local activities": 2, "updates": 1}


def test_the_sdks_note_of_a_patch_is_not_counted_twice() -> None:
    assert script_of([event("marker_recorded", marker_name="core_patch"), upsert("TemporalChangeVersion")]) == "P"


@pytest.mark.parametrize("kind", ["activity_task_failed", "timer_fired", "workflow_execution_failed"])
def test_a_run_that_was_not_smooth_is_no_measure(kind: str) -> None:
    with pytest.raises(NotSmoothError):
        script_of([event(kind)])
