"""Who a person is stands nowhere in clear: ids, search attributes, history, logs, metrics, tables, files."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowHandle, WorkflowHistory

from tests.journeys.auditing import workflow_of
from tests.journeys.case import Case
from tests.journeys.town import Town
from workers.local.demonstration.citizen import Citizen

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey
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


async def raw_handle(town: Town, case: Case) -> WorkflowHandle[Any, Any]:
    """The case in the engine, for somebody who has no keys."""
    found = town.installation.environment
    client = await Client.connect(found["PASPOR_TEMPORAL_ADDRESS"], namespace=found["PASPOR_TEMPORAL_NAMESPACE"])
    place = workflow_of(town, case)
    return client.get_workflow_handle(place.workflow_id, run_id=place.run_id)


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
