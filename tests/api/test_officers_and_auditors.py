"""Enrolment, the means of an office, and what auditors read."""

import json
from collections.abc import Callable

import httpx2

from activities.storage import printers
from tests.activities.storage.cases import a_task, noted
from tests.api.running import CASE, NUMBER, OFFICE, SOON, Known, picture
from workflows.case.record import TaskStep

Signed = Callable[..., dict[str, str]]


async def enrol(http: httpx2.AsyncClient, signed: Signed, lease: str, key: str, **files: bytes) -> httpx2.Response:
    parts = {name: (name, content) for name, content in files.items()}
    data = {"lease": lease, "exceptions": json.dumps([{"finger": 6, "reason": "bandage"}])}
    headers = signed("interviewer", key=key)
    return await http.post(CASE + "/decisions/enrolment", data=data, files=parts, headers=headers)


async def test_an_enrolment(waiting: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    called = await http.post(
        OFFICE + "/counters/9/next", json={"step": "booth"}, headers=signed("interviewer", key="a")
    )
    with waiting.engine.begin() as connection:
        both = [a_task(NUMBER, step, "denpasar") for step in (TaskStep.INTERVIEW, TaskStep.ENROLMENT)]
        noted(connection, NUMBER, 5, *both, office="denpasar")
    assert called.status_code == 200
    claimed = await http.post("/v1/tasks/next", json={"step": "enrolment"}, headers=signed("interviewer", key="n"))
    lease = (claimed if claimed.status_code == 200 else called).json()["lease"]["id"]
    good = {"portrait": picture("JPEG"), "signature": picture("PNG")}
    few = await enrol(http, signed, lease, "b", **good)
    assert (few.status_code, few.json()["code"], few.json()["findings"]) == (
        422,
        "capture_not_accepted",
        ["fingers:too_few"],
    )
    answer = await enrol(http, signed, lease, "c", **good, finger_1=picture("PNG"), finger_10=picture("PNG"))
    assert answer.status_code == 200
    assert answer.json() == {
        "face": {"quality": 90, "findings": []},
        "fingers": [{"finger": 1, "quality": 80}, {"finger": 10, "quality": 80}],
        "accepted": True,
    }
    repeated = await enrol(http, signed, lease, "c", **good, finger_1=picture("PNG"), finger_10=picture("PNG"))
    assert repeated.headers["idempotent-replayed"] == "true"


async def test_enrolments_that_are_refused(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    good = {"portrait": picture("JPEG"), "signature": picture("PNG")}
    for files, lease, pointer in (
        ({"portrait": picture("JPEG")}, "x", "/signature"),
        ({"signature": picture("PNG")}, "x", "/portrait"),
        (good, "", "/lease"),
    ):
        answer = await enrol(http, signed, lease, f"k{pointer[1:]}", **files)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    wrong = await enrol(http, signed, "x", "w", **{**good, "signature": picture("JPEG")})
    assert wrong.json()["code"] == "unsupported_file"
    headers = signed("interviewer", key="e")
    data = {"lease": "x", "exceptions": '[{"finger": 11, "reason": "x"}]'}
    bad = await http.post(CASE + "/decisions/enrolment", data=data, files=good, headers=headers)
    assert bad.json()["errors"][0]["pointer"] == "/exceptions"


async def test_the_means_of_an_office(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    with case.engine.begin() as connection:
        printers.add(connection, "denpasar-1", "denpasar", "ipp://127.0.0.1:1/ipp/print")
    day = SOON.date().isoformat()
    closed = await http.post(
        OFFICE + "/closures", json={"date": day, "reason": "flood"}, headers=signed("supervisor", key="a")
    )
    nobody = {"people": 0, "moved": 0, "waiting": 0, "unplaced": 0}
    assert closed.json() == {"office": "denpasar", "date": day, "reason": "flood", **nobody}
    free = (await http.get(f"{OFFICE}/availability?from={day}&to={day}")).json()["days"][0]
    assert (free["left"], free["closed_reason"]) == (0, "flood")
    down = {"state": "down", "reason": "jam"}
    assert (await http.post("/v1/printers/denpasar-1/state", json=down, headers=signed("supervisor", key="b"))).json()[
        "state"
    ] == "down"
    bare = await http.post(
        "/v1/printers/denpasar-1/state", json={"state": "down"}, headers=signed("supervisor", key="c")
    )
    assert bare.json()["errors"][0]["pointer"] == "/reason"
    other = await http.post("/v1/printers/sanur-1/state", json=down, headers=signed("supervisor", key="d"))
    assert other.status_code == 404
    serials = {"serials": ["C0000001", "C0000002"]}
    for key, new in (("e", 2), ("f", 0)):
        received = await http.post(OFFICE + "/booklets", json=serials, headers=signed("printer", key=key))
        assert received.json() == {"received": new}
    stock = (await http.get(OFFICE + "/booklets", headers=signed("supervisor"))).json()
    assert (stock["counts"], stock["serials"]) == ({"stock": 2}, serials["serials"])


async def test_what_auditors_read(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    auditor = signed("auditor")
    listed = (await http.get("/v1/audit/applications?office=denpasar&stage=filed", headers=auditor)).json()
    assert [row["number"] for row in listed["items"]] == [NUMBER]
    assert (listed["by_stage"], listed["next"]) == ({"filed": 1}, None)
    assert (await http.get("/v1/audit/applications?ending=collected", headers=auditor)).json()["items"] == []
    for number, found in ((NUMBER[:5], [NUMBER]), ("9", [])):
        listed = (await http.get(f"/v1/audit/applications?number={number}", headers=auditor)).json()
        assert [row["number"] for row in listed["items"]] == found
    counted = (await http.get("/v1/audit/verification", headers=auditor)).json()
    assert (counted["cases"], counted["events"], counted["broken"]) == (1, 2, [])
    assert (await http.get("/v1/audit/exceptions", headers=auditor)).json()["items"] == []
    seen = (await http.get("/v1/audit/reads?officer=auditor", headers=auditor)).json()["items"]
    assert seen[0]["action"] == "GET /v1/audit/reads"
    assert len(seen) == 7
    assert (await http.get("/v1/audit/reads?refused=true", headers=auditor)).json()["items"] == []
    for query in (
        "exceptions?cursor=AAAA",
        "exceptions?kind=tea",
        "applications?number=x",
        "applications?cursor=AAAA",
        "reads?cursor=zzz",
        "applications?from=2026-02-01&to=2026-01-01",
    ):
        answer = await http.get(f"/v1/audit/{query}", headers=auditor)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
