"""How far an application has come, in six steps that an applicant knows, told from what has happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from api.shown import Application
from workflows.case.facts import Ending

State = Literal["done", "now", "next", "stopped"]

# Each step with what says that it is done; all of a group have to have happened.
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("filed", ("claims.verified",)),
    ("paid", ("bill.paid",)),
    ("visit", ("interview.held", "enrolment.captured")),
    ("approved", ("application.approved",)),
    ("made", ("passport.ready",)),
    ("collected", ("passport.handed_over",)),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `done` since `at`, `now`, `next`, or where the application `stopped`."""

    name: str
    state: State
    at: datetime | None = None


def steps(shown: Application) -> tuple[Step, ...]:
    """The steps of an application, in order."""
    since = {happened.what: happened.at for happened in shown.timeline}
    ended = shown.ending is not None and shown.ending is not Ending.COLLECTED
    found: list[Step] = []
    for name, marks in STEPS:
        done = all(mark in since for mark in marks)
        if done and (not found or found[-1].state == "done"):
            found.append(Step(name, "done", max(since[mark] for mark in marks)))
        elif not found or found[-1].state == "done":
            found.append(Step(name, "stopped" if ended else "now"))
        else:
            found.append(Step(name, "next"))
    return tuple(found)
