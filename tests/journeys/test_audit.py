"""What auditors read: the engine's history in sentences, the ledger beside it, lists, and who read what."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.journeys.auditing import lines
from tests.journeys.people import fits, refused
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
LINE = {
    "at": MOMENT,
    "actor": re.compile(".+"),
    "role": re.compile(".+"),
    "office": str,
    "action": str,
    "outcome": str,
    "reason": str,
    "rule": str,
    "sentence": re.compile(".+"),
    "event_id": int,
}
TOLD = ("at", "actor", "role", "office", "action", "outcome", "reason", "rule")
BESIDE = {"due", "failed"}


def test_the_history_is_told_in_sentences(town: Town) -> None:
    case = town.case_at("collected")
    english, indonesian = lines(town, case), lines(town, case, "id")
    fits(english, [LINE])
    said = {line["action"]: line for line in english}
    assert said["application.filed"]["actor"] == case.owner.name
    assert said["documents.examined"]["actor"] == "examiner@latihan"
    assert said["documents.examined"]["sentence"] == "the documents were examined: complete"
    assert said["application.approved"]["rule"] == "promise@2014-03-20"
    assert said["passport.handed_over"]["sentence"] == f"passport {case.booklet} was handed over (self)"
    assert [line["sentence"] for line in english] != [line["sentence"] for line in indonesian]
    assert [line["event_id"] for line in english] == sorted(line["event_id"] for line in english)
    assert "?" not in "".join(line["sentence"] for line in english + indonesian), "a sentence lacks one of its facts"
    for line in english:
        assert case.citizen.full_name not in line["sentence"]
    refused(town.person("auditor").asks("GET", "/v1/audit/applications/1111111111111111/history"), 404, "not_found")


def test_every_action_has_a_sentence_of_its_own(town: Town) -> None:
    suspended = town.case_at("documents_examined")
    suspended.decides("interview", outcome="suspend", reason="purpose unclear")
    suspended.decides("resume", outcome="resume", reason="seen")
    returned = town.case_at("checked_in")
    returned.decides("documents", outcome="return", missing=["id_card"])
    returned.uploads("id_card")
    returned.owner.does(returned.path("/completion"))
    for case in (suspended, returned):
        for line in lines(town, case) + lines(town, case, "id"):
            assert line["sentence"] != line["action"], line
            assert "?" not in line["sentence"], line


@pytest.mark.parametrize("ending", ["open", "collected", "withdrawn", "refused"])
def test_ledger_and_engine_tell_the_same_story(town: Town, ending: str) -> None:
    case = town.case_at({"collected": "collected", "refused": "approved"}.get(ending, "interviewed"))
    if ending == "withdrawn":
        case.owner.does(case.path("/withdrawal"), {"reason": "too long"})
    if ending == "refused":
        town.standins["watchlist"].plants("entries", nik=case.citizen.nik)
        case.is_allocated()
        case.ends("refused")
    told = [line for line in lines(town, case) if line["action"] not in BESIDE and "pushed." not in line["action"]]
    ledger = town.sql("SELECT * FROM paspor.case_event WHERE number = :number ORDER BY seq", number=case.number)
    assert len(told) == len(ledger) > 8
    for mine, its in zip(ledger, told, strict=True):
        entry = {name: getattr(mine, name) for name in TOLD}
        line = {**{name: its[name] for name in TOLD}, "at": datetime.fromisoformat(its["at"])}
        assert entry == line
    assert [row.seq for row in ledger] == list(range(1, len(ledger) + 1))


def test_lists_are_filtered_counted_and_go_on(town: Town) -> None:
    office = town.office("laporan")
    auditor, path = town.person("auditor"), "/v1/audit/applications"
    cases = [town.case_at("checked_in", office=office), *(town.case_at("paid", office=office) for _ in range(2))]
    cases[2].owner.does(cases[2].path("/withdrawal"))
    first = auditor.reads(path, office=office, limit=2)
    fits(first, {"items": [{"number": str, "stage": str}], "by_stage": dict, "by_ending": dict})
    rest = auditor.reads(path, office=office, limit=2, cursor=first["next"])
    found = [item["number"] for item in first["items"] + rest["items"]]
    assert (found, rest["next"]) == ([case.number for case in reversed(cases)], None)
    assert first["by_stage"] == rest["by_stage"] == {"checked_in": 1, "paid": 1, "ended": 1}
    assert first["by_ending"] == {"withdrawn": 1}
    assert [one["number"] for one in auditor.reads(path, office=office, stage="paid")["items"]] == [cases[1].number]
    assert [one["number"] for one in auditor.reads(path, office=office, ending="withdrawn")["items"]] == [
        cases[2].number
    ]
    by_kiosk = auditor.reads(path, officer=f"kiosk@{office}")["items"]
    assert [one["number"] for one in by_kiosk] == [cases[0].number]
    assert auditor.reads(path, office=office, overdue="true")["items"] == []
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    assert auditor.reads(path, office=office, to=yesterday)["items"] == []
    for wrong in ({"stage": "tea"}, {"from": "soon"}, {"cursor": "bm9uZQ"}, {"from": "2026-02-01", "to": "2026-01-01"}):
        refused(auditor.asks("GET", path, params=wrong), 422, "invalid_input")


def test_reads_are_logged_also_the_auditors_own(town: Town) -> None:
    case = town.case_at("checked_in")
    case.officer("examiner").reads(case.path())
    lines(town, case)
    path, auditor = "/v1/audit/reads", town.person("auditor")
    found = auditor.reads(path, application=case.number)
    fits(found, {"items": [{"at": MOMENT, "actor": str, "role": str, "action": str, "outcome": str, "why": str}]})
    seen = {(line["actor"], line["action"], line["outcome"]) for line in found["items"]}
    assert ("examiner@latihan", "GET /v1/applications/{number}", "read") in seen
    assert ("auditor", "GET /v1/audit/applications/{number}/history", "read") in seen
    again = auditor.reads(path, application=case.number)["items"]
    assert ("auditor", "GET /v1/audit/reads") in {(line["actor"], line["action"]) for line in again}
    page = auditor.reads(path, officer="auditor", limit=1)
    following = auditor.reads(path, officer="auditor", limit=1, cursor=page["next"])
    assert following["items"][0] != page["items"][0]
