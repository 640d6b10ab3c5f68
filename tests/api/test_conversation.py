"""Whole requests: HTTP in front, the real database and a real engine behind, with a case of few words."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from standardwebhooks import Webhook

from activities.keyring import Keys
from activities.storage import bills, claims
from api.installation import Installation
from tests.activities.storage.cases import ended, noted
from tests.api.running import CASE, NUMBER, Known
from workflows.case.facts import Bill, Stage
from workflows.case.record import TaskStep

Signed = Callable[..., dict[str, str]]


async def test_an_applicant_reads_the_own_application(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    answer = await http.get(CASE, headers=signed())
    assert answer.status_code == 200
    shown = answer.json()
    assert (shown["number"], shown["stage"], shown["ending"]) == (NUMBER, "filed", None)
    assert shown["next_step"].keys() == {"who", "what"}
    assert [line["what"] for line in shown["timeline"]] == ["application.filed", "case.moved"]
    assert not shown.keys() & {"bill", "ticket", "appointment", "promise", "passport"}
    assert "5171" not in answer.text
    again = await http.get(CASE, headers={**signed(), "if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_another_applicant_finds_nothing(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    for method, path in (("GET", ""), ("GET", "/bill"), ("GET", "/events"), ("POST", "/withdrawal")):
        answer = await http.request(method, CASE + path, headers=signed(sub="applicant-2", key="k"))
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert await case.told() == 0


async def test_officers_see_the_cases_of_their_office_and_leave_a_trace(
    case: Known, http: httpx2.AsyncClient, signed: Signed
) -> None:
    assert (await http.get(CASE, headers=signed("examiner"))).status_code == 200
    assert (await http.get(CASE, headers=signed("examiner", office="sanur"))).status_code == 404
    assert (await http.get(CASE, headers=signed("auditor"))).status_code == 200
    assert (await http.get(CASE, headers=signed())).status_code == 200
    assert case.one("SELECT count(*) FROM paspor.access_log WHERE outcome = 'read'") == 2


async def test_a_message_is_heard_once_even_when_its_answer_was_lost(
    case: Known, http: httpx2.AsyncClient, signed: Signed
) -> None:
    first = await http.post(CASE + "/withdrawal", json={"reason": "x"}, headers=signed(key="k"))
    assert first.status_code == 200
    case.forget_requests()
    again = await http.post(CASE + "/withdrawal", json={"reason": "x"}, headers=signed(key="k"))
    assert again.json() == first.json()
    assert await case.told() == 1


async def test_a_withdrawal_needs_no_body(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    assert (await http.post(CASE + "/withdrawal", headers=signed(key="k"))).status_code == 200


async def test_a_refusal_says_when_to_come_again_and_is_not_kept(
    case: Known, http: httpx2.AsyncClient, signed: Signed
) -> None:
    answer = await http.post(CASE + "/withdrawal", json={"reason": "early"}, headers=signed(key="k"))
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (409, "not_your_turn", "3")
    assert case.one("SELECT count(*) FROM paspor.idempotent_request") == 0


def lease(engine: Engine, officer: str = "examiner") -> str:
    with engine.begin() as connection:
        claimed = claims.next_task(connection, TaskStep.DOCUMENTS, "denpasar", officer)
    assert claimed is not None
    return claimed.lease_id


async def test_a_decision_under_its_lease(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    form = {"lease": lease(case.engine), "outcome": "complete"}
    answer = await http.post(CASE + "/decisions/documents", json=form, headers=signed("examiner", key="k"))
    assert (answer.status_code, answer.json()["number"]) == (200, NUMBER)
    with case.engine.begin() as connection:
        noted(connection, NUMBER, 3, office="denpasar", stage=Stage.DOCUMENTS_EXAMINED)
    case.forget_requests()
    again = await http.post(CASE + "/decisions/documents", json=form, headers=signed("examiner", key="k"))
    assert (again.status_code, again.json()["stage"]) == (200, "documents_examined")
    assert await case.told() == 1
    other = await http.post(CASE + "/decisions/documents", json=form, headers=signed("examiner", key="k2"))
    assert (other.status_code, other.json()["code"]) == (409, "not_your_turn")


async def test_a_decision_without_its_lease_is_refused_and_leaves_a_trace(
    case: Known, http: httpx2.AsyncClient, signed: Signed
) -> None:
    held = lease(case.engine)
    for officer, given in (("examiner", "no lease"), ("examiner-2", held)):
        form = {"lease": given, "outcome": "complete"}
        headers = signed("examiner", sub=officer, key=uuid4().hex)
        answer = await http.post(CASE + "/decisions/documents", json=form, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "lease_lost")
    assert await case.told() == 0
    assert case.one("SELECT count(*) FROM paspor.access_log WHERE outcome = 'lease_lost'") == 2
    bare = await http.post(
        CASE + "/decisions/documents", json={"outcome": "complete"}, headers=signed("examiner", key="k")
    )
    assert bare.json()["errors"][0]["pointer"] == "/lease"


async def test_tasks_are_given_chosen_and_given_back(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    listed = (await http.get("/v1/tasks", headers=signed("examiner"))).json()["items"]
    assert [(task["step"], task["application"]) for task in listed] == [("documents", NUMBER)]
    task = listed[0]["id"]
    bare = await http.post(f"/v1/tasks/{task}/claim", json={}, headers=signed("examiner", key="a"))
    assert bare.json()["errors"][0]["pointer"] == "/reason"
    chosen = await http.post(
        f"/v1/tasks/{task}/claim", json={"reason": "asked for"}, headers=signed("examiner", key="b")
    )
    assert chosen.json()["lease"].keys() == {"id", "until"}
    taken = await http.post(
        f"/v1/tasks/{task}/claim", json={"reason": "mine"}, headers=signed("examiner", sub="examiner-2", key="c")
    )
    assert taken.json()["code"] == "already_claimed"
    renewed = await http.post(f"/v1/leases/{chosen.json()['lease']['id']}", headers=signed("examiner", key="d"))
    assert renewed.json()["until"] >= chosen.json()["lease"]["until"]
    assert (await http.delete(f"/v1/tasks/{task}/claim", headers=signed("examiner"))).status_code == 200
    given = await http.post(
        "/v1/tasks/next", json={"step": "documents"}, headers=signed("examiner", sub="examiner-2", key="e")
    )
    assert given.json()["task"]["owner"] == "examiner-2"
    none = await http.post("/v1/tasks/next", json={"step": "documents"}, headers=signed("examiner", key="f"))
    assert (none.status_code, none.content) == (204, b"")
    wrong = await http.post("/v1/tasks/next", json={"step": "quality"}, headers=signed("examiner", key="g"))
    assert wrong.status_code == 403


def bill(engine: Engine, code: str) -> None:
    made = Bill(code=code, amount=350_000, items=(), due_at=datetime(2026, 11, 24, tzinfo=UTC))
    with engine.begin() as connection:
        bills.remember(connection, NUMBER, made)


async def notify(http: httpx2.AsyncClient, keys: Keys, message_id: str, **changes: object) -> httpx2.Response:
    about = {
        "bill_code": "820261124000001",
        "amount": 350_000,
        "paid_at": "2026-11-24T09:00:00+08:00",
        "receipt_no": "NTPN1",
        "channel": "bank",
        **changes,
    }
    body, now = json.dumps(about), datetime.now(UTC)
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(keys.webhook_secrets["billing"][0]).sign(message_id, now, body),
    }
    return await http.post("/v1/payments/notifications", content=body, headers=headers)


FATE = "SELECT coalesce(left_over, '') || (delivered_at IS NOT NULL)::text FROM paspor.inbox"


async def test_a_payment_reaches_its_case_and_twice_is_once(case: Known, http: httpx2.AsyncClient, keys: Keys) -> None:
    bill(case.engine, "820261124000001")
    for _ in range(2):
        assert (await notify(http, keys, "msg_1", more="\0")).status_code == 204
    assert await case.paid() == 1
    assert case.one(FATE) == "true"


async def test_a_payment_that_leads_nowhere_yet_waits(case: Known, http: httpx2.AsyncClient, keys: Keys) -> None:
    assert (await notify(http, keys, "msg_1")).status_code == 204
    assert case.one(FATE) == "false"


async def test_a_payment_for_an_ended_case_is_kept_for_an_officer(
    case: Known, http: httpx2.AsyncClient, signed: Signed, keys: Keys
) -> None:
    bill(case.engine, "820261124000001")
    await http.post(CASE + "/withdrawal", json={"reason": "end"}, headers=signed(key="k"))
    await case.handle.result()
    with case.engine.begin() as connection:
        ended(connection, NUMBER, 3)
    assert (await notify(http, keys, "msg_1")).status_code == 204
    assert case.one(FATE) == "case_endedfalse"


async def test_a_payment_while_the_engine_is_away_waits(
    case: Known, http: httpx2.AsyncClient, app: FastAPI, house: Installation, keys: Keys
) -> None:
    bill(case.engine, "820261124000001")
    app.state.installation = house
    assert (await notify(http, keys, "msg_1")).status_code == 204
    assert case.one(FATE) == "false"


@pytest.mark.parametrize(
    "change", [{"amount": "350000"}, {"amount": -1}, {"bill_code": "\x00"}, {"paid_at": 0}, {"receipt_no": None}]
)
async def test_a_signed_message_that_makes_no_sense_is_400(
    case: Known, http: httpx2.AsyncClient, keys: Keys, change: dict[str, object]
) -> None:
    answer = await notify(http, keys, "msg_1", **change)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert case.one("SELECT count(*) FROM paspor.inbox") == 0


async def test_a_forged_message_is_401(case: Known, http: httpx2.AsyncClient) -> None:
    answer = await http.post("/v1/payments/notifications", content=b"{}", headers={"webhook-id": "msg_1"})
    assert (answer.status_code, answer.json()["code"]) == (401, "notification_forged")
