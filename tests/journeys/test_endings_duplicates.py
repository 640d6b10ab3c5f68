"""A possible duplicate before two adjudicators, neither of whom interviewed the person, and the head."""

import pytest

from tests.journeys.case import Case, captured
from tests.journeys.people import done, refused
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey


def adjudicated(town: Town, case: Case) -> None:
    """Plant a candidate, and let the case come before the adjudicators."""
    town.standins["abis"].plants("expectations", number=case.number, candidates=["a410"])
    case.goes_to("enrolled")
    case.comes_to("adjudication")


def test_refused_as_a_duplicate_by_two_adjudicators(town: Town) -> None:
    case = town.files()
    adjudicated(town, case)
    first = case.decides("adjudication", outcome="match", reason="same scar")
    assert (first["stage"], first["ending"]) == ("adjudication", None)
    assert not any(line.get("note") == "match" for line in first["timeline"] if "adjudication" in line["what"])
    task = case.task("adjudication", "adjudicator-2")
    claim = f"/v1/tasks/{task['id']}/claim"
    refused(case.officer("adjudicator").asks("POST", claim, {"reason": "again"}), 409, "same_officer")
    body = {"lease": task["id"], "outcome": "match", "reason": "again"}
    same = case.officer("adjudicator").asks("POST", case.path("/decisions/adjudication"), body)
    refused(same, 409, "same_officer")
    ended = case.decides("adjudication", "adjudicator-2", outcome="match", reason="same ridges")
    assert (ended["stage"], ended["ending"]) == ("ended", "refused")
    tried = town.person("auditor").reads("/v1/audit/reads", application=case.number)["items"]
    assert "same_officer" in {line["outcome"] for line in tried}


def test_two_adjudicators_who_see_no_match_let_the_case_go_on(town: Town) -> None:
    case = town.files()
    adjudicated(town, case)
    case.decides("adjudication", outcome="no_match", reason="another ear")
    case.decides("adjudication", "adjudicator-2", outcome="no_match", reason="another ear")
    case.comes_to("approved")


def test_where_adjudicators_differ_the_head_decides(town: Town) -> None:
    case = town.files()
    adjudicated(town, case)
    case.decides("adjudication", outcome="no_match", reason="another ear")
    case.decides("adjudication", "adjudicator-2", outcome="unsure", reason="blurred")
    refused(case.officer("adjudicator").asks("POST", "/v1/tasks/next", {"step": "documents"}), 403, "role_not_allowed")
    case.decides("adjudication", "head", outcome="no_match", reason="seen in person")
    case.comes_to("approved")


def test_who_interviewed_does_not_adjudicate(town: Town) -> None:
    """The local issuer gives one role a person, so the bar is read where it stands: on the task."""
    case = town.files()
    adjudicated(town, case)
    barred = "SELECT barred FROM paspor.task WHERE number = :number AND step = 'adjudication' AND state = 'open'"
    assert "interviewer@latihan" in town.sql(barred, number=case.number)[0].barred


def test_a_twin_by_the_same_fingers_comes_before_adjudicators(town: Town) -> None:
    first, second = town.case_at("interviewed"), town.case_at("interviewed")
    capture = captured()
    for case in (first, second):
        form_of = {**capture, "data": {**capture["data"], "lease": case.lease("enrolment")}}
        done(case.officer("interviewer").asks("POST", case.path("/decisions/enrolment"), **form_of))
        case.comes_to("approved" if case is first else "adjudication")
