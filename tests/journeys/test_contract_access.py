"""Who may do what: nobody without a token, nobody in another's place, and another's thing is not there."""

import uuid
from itertools import product

import pytest

from api.access import TABLE
from tests.journeys.applying import form
from tests.journeys.people import refused
from tests.journeys.town import Town
from workers.local.demonstration.citizen import citizen

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey

NAMES = (
    "examiner",
    "interviewer",
    "adjudicator",
    "printer",
    "inspector",
    "handover",
    "supervisor",
    "head",
    "assistant",
    "kiosk",
    "board",
)
# What the contract names, with the roles that it names.
CONTRACT = {
    ("POST", "/v1/applications"): {"applicant", "assistant"},
    ("GET", "/v1/applications/{number}"): None,
    ("PUT", "/v1/applications/{number}/documents/{kind}"): {"applicant", "assistant"},
    ("PUT", "/v1/applications/{number}/appointment"): {"applicant", "assistant"},
    ("GET", "/v1/applications/{number}/bill"): None,
    ("POST", "/v1/applications/{number}/withdrawal"): {"applicant", "assistant"},
    ("POST", "/v1/applications/{number}/completion"): {"applicant", "assistant"},
    ("GET", "/v1/applications/{number}/events"): None,
    ("GET", "/v1/applications/{number}/pass"): {"applicant", "assistant"},
    ("POST", "/v1/applications/{number}/decisions/documents"): {"examiner"},
    ("POST", "/v1/applications/{number}/decisions/interview"): {"interviewer"},
    ("POST", "/v1/applications/{number}/decisions/resume"): {"head"},
    ("POST", "/v1/applications/{number}/decisions/enrolment"): {"interviewer"},
    ("POST", "/v1/applications/{number}/decisions/adjudication"): {"adjudicator", "head"},
    ("POST", "/v1/applications/{number}/decisions/allocation"): {"printer"},
    ("POST", "/v1/applications/{number}/decisions/print_question"): {"printer"},
    ("POST", "/v1/applications/{number}/decisions/quality"): {"inspector"},
    ("POST", "/v1/applications/{number}/decisions/handover"): {"handover"},
    ("POST", "/v1/offices/{office}/check-ins"): {"kiosk", "examiner", "supervisor"},
    ("POST", "/v1/offices/{office}/counters/{counter}/next"): {"examiner", "interviewer"},
    ("POST", "/v1/offices/{office}/counters/{counter}/recall"): {"examiner", "interviewer"},
    ("POST", "/v1/offices/{office}/counters/{counter}/no-show"): {"examiner", "interviewer"},
    ("POST", "/v1/offices/{office}/counters/{counter}/park"): {"examiner", "interviewer"},
    ("POST", "/v1/offices/{office}/closures"): {"supervisor"},
    ("POST", "/v1/printers/{printer}/state"): {"supervisor"},
    ("GET", "/v1/offices/{office}/booklets"): {"printer", "supervisor"},
    ("POST", "/v1/offices/{office}/booklets"): {"printer", "supervisor"},
    ("GET", "/v1/tasks"): None,
    ("POST", "/v1/tasks/next"): None,
    ("POST", "/v1/tasks/{id}/claim"): None,
    ("DELETE", "/v1/tasks/{id}/claim"): None,
    ("POST", "/v1/leases/{id}"): None,
    ("GET", "/v1/audit/applications"): {"auditor"},
    ("GET", "/v1/audit/applications/{number}/history"): {"auditor"},
    ("GET", "/v1/audit/verification"): {"auditor"},
    ("GET", "/v1/audit/reads"): {"auditor"},
    ("GET", "/v1/audit/exceptions"): {"auditor"},
}
OPEN = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/version"),
    ("GET", "/metrics"),
    ("GET", "/v1/offices"),
    ("GET", "/v1/notices"),
    ("GET", "/v1/offices/{office}/quota"),
    ("GET", "/v1/offices/{office}/draws"),
    ("GET", "/v1/draws/{draw}"),
    ("POST", "/v1/status"),
    ("GET", "/v1/offices/{office}/availability"),
    ("GET", "/v1/offices/{office}/queue"),
    ("GET", "/v1/offices/{office}/queue/events"),
    ("POST", "/v1/payments/notifications"),
    ("POST", "/v1/biometrics/results"),
}
FILLED = {
    "number": "1234567890123456",
    "kind": "id_card",
    "office": "latihan",
    "counter": "1",
    "printer": "latihan-1",
    "family": str(uuid.UUID(int=8)),
    "id": str(uuid.UUID(int=7)),
    "draw": str(uuid.UUID(int=9)),
    "day": "2026-11-24",
    "receipt_no": "NTPN000000000001",
}


def test_the_contracts_routes_are_all_described_in_openapi_3_1(town: Town) -> None:
    described = town.nobody.reads("/openapi.json")
    assert described["openapi"].startswith("3.1")
    known = {(verb.upper(), path) for path, verbs in described["paths"].items() for verb in verbs}
    assert (set(CONTRACT) | OPEN) <= known
    assert "Problem" in described["components"]["schemas"]
    for verb, path in CONTRACT:
        operation = described["paths"][path][verb.lower()]
        assert operation["security"] == [{"bearer": []}], (verb, path)
        keyed = any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", ()))
        assert keyed == (verb == "POST"), (verb, path)


