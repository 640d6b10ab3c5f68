"""A request that comes again after a process died between effect and answer is given the same, and nothing more."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from activities.storage import claims, queue
from activities.storage.claims import Claimed, Refused
from tests.activities.storage.test_claims import STEP, N, lapse, taken, waiting
from tests.activities.storage.test_queue import PEOPLE, arrives, goes_on
from workflows.case.facts import Role
from workflows.case.record import TaskStep

OTHER = "1000000000000002"


def test_the_next_task_asked_twice_under_one_key_is_one(conn: Connection) -> None:
    office = waiting(conn, STEP)
    waiting(conn, STEP, number=OTHER)
    first = taken(claims.next_task(conn, STEP, office, "ani", request="k-1"))
    assert claims.next_task(conn, STEP, office, "ani", request="k-1") == first
    assert taken(claims.next_task(conn, STEP, office, "ani", request="k-2")).task.number != first.task.number
    assert claims.next_task(conn, STEP, office, "budi", request="k-1") is None  # another's key is another key
    lapse(conn)
    again = taken(claims.next_task(conn, STEP, office, "ani", request="k-1"))
    assert (again.lease_id, again.task.number) == (first.lease_id, first.task.number)
    assert not claims.holds(conn, again.lease_id, "ani", N, STEP)


def test_the_next_person_asked_twice_under_one_key_is_one_and_is_called_once(conn: Connection) -> None:
    arrives(conn, 0)
    arrives(conn, 1, minutes=5)
    first = queue.next_person(conn, "sanur", "1", "documents", "ani", "k-1")
    assert first is not None
    assert queue.next_person(conn, "sanur", "1", "documents", "ani", "k-1") == first
    assert conn.execute(text("SELECT count(*) FROM paspor.queue_call")).scalar() == 1
    assert queue.board(conn, "sanur").waiting == 1
    # Also when the decision has been taken meanwhile.
    goes_on(conn, 0, 3)
    assert queue.next_person(conn, "sanur", "1", "documents", "ani", "k-1") == first
    second = queue.next_person(conn, "sanur", "1", "documents", "ani", "k-2")
    assert second is not None
    assert second.number == PEOPLE[1]


def test_the_same_request_at_once_is_one_task(engine: Engine) -> None:
    with engine.begin() as conn:
        for number in range(4):
            waiting(conn, STEP, number=f"100000000000000{number}")

    def ask(_: int) -> str:
        with engine.begin() as conn:
            return taken(claims.next_task(conn, STEP, "sanur", "ani", request="k-1")).lease_id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(ask, range(6)))) == 1


def test_the_schema_knows_one_lease_a_request(conn: Connection) -> None:
    office = waiting(conn, STEP)
    waiting(conn, STEP, number=OTHER)
    claims.next_task(conn, STEP, office, "ani", request="k-1")
    claims.next_task(conn, STEP, office, "ani", request="k-2")
    with pytest.raises(IntegrityError, match="lease_one_a_request"):
        conn.execute(text("UPDATE paspor.lease SET request = 'k-1'"))


def test_nobody_calls_again_who_waits_for_another_role(conn: Connection) -> None:
    ticket = arrives(conn, 0)
    queue.next_person(conn, "sanur", "1", "documents", "ani")
    goes_on(conn, 0, 3, TaskStep.INTERVIEW)
    queue.next_person(conn, "sanur", "7", "booth", "wayan")
    assert queue.park(conn, "sanur", ticket, "wayan", "a copy")
    refused = queue.recall(conn, "sanur", "1", ticket, "ani", (Role.EXAMINER,))
    assert refused == Refused(code="role_not_allowed")
    assert conn.execute(text("SELECT count(*) FROM paspor.task WHERE owner IS NOT NULL")).scalar() == 0
    called = queue.recall(conn, "sanur", "7", ticket, "wayan", (Role.INTERVIEWER,))
    assert isinstance(called, queue.Called)


@pytest.mark.parametrize("state", ["waiting", "late", "too_early"])
def test_who_has_left_waits_no_more(conn: Connection, state: str) -> None:
    arrives(conn, 0, state=state)
    arrives(conn, 1)
    assert queue.board(conn, "sanur").waiting == 2
    goes_on(conn, 0, 3)  # withdrawn: no task is left
    assert queue.board(conn, "sanur").waiting == 1


def test_a_nik_is_no_part_of_a_reason(conn: Connection) -> None:
    office = waiting(conn, STEP)
    task = taken(claims.next_task(conn, STEP, office, "ani")).task.id
    claims.drop_task(conn, task, "ani")
    reason = "5171015708900001 asked for it, see file 1234567890123456"
    assert isinstance(claims.claim(conn, task, "ani", tuple(Role), office, reason), Claimed)
    kept = conn.execute(text("SELECT reason FROM paspor.lease WHERE reason <> ''")).scalar()
    assert kept == "[NIK] asked for it, see file 1234567890123456"
    for table in ("queue_call", "closure", "printer", "booklet"):
        found = conn.execute(
            text("SELECT 1 FROM pg_trigger WHERE tgname = 'clean_reason' AND tgrelid = CAST(:t AS regclass)"),
            {"t": f"paspor.{table}"},
        )
        assert found.scalar() == 1, table


def test_the_usual_time_and_the_grace_of_a_hold_are_rules(conn: Connection) -> None:
    arrives(conn, 0)
    conn.execute(
        text("""INSERT INTO paspor.rule (name, office, effective_from, value, source)
                VALUES ('queue', 'sanur', '2026-01-01', '{"usual_minutes": 30, "few_calls": 5}', 'the head')""")
    )
    assert queue.estimate(conn, "sanur", 1) == queue.Estimate(from_minutes=24, to_minutes=40)
    grace = conn.execute(text("SELECT paspor.rule_value('hold', 'sanur', '2026-01-01') ->> 'grace_minutes'")).scalar()
    assert grace == "15"
