"""What a case takes, from whom, and how it refuses: at once, typed, and without harm to the case."""

from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from tests.workflows.conftest import Start
from tests.workflows.fakes import Outside, away, in_turn
from tests.workflows.people import CITIZEN, officer
from workflows.case.facts import CaptureQuality, Ending, PaperKind, Role
from workflows.messages import (
    CheckIn,
    Claims,
    PaperAdded,
    Recognition,
)


async def test_a_refused_message_leaves_the_tray_open(start: Start, outside: Outside) -> None:
    """A capture that is not good enough is taken anew, and a better one is accepted."""
    poor = CaptureQuality(face_quality=10, face_findings=("blurred",))
    outside.answers["biometrics.assess"] = in_turn(poor, CaptureQuality(face_quality=90))
    case = await start()
    await case.to_booth()
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await case.enrol()
    cause = failed.value.cause
    assert isinstance(cause, ApplicationError)
    assert cause.type == "capture_not_accepted"
    assert cause.details[0]["findings"] == ["face:blurred", "face:quality"]
    assert "enrolment" in outside.tasks
    verdict = await case.enrol()
    assert verdict.quality == CaptureQuality(face_quality=90)
    assert len(set(outside.keys("biometrics.assess"))) == 2


async def test_too_early_a_day_is_refused_and_the_right_day_taken(start: Start) -> None:
    case = await start()
    seat = await case.to_paid()
    assert await case.refused("check_in", CheckIn(by=officer(Role.KIOSK))) == "wrong_day"
    await case.sleep_until(seat.starts_at - timedelta(minutes=10))
    verdict = await case.tell("check_in", CheckIn(by=officer(Role.KIOSK)))
    assert verdict.ticket is not None
    assert verdict.ticket.number == "A-001"


async def test_papers_come_beside_the_procedure(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_checked_in()
    paper = PaperAdded(by=CITIZEN, kind=PaperKind.FAMILY_CARD, sha256="b2", pages=3)
    await case.tell("add_paper", paper)
    states = {paper.kind.value: (paper.state, paper.sha256, paper.pages) for paper in outside.view.papers}
    assert states["family_card"] == ("uploaded", "b2", 3)
    await case.documents()
    assert await case.refused("add_paper", paper) == "not_your_turn"


async def test_who_guesses_learns_nothing(start: Start) -> None:
    case = await start()
    person = case.filing.applicant

    async def recognised(**changes: Any) -> Recognition:
        claims = Claims(nik=person.nik, full_name=person.full_name, birth_date=person.birth_date, sex=person.sex,
                        key="another")  # fmt: skip
        changed = Claims(**{**{name: getattr(claims, name) for name in claims.__slots__}, **changes})
        found: Recognition = await case.handle.query("recognise", changed, result_type=Recognition)
        return found

    await case.file()
    assert await recognised(key=case.filing.key) is Recognition.SAME_FILING
    assert await recognised(full_name="  ni made  CONTOH ") is Recognition.SAME_PERSON
    assert await recognised(full_name="Ni Made Lain") is Recognition.STRANGER
    assert await recognised(sex="M") is Recognition.STRANGER
    await case.withdraw()
    assert await case.ending() is Ending.WITHDRAWN
    assert await recognised() is Recognition.NOT_YET_KNOWN


async def test_claims_are_not_recognised_before_the_register_has_spoken(start: Start, outside: Outside) -> None:
    outside.answers["population.verify"] = away
    case = await start()
    person = case.filing.applicant
    claims = Claims(nik=person.nik, full_name=person.full_name, birth_date=person.birth_date, sex=person.sex, key="x")
    await case.until(lambda: outside.asked["population.verify"])
    found = await case.handle.query("recognise", claims, result_type=Recognition)
    assert found is Recognition.NOT_YET_KNOWN
