"""The contract of counters, tasks and leases: who is called, who may decide, and for how long."""

import re
import uuid

import pytest

from tests.journeys.people import Case, Town, done, fits, refused

pytest_plugins = ["tests.journeys.town"]
pytestmark = pytest.mark.journey

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
LEASE = {"id": str, "until": MOMENT}
CALLED = {"ticket": re.compile(r"[APS]-\d{3,5}"), "application": re.compile(r"\d{16}"), "lease": LEASE}
TASK = {"id": str, "step": str, "application": str, "since": MOMENT, "due_at": (str, type(None)), "owner?": str}
BOARD = {
    "called": [{"ticket": str, "counter": str, "at": MOMENT}],
    "waiting": int,
    "estimate": {"from_minutes": int, "to_minutes": int},
}


def arrived(town: Town, office: str) -> Case:
    """A case whose person has come to the office."""
    return town.case_at("checked_in", office=office)


def test_the_next_person_is_called_in_turn_with_a_lease_that_decides(town: Town) -> None:
    office = town.office("loket")
    examiner, path = town.person("examiner", office), f"/v1/offices/{office}/counters/3"
    assert examiner.asks("POST", f"{path}/next", {"step": "documents"}).status_code == 204
    first, second = arrived(town, office), arrived(town, office)
    called = examiner.does(f"{path}/next", {"step": "documents"})
    fits(called, CALLED)
    assert (called["application"], called["ticket"]) == (first.number, first.shown()["ticket"]["number"])
    board = town.nobody.reads(f"/v1/offices/{office}/queue")
    fits(board, BOARD)
    assert [(one["ticket"], one["counter"]) for one in board["called"]] == [(called["ticket"], "3")]
    assert board["waiting"] == 1
    first.decides("documents", lease=called["lease"]["id"], outcome="complete")
    other = town.person("examiner-2", office).does(f"/v1/offices/{office}/counters/4/next", {"step": "documents"})
    assert other["application"] == second.number
    second.decides("documents", "examiner-2", lease=other["lease"]["id"], outcome="complete")
    interviewer, booth = town.person("interviewer", office), f"/v1/offices/{office}/counters/booth-1/next"
    first.task("interview")
    seat = interviewer.does(booth, {"step": "booth"})
    assert seat["application"] == first.number
    # One visit to the booth, one lease: the interview and the capture are decided under it.
    first.decides("interview", lease=seat["lease"]["id"], outcome="pass")
    done(first.captures(lease=first.lease("enrolment")))
    assert interviewer.asks("POST", booth, {"step": "documents"}).status_code == 403


def test_parked_missing_and_called_again(town: Town) -> None:
    office = town.office("panggil")
    case = arrived(town, office)
    examiner, counter = town.person("examiner", office), f"/v1/offices/{office}/counters/1"
    ticket = examiner.does(f"{counter}/next", {"step": "documents"})["ticket"]
    parked = examiner.does(f"{counter}/park", {"ticket": ticket, "reason": "fetches a copy"})
    assert (parked["ticket"], parked["state"]) == (ticket, "parked")
    assert examiner.asks("POST", f"{counter}/next", {"step": "documents"}).status_code == 204
    again = examiner.does(f"{counter}/recall", {"ticket": ticket})
    fits(again, CALLED)
    assert again["application"] == case.number
    gone = examiner.does(f"{counter}/no-show", {"ticket": ticket, "reason": "did not come"})
    assert gone["state"] == "no_show"
    assert examiner.asks("POST", f"{counter}/next", {"step": "documents"}).status_code == 204
    back = examiner.does(f"{counter}/recall", {"ticket": ticket})
    case.decides("documents", lease=back["lease"]["id"], outcome="complete")
    refused(examiner.asks("POST", f"{counter}/recall", {"ticket": "A-999"}), 404, "not_found")
    refused(examiner.asks("POST", f"{counter}/park", {"ticket": "A-999"}), 404, "not_found")
    kinds = [row.what for row in town.sql("SELECT what FROM paspor.queue_call WHERE office = :o ORDER BY id", o=office)]
    assert kinds == ["call", "park", "recall", "no_show", "recall"]
    found = town.person("auditor").reads("/v1/audit/exceptions")["items"]
    assert sum(1 for one in found if one["kind"] == "recall" and one["number"] == case.number) == 2


def test_the_board_has_numbers_and_no_names(town: Town) -> None:
    office = town.office("papan")
    case = arrived(town, office)
    town.person("examiner", office).does(f"/v1/offices/{office}/counters/1/next", {"step": "documents"})
    answer = town.nobody.asks("GET", f"/v1/offices/{office}/queue")
    for secret in (case.number, case.citizen.nik, case.citizen.full_name, *case.citizen.full_name.split()[1:]):
        assert secret not in answer.text
    refused(town.nobody.asks("GET", "/v1/offices/nowhere/queue"), 404, "not_found")


