"""What auditors rely on: the engine's own history, the ledger beside it, and that neither tells who the person is."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message
from sqlalchemy import text
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from activities.storage import seal
from tests.journeys.installation import installed, wait_until
from tests.journeys.people import Case, Town, fits, refused
from workers.local.demonstration.citizen import Citizen
from workflows.passport import PassportApplication
from workflows.sandbox import runner

pytest_plugins = ["tests.journeys.town"]
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
# What the engine itself writes beside a local activity, in clear.
ENGINES_NOTES = {
    "seq",
    "activity_id",
    "activity_type",
    "activation_index",
    "attempt",
    "complete_time",
    "backoff",
    "original_schedule_time",
}


def lines(town: Town, case: Case, language: str = "en") -> list[dict[str, Any]]:
    """The case's history as sentences."""
    path = f"/v1/audit/applications/{case.number}/history"
    answer = town.person("auditor").asks("GET", path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def engines(town: Town, case: Case) -> dict[str, Any]:
    """The case's history as the engine's own JSON."""
    path = f"/v1/audit/applications/{case.number}/history"
    found: dict[str, Any] = town.person("auditor").reads(path, form="engine")
    return found


def workflow_of(town: Town, case: Case) -> Any:
    """Where the engine has the case."""
    return town.sql("SELECT workflow_id, run_id FROM paspor.application WHERE number = :n", n=case.number)[0]


async def raw_handle(town: Town, case: Case) -> WorkflowHandle[Any, Any]:
    """The case in the engine, for somebody who has no keys."""
    found = town.installation.environment
    client = await Client.connect(found["PASPOR_TEMPORAL_ADDRESS"], namespace=found["PASPOR_TEMPORAL_NAMESPACE"])
    place = workflow_of(town, case)
    return client.get_workflow_handle(place.workflow_id, run_id=place.run_id)


async def replayed(town: Town, case: Case) -> None:
    """The engine's JSON is a history that today's procedure makes again, without any key."""
    history = WorkflowHistory.from_json(workflow_of(town, case).workflow_id, engines(town, case))
    player = Replayer(workflows=[PassportApplication], data_converter=pydantic_data_converter, workflow_runner=runner())
    await player.replay_workflow(history)


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


async def test_the_engines_json_replays_when_collected(town: Town) -> None:
    case = town.case_at("collected")
    await replayed(town, case)


async def test_the_engines_json_replays_while_open(town: Town) -> None:
    for stage in ("filed", "paid", "approved"):
        await replayed(town, town.case_at(stage))


async def test_the_engines_json_replays_after_refusals_outages_and_a_withdrawal(town: Town) -> None:
    case = town.case_at("documents_examined")
    lease = case.lease("enrolment")
    with town.standins["capture"].failing("error", rate=0.5), town.standins["abis"].failing("error", rate=0.34):
        assert case.captures(lease=lease).is_success
    case.decides("interview", outcome="suspend", reason="purpose unclear")
    case.decides("resume", outcome="resume", reason="seen")
    case.owner.does(case.path("/withdrawal"))
    await replayed(town, case)


async def test_a_changed_history_does_not_replay(town: Town) -> None:
    """That a replay can fail at all: without this the tests above would show nothing."""
    case = town.case_at("paid")
    history = json.dumps(engines(town, case))
    scheduled = next(
        event for event in engines(town, case)["events"] if "activityTaskScheduledEventAttributes" in event
    )
    name = scheduled["activityTaskScheduledEventAttributes"]["activityType"]["name"]
    changed = history.replace(f'"name": "{name}"', '"name": "another.request"')
    assert changed != history
    player = Replayer(workflows=[PassportApplication], data_converter=pydantic_data_converter, workflow_runner=runner())
    with pytest.raises(Exception, match=r"(?i)nondeterminism"):
        await player.replay_workflow(WorkflowHistory.from_json(workflow_of(town, case).workflow_id, changed))


@pytest.mark.parametrize("ending", ["open", "collected", "withdrawn", "refused"])
def test_ledger_and_engine_tell_the_same_story(town: Town, ending: str) -> None:
    case = town.case_at("collected" if ending == "collected" else "interviewed")
    if ending == "withdrawn":
        case.owner.does(case.path("/withdrawal"), {"reason": "too long"})
    if ending == "refused":
        town.standins["watchlist"].plants("entries", nik=case.citizen.nik)
        case.is_enrolled()
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


class Broken:
    """Rows of the record changed by a superuser, who switches the guards off; put back after the block."""

    def __init__(self, town: Town, number: str) -> None:
        self.town, self.number = town, number

    def does(self, statement: str) -> None:
        """One statement past all guards."""
        with self.town.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql(statement.replace(":number", f"'{self.number}'"))

    def says(self) -> list[tuple[str, int, str]]:
        """What verification says of the case."""
        found = self.town.person("auditor").reads("/v1/audit/verification")
        fits(found, {"cases": int, "events": int, "broken": [{"number": str, "seq": int, "what": str}], "roots": list})
        return [(one["number"], one["seq"], one["what"]) for one in found["broken"] if one["number"] == self.number]


@pytest.fixture
def record(town: Town) -> Iterator[Broken]:
    """The record of a paid case, whole again afterwards."""
    case = town.case_at("paid")
    broken = Broken(town, case.number)
    keep = f"kept_{case.number}"
    broken.does(f"CREATE TABLE public.{keep} AS SELECT * FROM paspor.case_event WHERE number = :number")
    with town.engine.connect() as unsealed:
        # Nothing is sealed meanwhile: a root over a broken record would not hold when it is whole again.
        unsealed.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": seal.LOCK})
        yield broken
        broken.does("DELETE FROM paspor.case_event WHERE number = :number")
        broken.does(f"INSERT INTO paspor.case_event SELECT * FROM public.{keep}; DROP TABLE public.{keep}")
        assert broken.says() == []
        unsealed.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": seal.LOCK})


def test_the_record_of_all_cases_is_sound(town: Town) -> None:
    town.case_at("paid")
    found = town.person("auditor").reads("/v1/audit/verification")
    assert found["broken"] == []
    assert found["cases"] > 0
    assert found["events"] == town.sql("SELECT count(*) FROM paspor.case_event")[0][0]
    assert all(root["holds"] for root in found["roots"])


def test_verification_and_exceptions_have_their_span(town: Town) -> None:
    auditor = town.person("auditor")
    case = town.case_at("checked_in")
    case.lease("documents")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    today = datetime.now(UTC).date().isoformat()
    later = auditor.reads("/v1/audit/verification", **{"from": tomorrow})
    assert (later["cases"], later["events"], later["broken"], later["roots"]) == (0, 0, [], [])
    assert auditor.reads("/v1/audit/verification", **{"from": today, "to": today})["cases"] > 0
    assert auditor.reads("/v1/audit/exceptions", **{"from": tomorrow})["items"] == []
    found = auditor.reads("/v1/audit/exceptions", **{"from": today, "to": today})["items"]
    chosen = next(one for one in found if one["number"] == case.number)
    assert (chosen["kind"], chosen["who"], chosen["office"]) == ("chosen_case", "examiner@latihan", "latihan")
    assert chosen["reason"]


def test_a_row_that_a_superuser_altered_is_named(record: Broken) -> None:
    assert record.says() == []
    record.does("UPDATE paspor.case_event SET outcome = 'mismatch' WHERE number = :number AND seq = 2")
    assert record.says() == [(record.number, 2, "altered")]


def test_a_row_that_a_superuser_took_out_is_missed(record: Broken) -> None:
    record.does("DELETE FROM paspor.case_event WHERE number = :number AND seq = 3")
    assert record.says()[0][:2] == (record.number, 4)


def test_the_last_row_that_a_superuser_took_out_is_missed(record: Broken) -> None:
    record.does(
        "DELETE FROM paspor.case_event WHERE number = :number AND seq = "
        "(SELECT max(seq) FROM paspor.case_event WHERE number = :number)"
    )
    assert record.says()[0][2] == "missing after"


def test_nobody_but_a_superuser_who_switches_the_guards_off_changes_the_record(town: Town) -> None:
    case = town.case_at("booked")
    for statement in (
        "UPDATE paspor.case_event SET outcome = 'x' WHERE number = :number",
        "DELETE FROM paspor.case_event WHERE number = :number",
        "TRUNCATE paspor.case_event",
        "UPDATE paspor.access_log SET actor = 'x'",
        "DELETE FROM paspor.access_log",
    ):
        values = {"number": case.number} if ":number" in statement else {}
        with pytest.raises(Exception, match=r"(?i)append|changed|never|only|record"):
            town.sql(statement, **values)


@pytest.fixture(scope="module")
def secretive() -> Citizen:
    """Somebody whose data are found wherever they are written."""
    return Citizen("5171014103920417", "Ni Rahadyan Tersembunyi", date(1992, 3, 1), "Tempatsunyi", "F")


def secrets_of(person: Citizen) -> list[bytes]:
    """What must be readable nowhere."""
    claims = person.claims()
    words = [person.nik, *person.full_name.split()[1:], person.birth_place, str(claims["email"])]
    return [spelled.encode() for word in words for spelled in (word, word.upper())]


async def test_no_personal_data_in_ids_search_attributes_history_logs_and_metrics(
    town: Town, secretive: Citizen
) -> None:
    case = Case(town, town.applicant())
    case.citizen = secretive
    case.files()
    town.cases.append(case)
    case.uploads()
    case.goes_to("collected")
    with town.standins["population"].failing("error", rate=0.3):
        case.owner.asks("POST", "/v1/applications", {"applicant": secretive.claims()})
    handle = await raw_handle(town, case)
    described = await handle.describe()
    assert case.number in str(described.typed_search_attributes)
    history = await handle.fetch_history()
    texts = {
        "id": handle.id.encode(),
        "description": described.raw_description.SerializeToString(),
        "history": b"".join(event.SerializeToString() for event in history.events),
        "metrics": town.nobody.asks("GET", "/metrics").content,
        **{path.name: path.read_bytes() for path in (town.installation.folder / "logs").glob("*")},
    }
    assert len(texts) > 12
    for where, content in texts.items():
        for secret in secrets_of(secretive):
            assert secret not in content, f"{secret!r} is in {where}"
    _check_sealed(history)


def _check_sealed(history: WorkflowHistory) -> None:
    """Every payload is sealed but the engine's own notes beside local activities."""
    encodings: dict[bytes, int] = {}
    for event in history.events:
        for payload in _payloads(event):
            encoding = payload.metadata.get("encoding", b"")
            encodings[encoding] = encodings.get(encoding, 0) + 1
            if encoding == b"json/plain":
                assert json.loads(payload.data).keys() <= ENGINES_NOTES, payload.data
    assert encodings.pop(b"binary/sealed") > 30
    assert set(encodings) <= {b"json/plain", b"json/protobuf", b""}, encodings


def _payloads(message: Message) -> Iterator[Payload]:
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            inner = [item for item in value.values() if isinstance(item, Message)]
            if field.name == "indexed_fields":
                continue  # search attributes are the engine's to read
        else:
            inner = list(value) if field.is_repeated else [value]
        for item in inner:
            if isinstance(item, Payload):
                yield item
            else:
                yield from _payloads(item)


def test_no_personal_data_in_clear_in_the_database_or_the_files(town: Town, secretive: Citizen) -> None:
    case = Case(town, town.applicant())
    case.citizen = Citizen("5171014103920418", secretive.full_name, secretive.birth_date, secretive.birth_place, "F")
    case.files()
    town.cases.append(case)
    case.uploads()
    case.goes_to("enrolled")
    secrets = [*secrets_of(case.citizen), b"+6281100000000"]
    for name in town.rows():
        for row in town.sql(f'SELECT to_jsonb(t)::text AS row FROM paspor."{name}" t'):
            for secret in secrets:
                assert secret.decode() not in row.row, f"{secret!r} is in {name}"
    for path in (town.installation.folder / "files").rglob("*"):
        if path.is_file():
            assert not path.read_bytes().startswith((b"\x89PNG", b"\xff\xd8", b"%PDF")), path


async def test_an_open_case_is_told_after_all_our_tables_are_lost(tmp_path: Path) -> None:
    """Not one row of ours is left, the engine's are: an installation of its own, for nothing lives in it after this."""
    with installed(tmp_path / "data") as lost:
        town = Town(lost)
        try:
            case = town.case_at("approved")
            told, place = lines(town, case), workflow_of(town, case)
            names = ", ".join(f'paspor."{name}"' for name in town.rows() if name != "alembic_version")
            with town.engine.begin() as connection:
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
                connection.exec_driver_sql(f"TRUNCATE {names} CASCADE")
            assert set(town.rows().values()) <= {0, 1}
            assert wait_until(lambda: lines(town, case), "the history", 10.0) == told
            history = WorkflowHistory.from_json(place.workflow_id, engines(town, case))
            player = Replayer(
                workflows=[PassportApplication], data_converter=pydantic_data_converter, workflow_runner=runner()
            )
            await player.replay_workflow(history)
            path = f"/v1/audit/applications/{case.number}/history"
            assert town.person("auditor").reads(path, form="sizes")["items"]
            refused(case.owner.asks("GET", case.path()), 404, "not_found")
        finally:
            town.leaves()
