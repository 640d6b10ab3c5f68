"""Invented cases for tests of the tables."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from sqlalchemy import Connection

from activities.keyring import KeyRing
from activities.storage import ledger
from workflows.case.facts import Applicant, Ending, Filing, Kind, Role, Sex, Stage, Turn
from workflows.case.record import CaseView, Entry, NextStep, Task, TaskStep
from workflows.partners.ledger import Note, Opening

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
RING = KeyRing("k1", {"k1": bytes(range(32))})
NAME = "Ni Made Contoh"
ANY = count(1)


def filing(number: str, person: int = 0, **changes: object) -> Filing:
    """A filing of the person with this number (each application is its own person's unless said)."""
    applicant = Applicant(
        nik="5171015708900001",
        full_name=NAME,
        birth_date=date(1990, 8, 17),
        birth_place="Denpasar",
        sex=Sex.FEMALE,
        phone="+62000000",
        email="made@example.invalid",
    )
    key = f"filing-{number}"
    values = {"owner": "applicant-1", "applicant": applicant, "kind": Kind.NEW, **changes}
    return Filing(number=number, key=key, person_key=f"{person or next(ANY) + 10**9:032x}", **values)  # type: ignore[arg-type] # changes of a test


def view(number: str, version: int, **changes: object) -> CaseView:
    """A case file's view."""
    values: dict[str, object] = {"stage": Stage.FILED, "next_step": NextStep(who=Turn.APPLICANT, what="choose")}
    return CaseView(number=number, version=version, **{**values, **changes})  # type: ignore[arg-type] # changes of a test


def entry(number: str, version: int, action: str = "application.filed", **changes: object) -> Entry:
    """An entry of the record, a second later for each version."""
    at = AT + timedelta(seconds=version)
    values: dict[str, object] = {"stage": Stage.FILED, "at": at, "key": f"{number}/{version}"}
    return Entry(action=action, **{**values, **changes})  # type: ignore[arg-type] # changes of a test


def opening(number: str, person: int = 0, run_id: str = "run-1", **changes: object) -> Opening:
    """The opening of a case."""
    filed = filing(number, person)
    return Opening(
        filing=filed,
        workflow_id=f"passport-{filed.person_key}",
        run_id=run_id,
        entry=entry(number, 1),
        view=view(number, 1, **changes),
    )


def a_case(conn: Connection, number: str = "1000000000000001", person: int = 0, **changes: object) -> str:
    """A case in the tables; its number."""
    about = opening(number, person, **changes)  # type: ignore[arg-type] # changes of a test
    assert ledger.open_case(conn, about, RING) is not None
    return number


def a_task(number: str, step: TaskStep, office: str, key: str = "1", **changes: object) -> Task:
    """A task of the step's usual role."""
    roles = {
        TaskStep.DOCUMENTS: Role.EXAMINER,
        TaskStep.ADJUDICATION: Role.ADJUDICATOR,
        TaskStep.INTERVIEW: Role.INTERVIEWER,
        TaskStep.ENROLMENT: Role.INTERVIEWER,
    }
    values: dict[str, object] = {"role": roles.get(step, Role.PRINTER), **changes}
    return Task(key=f"{number}/{step.value}/{key}", step=step, office=office, **values)  # type: ignore[arg-type] # changes of a test


def noted(conn: Connection, number: str, version: int, *tasks: Task, **changes: object) -> Entry:
    """Note an event after which these tasks are open."""
    about = entry(number, version, "case.moved")
    return ledger.note(conn, Note(entry=about, view=view(number, version, **changes), tasks=tasks))


def ended(conn: Connection, number: str, version: int, ending: Ending = Ending.WITHDRAWN) -> Entry:
    """End a case."""
    return noted(conn, number, version, stage=Stage.ENDED, ending=ending)