def test_a_list_of_tasks_goes_on_with_its_cursor(town: Town) -> None:
    office = town.office("daftar")
    cases = [arrived(town, office) for _ in range(3)]
    examiner, found, cursor = town.person("examiner", office), [], ""
    for length in (2, 1):
        page = examiner.reads("/v1/tasks", step="documents", office=office, state="open", limit=2, cursor=cursor)
        fits(page, {"items": [TASK], "next": (str, type(None))})
        assert len(page["items"]) == length
        found += [item["application"] for item in page["items"]]
        cursor = page["next"] or ""
    assert cursor == ""
    assert found == [case.number for case in cases]
    for wrong in ({"limit": 101}, {"limit": 0}, {"cursor": "bm9uZQ"}, {"step": "tea"}):
        answer = examiner.asks("GET", "/v1/tasks", params=wrong)
        problem = refused(answer, 422, "invalid_input")
        assert problem["errors"][0]["pointer"] == f"/query/{next(iter(wrong))}"


def test_choosing_a_task_needs_a_reason_and_one_has_it(town: Town) -> None:
    case = arrived(town, town.office("pilih"))
    task = case.task("documents")
    path, one, other = f"/v1/tasks/{task['id']}/claim", case.officer("examiner"), case.officer("examiner-2")
    problem = refused(one.asks("POST", path), 422, "invalid_input")
    assert problem["errors"][0]["pointer"] == "/reason"
    claimed = one.does(path, {"reason": "wheelchair"})
    fits(claimed, {"task": TASK, "lease": LEASE})
    assert claimed["task"]["application"] == case.number
    refused(other.asks("POST", path, {"reason": "me too"}), 409, "already_claimed")
    owned = case.task("documents")
    assert owned["owner"] == one.name
    assert one.does(path, verb="DELETE")["task"] == task["id"]
    assert other.does(path, {"reason": "now mine"})["lease"]["id"] != claimed["lease"]["id"]
    refused(one.asks("DELETE", path), 409, "lease_lost")
    refused(one.asks("POST", f"/v1/tasks/{uuid.UUID(int=1)}/claim", {"reason": "x"}), 404, "not_found")
    found = town.person("auditor").reads("/v1/audit/exceptions")["items"]
    chosen = [item for item in found if item["number"] == case.number and item["kind"] == "chosen_case"]
    assert {(item["who"], item["reason"]) for item in chosen} == {(one.name, "wheelchair"), (other.name, "now mine")}


def test_the_next_task_is_given_without_a_reason(town: Town) -> None:
    office = town.office("urut")
    examiner = town.person("examiner", office)
    assert examiner.asks("POST", "/v1/tasks/next", {"step": "documents"}).status_code == 204
    first, second = arrived(town, office), arrived(town, office)
    given = [examiner.does("/v1/tasks/next", {"step": "documents"}) for _ in range(2)]
    fits(given[0], {"task": TASK, "lease": LEASE})
    assert [one["task"]["application"] for one in given] == [first.number, second.number]
    refused(examiner.asks("POST", "/v1/tasks/next", {"step": "quality"}), 403, "role_not_allowed")


def test_a_lease_is_renewed_by_its_owner_and_lost_by_others(town: Town) -> None:
    case = arrived(town, town.office("sewa"))
    lease, one, other = case.lease("documents"), case.officer("examiner"), case.officer("examiner-2")
    until = town.sql("SELECT until FROM paspor.lease WHERE id = CAST(:id AS uuid)", id=lease)[0].until
    renewed = one.does(f"/v1/leases/{lease}")
    fits(renewed, LEASE)
    assert renewed["id"] == lease
    later = town.sql("SELECT until FROM paspor.lease WHERE id = CAST(:id AS uuid)", id=lease)[0].until
    assert later > until
    refused(other.asks("POST", f"/v1/leases/{lease}"), 409, "lease_lost")
    refused(case.tries("documents", "examiner-2", lease=lease, outcome="complete"), 409, "lease_lost")
    assert case.shown()["stage"] == "checked_in"
    tried = town.person("auditor").reads("/v1/audit/reads", application=case.number)["items"]
    assert ("lease_lost", other.name) in {(line["outcome"], line["actor"]) for line in tried}


def test_a_lease_that_ran_out_is_lost(town: Town) -> None:
    """The lease's end is moved to the past as its superuser could: fifteen minutes are long."""
    case = arrived(town, town.office("habis"))
    lease = case.lease("documents")
    town.sql(
        "UPDATE paspor.task SET lease_until = clock_timestamp() - interval '1 second' WHERE number = :number",
        number=case.number,
    )
    refused(case.officer("examiner").asks("POST", f"/v1/leases/{lease}"), 409, "lease_lost")
    refused(case.tries("documents", lease=lease, outcome="complete"), 409, "lease_lost")
    second = case.lease("documents", "examiner-2")
    refused(case.tries("documents", lease=lease, outcome="complete"), 409, "lease_lost")
    case.decides("documents", "examiner-2", lease=second, outcome="complete")


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
