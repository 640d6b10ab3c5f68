"""The contract of decisions: each under its lease, in its turn, about the booklet of its case."""

import uuid

import pytest

from tests.journeys.people import done, fits, refused
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey


def test_a_decision_without_a_lease_is_incomplete_and_one_out_of_turn_is_not_taken(town: Town) -> None:
    case = town.case_at("checked_in")
    examiner, path = case.officer("examiner"), case.path("/decisions/documents")
    problem = refused(examiner.asks("POST", path, {"outcome": "complete"}), 422, "invalid_input")
    assert problem["errors"][0]["pointer"] == "/lease"
    interview = {"lease": str(uuid.uuid4()), "outcome": "pass"}
    answer = case.officer("interviewer").asks("POST", case.path("/decisions/interview"), interview)
    refused(answer, 409, "not_your_turn")
    refused(examiner.asks("POST", path, {"lease": str(uuid.uuid4()), "outcome": "complete"}), 409, "lease_lost")


def test_a_decision_whose_answer_got_lost_is_answered_again(town: Town) -> None:
    case, key = town.case_at("checked_in"), str(uuid.uuid4())
    body = {"lease": case.lease("documents"), "outcome": "complete"}
    path, examiner = case.path("/decisions/documents"), case.officer("examiner")
    first = done(examiner.asks("POST", path, body, key=key))
    # As if the stored answer had been lost with the process that should have kept it.
    town.sql("DELETE FROM paspor.idempotent_request WHERE key = :key", key=key)
    again = examiner.asks("POST", path, body, key=key)
    assert done(again)["number"] == first["number"]
    assert [line["what"] for line in again.json()["timeline"]].count("documents.examined") == 1


def test_a_capture_that_is_not_good_enough_says_what_to_do_again(town: Town) -> None:
    case = town.case_at("interviewed")
    lease, officer = case.lease("enrolment"), case.officer("interviewer")
    portrait = town_portrait()
    files = {"portrait": ("p.png", portrait, "image/png"), "signature": ("s.png", portrait, "image/png")}
    path = case.path("/decisions/enrolment")
    form = {"lease": lease, "exceptions": "[]"}
    problem = refused(officer.asks("POST", path, files=files, data=form), 422, "capture_not_accepted")
    assert any(finding.startswith("face:") for finding in problem["findings"])
    assert "fingers:too_few" in problem["findings"]
    missing = officer.asks("POST", path, files={"portrait": files["portrait"]}, data=form)
    assert refused(missing, 422, "invalid_input")["errors"][0]["pointer"] == "/signature"
    accepted = done(case.captures(lease=lease))
    shape = {
        "face": {"quality": int, "findings": [str]},
        "fingers": [{"finger": int, "quality": int}],
        "accepted": bool,
    }
    fits(accepted, shape)
    assert accepted["accepted"] is True
    assert [one["finger"] for one in accepted["fingers"]] == [1, 6]


def town_portrait() -> bytes:
    """A picture with nothing on it."""
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (413, 531), (128, 128, 128)).save(out, "PNG")
    return out.getvalue()


def test_missing_fingers_are_stated_and_enough(town: Town) -> None:
    case = town.case_at("documents_examined")
    lease = case.lease("enrolment")
    accepted = done(case.captures(lease=lease, exceptions='[{"finger": 2, "reason": "bandage"}]'))
    assert accepted["accepted"]
    assert case.shown()["stage"] == "enrolled"
    case.is_interviewed()
    case.is_approved()


def test_only_the_booklet_of_the_case_is_allocated_judged_and_handed_over(town: Town) -> None:
    case = town.case_at("approved")
    free, lease = case.blank(), case.lease("allocation")
    refused(
        case.tries("allocation", lease=lease, outcome="allocated", booklet="Z9999999"), 409, "booklet_not_available"
    )
    case.booklet = free
    case.decides("allocation", lease=lease, outcome="allocated", booklet=free)
    case.is_printed()
    lease = case.lease("quality")
    refused(case.tries("quality", lease=lease, outcome="pass", booklet_number="X2999999"), 409, "wrong_booklet")
    no_defect = case.tries("quality", lease=lease, outcome="fail", booklet_number=free)
    refused(no_defect, 422, "invalid_input")
    case.decides("quality", lease=lease, outcome="pass", booklet_number=free)
    case.comes_to("ready")
    lease = case.lease("handover")
    collector = {"relation": "attorney", "id_kind": "id_card", "id_number": "5171010101900001"}
    act = {"lease": lease, "outcome": "collected", "booklet_number": free}
    refused(case.tries("handover", **act, collector=collector), 409, "collector_not_entitled")
    wrong = case.tries("handover", **{**act, "booklet_number": "X2999999"}, collector=collector)
    refused(wrong, 409, "wrong_booklet")
    collected = case.decides("handover", **act, collector={**collector, "letter": "power of attorney 12"})
    assert (collected["stage"], collected["ending"]) == ("collected", "collected")


def test_a_failed_quality_spoils_the_booklet_and_another_is_made_without_a_new_bill(town: Town) -> None:
    case = town.case_at("printed")
    spoiled, bill = case.booklet, case.shown()["bill"]
    failed = case.decides("quality", outcome="fail", booklet_number=spoiled, defect="line across the photograph")
    assert failed["passport"]["state"] == "spoiled"
    case.is_allocated()
    assert case.booklet != spoiled
    case.is_printed()
    case.is_inspected()
    assert case.shown()["bill"] == bill
    found = town.person("auditor").reads("/v1/audit/exceptions")["items"]
    kinds = {item["kind"] for item in found if item["number"] == case.number}
    assert {"spoiled_booklet", "reprint"} <= kinds
