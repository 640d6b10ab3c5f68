"""Every ending that can be reached while one watches, what it gives back, and that the person may file anew."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.journeys.installation import wait_until
from tests.journeys.people import Case, Town, captured, done, form, refused
from workers.local.demonstration.citizen import Citizen, citizen

pytest_plugins = ["tests.journeys.town"]
pytestmark = pytest.mark.journey


def nik_of(birth_date: date, sex: str, serial: int) -> str:
    """A well-formed number of a person of that birth date and sex."""
    return f"517101{birth_date.day + (40 if sex == 'F' else 0):02d}{birth_date:%m%y}{serial:04d}"


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
    ended = done(case.handed())
    assert (ended["stage"], ended["ending"]) == ("ended", "refused")
    fate = town.sql("SELECT state FROM paspor.booklet WHERE serial = :serial", serial=case.booklet)
    assert fate[0].state == "cancelled"


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


def test_not_accepted_where_the_claims_do_not_match_the_register(town: Town) -> None:
    person, applicant = citizen(), town.applicant()
    town.standins["population"].plants(
        "people",
        nik=person.nik,
        full_name="Somebody Else",
        birth_date=person.birth_date.isoformat(),
        sex=person.sex,
    )
    answer = applicant.asks("POST", "/v1/applications", form(person))
    problem = refused(answer, 422, "nik_mismatch")
    assert "Somebody" not in answer.text
    assert problem["errors"][0]["pointer"] == "/applicant"


def test_not_accepted_where_the_register_does_not_know_the_person(town: Town) -> None:
    person = citizen()
    values = {"nik": person.nik, "full_name": person.full_name, "birth_date": person.birth_date.isoformat()}
    town.standins["population"].plants("people", **values, status="inactive")
    refused(town.applicant().asks("POST", "/v1/applications", form(person)), 422, "nik_mismatch")


def test_already_holds_passport_is_said_before_any_bill(town: Town) -> None:
    person, applicant = citizen(), town.applicant()
    town.standins["passports"].plants("passports", nik=person.nik, number="C1234567", expires_on="2035-01-01")
    answer = applicant.asks("POST", "/v1/applications", form(person))
    refused(answer, 409, "already_holds_passport")
    assert "C1234567" not in answer.text
    found = "SELECT number, ending FROM paspor.application WHERE owner = :owner"
    row = town.sql(found, owner=applicant.name)[0]
    assert row.ending == "not_accepted"
    assert town.standins["billing"].log(row.number) == []


def test_already_holds_passport_is_not_said_to_who_guesses(town: Town) -> None:
    person = citizen()
    town.standins["passports"].plants("passports", nik=person.nik, number="C1234568", expires_on="2035-01-01")
    values = {"nik": person.nik, "full_name": person.full_name, "birth_date": person.birth_date.isoformat()}
    town.standins["population"].plants("people", **values, birth_place=person.birth_place, sex=person.sex)
    guess = form(person, applicant={"full_name": "Wayan Menebak"})
    refused(town.applicant().asks("POST", "/v1/applications", guess), 422, "nik_mismatch")


def test_a_live_application_is_said_only_where_all_claims_match(town: Town) -> None:
    case = town.files()
    refused(town.applicant().asks("POST", "/v1/applications", form(case.citizen)), 409, "live_application_exists")
    refused(case.owner.asks("POST", "/v1/applications", form(case.citizen)), 409, "live_application_exists")
    stranger = town.applicant()
    guess = stranger.asks("POST", "/v1/applications", form(case.citizen, applicant={"full_name": "Wayan Menebak"}))
    problem = refused(guess, 422, "nik_mismatch")
    # In the same words as of somebody who has no application at all.
    other = citizen()
    town.standins["population"].plants(
        "people", nik=other.nik, full_name="X Y", birth_date=other.birth_date.isoformat(), sex=other.sex
    )
    same = refused(stranger.asks("POST", "/v1/applications", form(other)), 422, "nik_mismatch")
    assert {**problem, "trace": ""} == {**same, "trace": ""}
    assert (case.shown()["stage"], case.shown()["ending"]) == ("filed", None)


def test_not_eligible_says_on_which_field(town: Town) -> None:
    adult, applicant = citizen(), town.applicant()
    child = Citizen(nik_of(date(2015, 3, 9), "F", 77), "Ni Putu Kecil", date(2015, 3, 9), "Denpasar", "F")
    ordinary = {"type": "ordinary", "validity_years": 10}
    guardian = {"guardians": [{"nik": adult.nik, "full_name": adult.full_name, "relation": "mother"}]}
    for person, changes, pointer in (
        (adult, {"kind": "replacement"}, "/replacement_reason"),
        (adult, {"kind": "replacement", "replacement_reason": "lost"}, "/replacement_reason"),
        (adult, {"replacement_reason": "expired"}, "/replacement_reason"),
        (adult, {"kind": "replacement", "replacement_reason": "pages_full", "service": "same_day"}, "/service"),
        (child, {"document": {"type": "ordinary", "validity_years": 5}}, "/applicant/guardians"),
        (child, {"document": ordinary, "applicant": guardian}, "/document/validity_years"),
    ):
        answer = applicant.asks("POST", "/v1/applications", form(person, **changes))
        problem = refused(answer, 422, "not_eligible")
        assert problem["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("reason", ["expired", "pages_full"])
def test_a_replacement_from_filing_to_handover(town: Town, reason: str) -> None:
    case = Case(town, town.applicant())
    expires_on = date(2026, 11, 24) + timedelta(days=60 if reason == "expired" else 2000)
    old = {"number": f"C{case.citizen.nik[-4:]}111", "expires_on": expires_on.isoformat()}
    town.standins["passports"].plants("passports", nik=case.citizen.nik, **old)
    refused(case.owner.asks("POST", "/v1/applications", form(case.citizen)), 409, "already_holds_passport")
    change = {"kind": "replacement", "replacement_reason": reason, "previous_passport": old}

    def filed() -> bool:
        answer = case.owner.asks("POST", "/v1/applications", form(case.citizen, **change))
        case.number = answer.json().get("number", "")
        return answer.is_success

    wait_until(filed, "the replacement's filing", 10.0)
    town.cases.append(case)
    wanted = [one["kind"] for one in case.shown()["documents"] if one["required"]]
    assert wanted == ["id_card", "previous_passport"]
    case.uploads()
    case.goes_to("collected")
    address = town.installation.addresses["standins"]["passports"]

    def states() -> dict[str, str]:
        answer = town.nobody.http.post(f"{address}/holdings", json={"nik": case.citizen.nik})
        return {one["number"]: one["state"] for one in answer.json()["passports"]}

    wait_until(lambda: states() == {case.booklet: "valid", old["number"]: "replaced"}, "the register's entry", 10.0)


def test_a_child_applies_with_a_guardian_who_collects(town: Town) -> None:
    case, mother = Case(town, town.applicant()), citizen()
    born = date(2016, 5, 17)
    case.citizen = Citizen(nik_of(born, "M", int(mother.nik[-4:])), "I Gede Kecil", born, "Gianyar", "M")
    guardians = [{"nik": mother.nik, "full_name": mother.full_name, "relation": "mother"}]
    case.files(applicant={"guardians": guardians}, document={"type": "ordinary", "validity_years": 5})
    town.cases.append(case)
    papers = {one["kind"] for one in case.shown()["documents"]}
    assert papers == {"parents_ids", "family_card", "birth_record", "parents_consent"}
    case.goes_to("ready")
    lease = case.lease("handover")
    act = {"lease": lease, "outcome": "collected", "booklet_number": case.booklet}
    alone = {"relation": "self", "id_kind": "id_card", "id_number": case.citizen.nik}
    refused(case.tries("handover", **act, collector=alone), 409, "collector_not_entitled")
    collected = case.decides("handover", **act, collector={**alone, "relation": "guardian", "id_number": mother.nik})
    assert collected["ending"] == "collected"
    expires_on = date.fromisoformat(_expiry(town, case))
    assert expires_on.year - date(2026, 11, 24).year == 5


def _expiry(town: Town, case: Case) -> str:
    address = town.installation.addresses["standins"]["passports"]

    def valid() -> list[str]:
        answer = town.nobody.http.post(f"{address}/holdings", json={"nik": case.citizen.nik})
        return [one["expires_on"] for one in answer.json()["passports"] if one["state"] == "valid"]

    return str(wait_until(valid, "the register's entry", 10.0)[0])


def test_collected_is_the_end_and_the_same_person_holds_a_passport_then(town: Town) -> None:
    case = town.case_at("collected")
    refused(case.owner.asks("POST", case.path("/withdrawal")), 409, "not_your_turn")

    def said() -> str:
        return str(case.owner.asks("POST", "/v1/applications", form(case.citizen)).json().get("code"))

    wait_until(lambda: said() == "already_holds_passport", "the passport on record", 20.0)
