"""Six steps, from what has happened."""

from datetime import UTC, datetime, timedelta

import pytest

from api.applicants.progress import STEPS, steps
from api.shown import Application, Happened, Next
from workflows.case.facts import Ending, Stage, Turn

BEGAN = datetime(2026, 11, 24, tzinfo=UTC)
MARKS = [mark for _, marks in STEPS for mark in marks]


def seen(*marks: str, ending: Ending | None = None) -> Application:
    return Application(
        number="1",
        stage=Stage.FILED,
        ending=ending,
        next_step=Next(who=Turn.SYSTEM, what="none"),
        documents=[],
        timeline=[Happened(at=BEGAN + timedelta(hours=place), what=mark) for place, mark in enumerate(marks)],
    )


@pytest.mark.parametrize(
    ("count", "states"),
    [
        (0, "now next next next next next"),
        (1, "done now next next next next"),
        (2, "done done now next next next"),
        (3, "done done now next next next"),
        (4, "done done done now next next"),
        (6, "done done done done done now"),
        (7, "done done done done done done"),
    ],
)
def test_each_step_follows_the_one_before(count: int, states: str) -> None:
    assert [step.state for step in steps(seen(*MARKS[:count]))] == states.split()


def test_an_early_ending_stops_where_it_was() -> None:
    found = steps(seen(*MARKS[:2], ending=Ending.NO_SHOW))
    assert [step.state for step in found] == ["done", "done", "stopped", "next", "next", "next"]


def test_a_step_of_two_parts_is_done_with_the_later_one() -> None:
    visit = steps(seen(*MARKS[:2], "enrolment.captured", "interview.held"))[2]
    assert (visit.state, visit.at) == ("done", BEGAN + timedelta(hours=3))
