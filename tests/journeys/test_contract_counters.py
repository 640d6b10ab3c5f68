"""The contract of counters, tasks and leases: who is called, who may decide, and for how long."""

import re
import uuid

import pytest

from tests.journeys.case import Case
from tests.journeys.people import done, fits, refused
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
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


def test_what_is_decided_is_among_the_done(town: Town) -> None:
    office = town.office("selesai")
    case = arrived(town, office)
    task = case.task("documents")
    case.is_examined()
    examiner = town.person("examiner", office)
    assert examiner.reads("/v1/tasks", step="documents", state="open")["items"] == []
    decided = examiner.reads("/v1/tasks", step="documents", state="done")["items"]
    assert [one["id"] for one in decided] == [task["id"]]
    inspector = town.person("inspector", office)
    assert inspector.reads("/v1/tasks", office=office)["items"] == [], "a task is for its role alone"


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