@pytest.mark.parametrize(("verb", "path"), sorted(set(TABLE) - OPEN), ids=" ".join)
def test_nobody_passes_without_a_token(town: Town, verb: str, path: str) -> None:
    answer = town.nobody.asks(verb, path.format(**FILLED))
    refused(answer, 401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_that_was_altered_is_none(town: Town) -> None:
    token = town.applicant().http.headers["Authorization"]
    middle = len(token) // 2
    altered = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
    for header in (altered, "Bearer", "Bearer x.y.z", "Basic YTpi"):
        answer = town.nobody.asks("GET", "/v1/applications/1234567890123456", headers={"Authorization": header})
        refused(answer, 401, "not_signed_in")


def test_a_role_that_may_never_do_it_is_told_so_and_recorded(town: Town) -> None:
    asked = 0
    for ((verb, path), roles), name in product(CONTRACT.items(), NAMES):
        if roles is not None and name not in roles:
            person = town.person(name, "latihan")
            refused(person.asks(verb, path.format(**FILLED), {}), 403, "role_not_allowed")
            asked += 1
    for (verb, path), roles in CONTRACT.items():
        if roles is not None and "applicant" not in roles:
            refused(town.person("applicant-7").asks(verb, path.format(**FILLED), {}), 403, "role_not_allowed")
        if roles is not None and "auditor" not in roles:
            refused(town.person("auditor").asks(verb, path.format(**FILLED), {}), 403, "role_not_allowed")
    tried = town.person("auditor").reads("/v1/audit/reads", officer="board@latihan", limit=100)["items"]
    assert asked > 250
    assert {line["outcome"] for line in tried} == {"role_not_allowed"}
    assert all(line["actor"] == "board@latihan" and line["at"] for line in tried)


def test_an_officer_of_another_office_may_not(town: Town) -> None:
    case = town.case_at("checked_in")
    other = town.person("examiner", "denpasar")
    refused(other.asks("GET", case.path()), 404, "not_found")
    body = {"lease": case.lease("documents"), "outcome": "complete"}
    refused(other.asks("POST", case.path("/decisions/documents"), body), 404, "not_found")
    refused(other.asks("POST", "/v1/offices/latihan/counters/1/next", {"step": "documents"}), 403, "role_not_allowed")
    refused(other.asks("GET", "/v1/tasks", params={"office": "latihan"}), 403, "role_not_allowed")
    task = case.task("documents")["id"]
    refused(other.asks("POST", f"/v1/tasks/{task}/claim", {"reason": "far away"}), 404, "not_found")


def test_another_persons_thing_is_not_there(town: Town) -> None:
    case, stranger = town.case_at("booked"), town.applicant()
    page = {"file": ("k.png", b"no picture", "image/png")}
    answers = [
        stranger.asks("GET", case.path()),
        stranger.asks("GET", case.path("/bill")),
        stranger.asks("GET", case.path("/pass")),
        stranger.asks("GET", case.path("/events")),
        stranger.asks("PUT", case.path("/documents/id_card"), files=page),
        stranger.asks("PUT", case.path("/appointment"), {"slot_id": "s1"}),
        stranger.asks("POST", case.path("/withdrawal")),
        stranger.asks("POST", case.path("/completion")),
    ]
    nowhere = refused(stranger.asks("GET", "/v1/applications/1111111111111111"), 404, "not_found")
    for answer in answers:
        problem = refused(answer, 404, "not_found")
        assert {**problem, "trace": ""} == {**nowhere, "trace": ""}
    assert case.shown()["stage"] == "booked"


def test_a_number_that_can_be_none_is_not_there(town: Town) -> None:
    applicant = town.applicant()
    for number in ("1", "12345678901234567", "abcdefghijklmnop", "1234 67890123456"):
        refused(applicant.asks("GET", f"/v1/applications/{number}"), 404, "not_found")
    refused(applicant.asks("GET", "/v1/nothing"), 404, "not_found")
    refused(applicant.asks("DELETE", "/v1/applications"), 405, "method_not_allowed")


def test_health_and_version_are_open(town: Town) -> None:
    assert town.nobody.reads("/healthz") == {"status": "ok"}
    assert town.nobody.reads("/readyz") == {"status": "ready"}
    assert town.nobody.reads("/version")["version"]
    assert "paspor_http_requests_total" in town.nobody.asks("GET", "/metrics").text


def test_an_applicants_name_alone_gives_no_right_to_anothers_filing(town: Town) -> None:
    """A number follows from caller and key, so that nobody meets another's number by choosing their key."""
    key, first, second = str(uuid.uuid4()), town.applicant(), town.applicant()
    one = first.asks("POST", "/v1/applications", form(citizen()), key=key).json()["number"]
    two = second.asks("POST", "/v1/applications", form(citizen()), key=key).json()["number"]
    assert one != two
    refused(second.asks("GET", f"/v1/applications/{one}"), 404, "not_found")
    first.does(f"/v1/applications/{one}/withdrawal")
    second.does(f"/v1/applications/{two}/withdrawal")
