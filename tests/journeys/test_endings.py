"""Every ending that can be reached while one watches, what it gives back, and that the person may file anew."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.journeys.applying import form
from tests.journeys.case import Case
from tests.journeys.installation import wait_until
from tests.journeys.people import refused
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey


def anew(town: Town, case: Case) -> Case:
    """The same person's next application."""
    again = Case(town, case.owner, case.office)
    again.citizen = case.citizen

    def accepted() -> bool:
        answer = case.owner.asks("POST", "/v1/applications", form(case.citizen))
        if answer.is_success:
            again.number = answer.json()["number"]
        return answer.is_success

    wait_until(accepted, "a new application of the same person", 20.0)
    town.cases.append(again)
    return again


def story(town: Town, case: Case) -> list[dict[str, Any]]:
    """What the auditor reads."""
    path = f"/v1/audit/applications/{case.number}/history"
    found: list[dict[str, Any]] = town.person("auditor").reads(path)["items"]
    return found


@pytest.mark.parametrize(
    "stage",
    ["filed", "booked", "paid", "checked_in", "documents_examined", "interviewed", "approved", "printed", "ready"],
)
def test_withdrawn_at_each_stage(town: Town, stage: str) -> None:
    case = town.case_at(stage)
    ended = case.owner.does(case.path("/withdrawal"), {"reason": "changed my mind"})
    assert (ended["stage"], ended["ending"], ended["next_step"]["what"]) == ("ended", "withdrawn", "none")
    assert case.shown() == ended
    booking = town.sql("SELECT state FROM paspor.booking WHERE number = :number", number=case.number)
    if booking:
        assert booking[0].state == ("released" if stage in ("booked", "paid") else "used")
    if case.booklet:
        fate = town.sql("SELECT state FROM paspor.booklet WHERE serial = :serial", serial=case.booklet)
        assert fate[0].state == "cancelled"
    open_tasks = "SELECT 1 FROM paspor.task WHERE number = :number AND state = 'open'"
    assert town.sql(open_tasks, number=case.number) == []
    refused(case.owner.asks("POST", case.path("/withdrawal")), 409, "not_your_turn")
    assert story(town, case)[-1]["reason"] == "changed my mind"


def test_after_an_ending_the_person_files_anew_and_the_old_number_stays_ended(town: Town) -> None:
    case = town.case_at("paid")
    case.owner.does(case.path("/withdrawal"))
    again = anew(town, case)
    assert again.number != case.number
    for answer in (
        case.owner.asks("POST", case.path("/withdrawal")),
        case.takes(again.slots()[0]["id"]),
        case.owner.asks("POST", case.path("/completion")),
        case.officer("kiosk").asks("POST", f"/v1/offices/{case.office}/check-ins", {"number": case.number}),
    ):
        refused(answer, 409, "not_your_turn")
    assert (again.shown()["stage"], again.shown()["ending"]) == ("filed", None)
    assert [line["what"] for line in again.shown()["timeline"]] == ["application.filed", "claims.verified"]
    again.goes_to("documents_examined")
    assert case.shown()["ending"] == "withdrawn"
    assert {line["event_id"] for line in story(town, case)} != {line["event_id"] for line in story(town, again)}


def test_refused_by_the_examiner(town: Town) -> None:
    case = town.case_at("checked_in")
    lease = case.lease("documents")
    unexplained = case.tries("documents", lease=lease, outcome="refuse")
    refused(unexplained, 422, "invalid_input")
    ended = case.decides("documents", lease=lease, outcome="refuse", reason="the family card is forged")
    assert (ended["stage"], ended["ending"]) == ("ended", "refused")
    assert story(town, case)[-1]["actor"] == "examiner@latihan"


def test_refused_by_the_interviewer(town: Town) -> None:
    case = town.case_at("documents_examined")
    ended = case.decides("interview", outcome="refuse", reason="another person came")
    assert ended["ending"] == "refused"
    anew(town, case)


def test_refused_for_an_exit_ban_before_the_interview(town: Town) -> None:
    case = town.case_at("checked_in")
    town.standins["watchlist"].plants("entries", nik=case.citizen.nik, reason="court order")
    case.decides("documents", outcome="complete")
    ended = case.ends("refused")
    assert "court order" not in str(ended), "what a list says is not told to the person"
    last = next(line for line in reversed(story(town, case)) if line["action"] == "application.ended")
    assert (last["rule"], last["actor"]) == ("UU 6/2011 art. 97", "system")


def test_refused_for_an_exit_ban_at_the_counter(town: Town) -> None:
    case = town.case_at("ready")
    town.standins["watchlist"].plants(
        "entries", full_name=case.citizen.full_name, birth_date=case.citizen.birth_date.isoformat()
    )
    refused(case.handed(), 409, "exit_ban")
    case.ends("refused")
    fate = town.sql("SELECT state FROM paspor.booklet WHERE serial = :serial", serial=case.booklet)
    assert fate[0].state == "cancelled"


def test_cancelled_by_the_head(town: Town) -> None:
    for stage in ("booked", "approved"):
        case = town.case_at(stage)
        head, path = case.officer("head"), case.path("/cancellation")
        problem = refused(head.asks("POST", path, {}), 422, "invalid_input")
        assert problem["errors"][0]["pointer"] == "/reason"
        ended = head.does(path, {"reason": "obtained by false documents"})
        assert (ended["stage"], ended["ending"]) == ("ended", "cancelled")
        last = next(line for line in reversed(story(town, case)) if line["action"] == "application.ended")
        assert (last["actor"], last["reason"]) == ("head@latihan", "obtained by false documents")
    other = town.case_at("booked")
    refused(
        town.person("head", "denpasar").asks("POST", other.path("/cancellation"), {"reason": "x"}), 404, "not_found"
    )


def test_suspended_and_resumed_by_the_head(town: Town) -> None:
    case = town.case_at("documents_examined")
    lease = case.lease("interview")
    refused(case.tries("interview", lease=lease, outcome="suspend"), 422, "invalid_input")
    held = case.decides("interview", lease=lease, outcome="suspend", reason="purpose unclear")
    assert (held["stage"], held["next_step"]["who"]) == ("on_hold", "office")
    assert held["next_step"]["by"]
    refused(case.tries("resume", lease=case.lease("resume"), outcome="resume"), 422, "invalid_input")
    back = case.decides("resume", outcome="resume", reason="letter of the employer seen")
    assert back["ending"] is None
    case.is_enrolled()
    case.comes_to("approved")


def test_suspended_and_refused_by_the_head(town: Town) -> None:
    case = town.case_at("documents_examined")
    case.decides("interview", outcome="suspend", reason="purpose unclear")
    ended = case.decides("resume", outcome="refuse", reason="nothing was shown")
    assert ended["ending"] == "refused"


def test_suspended_until_the_interviewers_own_deadline(town: Town) -> None:
    case = town.case_at("documents_examined")
    until = (datetime.now(UTC) + timedelta(seconds=3)).isoformat()
    case.decides("interview", outcome="suspend", reason="purpose unclear", until=until)
    ended = case.ends("refused")
    assert ended["stage"] == "ended"
