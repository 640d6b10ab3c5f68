"""Messages in and out, repeated requests, and the access log."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from activities.storage import access_log, bills, idempotency, inbox, outbox, searches
from activities.storage.idempotency import Conflict, Fresh, Replay, Running
from tests.activities.storage.cases import AT, a_case, ended
from workflows.case.facts import Bill

PAID_AT = "2026-11-24T02:00:00Z"
N = "1000000000000001"
PLACE = ("applicant-1", "POST /v1/applications", "key-1")
BILL = Bill(code="820261124000001", amount=350_000, items=(), due_at=AT + timedelta(hours=2))


def test_a_request_runs_once_and_is_answered_again(conn: Connection) -> None:
    assert idempotency.begin(conn, *PLACE, "print") == Fresh()
    assert idempotency.begin(conn, *PLACE, "print") == Running()
    idempotency.finish(conn, *PLACE, 201, {"etag": '"1"'}, b'{"number": "1"}')
    again = Replay(status=201, headers={"etag": '"1"'}, body=b'{"number": "1"}')
    assert idempotency.begin(conn, *PLACE, "print") == again
    idempotency.finish(conn, *PLACE, 409, {}, b"late")
    idempotency.abandon(conn, *PLACE)
    assert idempotency.begin(conn, *PLACE, "print") == again


@pytest.mark.parametrize("finished", [True, False])
def test_a_key_belongs_to_one_request_of_its_caller(conn: Connection, finished: bool) -> None:
    caller, route, key = PLACE
    idempotency.begin(conn, *PLACE, "print")
    if finished:
        idempotency.finish(conn, *PLACE, 200, {}, b"")
    assert idempotency.begin(conn, *PLACE, "another print") == Conflict()
    assert idempotency.begin(conn, caller, "POST /other", key, "print") == Conflict()
    assert idempotency.begin(conn, "applicant-2", route, key, "print") == Fresh()


def test_what_was_not_judged_may_be_asked_anew(conn: Connection) -> None:
    idempotency.begin(conn, *PLACE, "print")
    idempotency.abandon(conn, *PLACE)
    assert idempotency.begin(conn, *PLACE, "another print") == Fresh()


def test_a_request_whose_process_died_is_given_up(conn: Connection) -> None:
    idempotency.begin(conn, *PLACE, "print")
    conn.execute(text("UPDATE paspor.idempotent_request SET started_at = clock_timestamp() - interval '9 s'"))
    assert idempotency.begin(conn, *PLACE, "print") == Running()
    conn.execute(text("UPDATE paspor.idempotent_request SET started_at = clock_timestamp() - interval '11 s'"))
    assert idempotency.begin(conn, *PLACE, "another print") == Conflict()
    assert idempotency.begin(conn, *PLACE, "print") == Fresh()
    assert idempotency.begin(conn, *PLACE, "print") == Running()


def test_answers_are_kept_for_two_days(conn: Connection) -> None:
    idempotency.begin(conn, *PLACE, "print")
    idempotency.finish(conn, *PLACE, 200, {}, b"")
    conn.execute(text("UPDATE paspor.idempotent_request SET started_at = clock_timestamp() - interval '47 h'"))
    assert idempotency.forget_old(conn) == 0
    conn.execute(text("UPDATE paspor.idempotent_request SET started_at = clock_timestamp() - interval '49 h'"))
    assert idempotency.begin(conn, *PLACE, "another print") == Fresh()


def test_a_fault_of_ours_is_no_answer(conn: Connection) -> None:
    idempotency.begin(conn, *PLACE, "print")
    with pytest.raises(IntegrityError, match="status_final"):
        idempotency.finish(conn, *PLACE, 503, {}, b"")


def test_of_many_at_once_one_runs(engine: Engine) -> None:
    def ask(_: int) -> object:
        with engine.begin() as conn:
            return idempotency.begin(conn, *PLACE, "print")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(40)))
    assert answers.count(Fresh()) == 1
    assert answers.count(Running()) == 39


def payment(message_id: str) -> tuple[str, dict[str, object]]:
    return message_id, {"bill_code": BILL.code, "amount": 350_000, "paid_at": PAID_AT, "receipt_no": "N1"}


def test_a_message_is_kept_once(conn: Connection) -> None:
    assert inbox.receive(conn, "billing", *payment("m1"))
    assert not inbox.receive(conn, "billing", *payment("m1"))
    assert inbox.receive(conn, "abis", "m1", {"request_id": "r1", "candidates": []})


def test_a_message_finds_its_case_when_the_bill_is_known(conn: Connection) -> None:
    inbox.receive(conn, "billing", *payment("m1"))
    assert inbox.undelivered(conn, 10)[0].number is None
    a_case(conn, N)
    bills.remember(conn, N, BILL)
    bills.remember(conn, N, BILL)
    (found,) = inbox.undelivered(conn, 10)
    assert (found.number, found.run_id, found.owner, found.ended) == (N, "run-1", "applicant-1", False)
    assert found.workflow_id is not None
    assert found.body["receipt_no"] == "N1"
    assert inbox.undelivered_message(conn, "billing", "m1") == found
    inbox.delivered(conn, found.id)
    assert inbox.undelivered(conn, 10) == ()
    assert inbox.undelivered_message(conn, "billing", "m1") is None


def test_messages_without_a_case_do_not_stand_in_the_way(conn: Connection) -> None:
    for place in range(3):
        inbox.receive(conn, "abis", f"stray-{place}", {"request_id": f"unknown-{place}"})
    a_case(conn, N)
    searches.remember(conn, N, "r1")
    searches.remember(conn, N, "r1")
    inbox.receive(conn, "abis", "m1", {"request_id": "r1"})
    assert [row.number for row in inbox.undelivered(conn, 2)] == [N, None]


def test_what_nobody_can_use_is_left_for_an_officer(conn: Connection) -> None:
    a_case(conn, N)
    bills.remember(conn, N, BILL)
    ended(conn, N, 2)
    inbox.receive(conn, "billing", *payment("m1"))
    (late,) = inbox.undelivered(conn, 10)
    assert late.ended
    inbox.left_over(conn, late.id, "the case had ended")
    inbox.delivered(conn, late.id)  # too late: it has its fate
    assert inbox.undelivered(conn, 10) == ()
    left = conn.execute(text("SELECT left_over, delivered_at FROM paspor.inbox")).one()
    assert tuple(left) == ("the case had ended", None)
    found = conn.execute(text("SELECT receipt_no, number, outcome, cause, state FROM paspor.payment_case")).one()
    assert tuple(found) == ("N1", N, "forfeiture", "after_ending", "open")


def test_two_relays_take_different_messages(engine: Engine) -> None:
    with engine.begin() as conn:
        a_case(conn, N)
        for place in range(4):
            conn.execute(
                text(
                    "INSERT INTO paspor.outbox (topic, number, workflow_id, key, body) VALUES ('x', :n, 'w', :k, '{}')"
                ),
                {"n": N, "k": f"k{place}"},
            )
    with engine.begin() as one, engine.begin() as other:
        first = [row.key for row in outbox.unsent(one, 0, 2)]
        second = [row.key for row in outbox.unsent(other, 0, 10)]
        assert (first, second) == (["k0", "k1"], ["k2", "k3"])
        outbox.mark_sent_by_key(other, "k3")
    with engine.begin() as conn:
        rows = outbox.unsent(conn, 0, 10)
        assert [row.key for row in rows] == ["k0", "k1", "k2"]
        assert (rows[0].run_id, rows[0].owner) == ("run-1", "applicant-1")
        assert outbox.unsent(conn, 60, 10) == ()


def test_the_access_log_takes_a_number_that_does_not_exist(conn: Connection) -> None:
    access_log.record(conn, "ani", "examiner", "GET /v1/applications/{number}", "42", "not_found", "")
    assert conn.execute(text("SELECT actor, number, outcome FROM paspor.access_log")).one()[1] == "42"


def test_a_bill_costs_something(conn: Connection) -> None:
    a_case(conn, N)
    with pytest.raises(IntegrityError, match="amount_positive"):
        bills.remember(conn, N, Bill(code="1", amount=0, items=(), due_at=AT))
