"""What an operator watches: every question has an answer, also of an empty database, and it is the right one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, insert, text

from activities.storage import inbox, seal, watch
from activities.storage.tables import BillCode, Booklet, Printer, Slot
from tests.activities.storage.cases import a_case, a_task, ended, noted
from tests.activities.storage.places import an_office
from workflows.case.facts import Ending, Promise, Stage, Turn
from workflows.case.record import NextStep, TaskStep

CASE = "1000000000000001"
BY_NAME = {question.name: question for question in watch.QUESTIONS}


def asked(conn: Connection, name: str) -> dict[tuple[str, ...], float]:
    return dict(watch.ask(conn, BY_NAME[name]))


@pytest.mark.parametrize("name", BY_NAME)
def test_an_empty_database_has_an_answer(conn: Connection, name: str) -> None:
    answer = watch.ask(conn, BY_NAME[name])
    assert all(value == 0 and len(labels) == len(BY_NAME[name].labels) for labels, value in answer)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_question_is_named_as_prometheus_asks_for(name: str) -> None:
    assert name.startswith("paspor_")
    assert not name.endswith("_total"), "a gauge"
    assert BY_NAME[name].help.endswith(".")
    assert "number" not in BY_NAME[name].labels


def test_a_question_has_three_seconds(conn: Connection) -> None:
    watch.ask(conn, BY_NAME["paspor_cases_open"])
    assert conn.execute(text("SHOW statement_timeout")).scalar_one() == "3s"


def test_open_cases_are_counted_by_stage_and_office(conn: Connection) -> None:
    office = an_office(conn)
    a_case(conn, CASE, office=office)
    a_case(conn, "1000000000000002")
    ended(conn, a_case(conn, "1000000000000003"), 2)
    assert asked(conn, "paspor_cases_open") == {("filed", office): 1, ("filed", ""): 1}


@pytest.mark.parametrize(("ago", "overdue", "stuck"), [(-1, 0, 0), (1, 1, 0), (25, 1, 1)])
def test_a_case_is_overdue_at_once_and_stuck_after_a_day(conn: Connection, ago: int, overdue: int, stuck: int) -> None:
    by = datetime.now(UTC) - timedelta(hours=ago)
    a_case(conn, CASE, next_step=NextStep(who=Turn.APPLICANT, what="pay", by=by))
    assert asked(conn, "paspor_cases_overdue") == ({("filed",): 1} if overdue else {})
    assert asked(conn, "paspor_cases_stuck") == {(): stuck}


def test_the_oldest_task_of_a_step_has_its_age(conn: Connection) -> None:
    office = an_office(conn)
    task = a_task(a_case(conn, CASE), TaskStep.DOCUMENTS, office, due_at=datetime.now(UTC) - timedelta(minutes=1))
    noted(conn, CASE, 2, task, office=office)
    conn.execute(text("UPDATE paspor.task SET since = clock_timestamp() - interval '1 hour'"))
    assert asked(conn, "paspor_tasks_open") == {("documents", office): 1}
    assert asked(conn, "paspor_task_oldest_age_seconds")["documents",] == pytest.approx(3600, abs=5)
    assert asked(conn, "paspor_tasks_overdue") == {("documents",): 1}


@pytest.mark.parametrize(
    ("days", "stage", "at_risk", "broken"),
    [(2, "approved", 0, 0), (1, "approved", 1, 0), (0, "printing", 1, 0), (-1, "printing", 0, 1), (-1, "ready", 0, 0)],
)
def test_a_promise_is_at_risk_on_its_day_and_broken_after_it(
    conn: Connection, days: int, stage: str, at_risk: int, broken: int
) -> None:
    office = an_office(conn)
    today: date = conn.execute(text("SELECT (clock_timestamp() AT TIME ZONE 'Asia/Makassar')::date")).scalar_one()
    promise = Promise(collect_on=today + timedelta(days=days), since=datetime.now(UTC), rule="r")
    noted(conn, a_case(conn, CASE), 2, office=office, stage=Stage(stage), promise=promise)
    assert sum(asked(conn, "paspor_promises_at_risk").values()) == at_risk
    assert sum(asked(conn, "paspor_promises_broken").values()) == broken


def test_a_message_whose_case_is_known_has_an_age_and_another_does_not(conn: Connection) -> None:
    a_case(conn, CASE)
    conn.execute(insert(BillCode), {"code": "b1", "number": CASE, "amount": 1, "due_at": datetime.now(UTC)})
    inbox.receive(conn, "billing", "m1", {"bill_code": "b1"})
    inbox.receive(conn, "billing", "m2", {"bill_code": "nobody's"})
    conn.execute(text("UPDATE paspor.inbox SET received_at = received_at - id * interval '1 hour'"))
    assert asked(conn, "paspor_inbox_waiting") == {("billing", "yes"): 1, ("billing", "no"): 1}
    age = conn.execute(text("SELECT id FROM paspor.inbox WHERE message_id = 'm1'")).scalar_one() * 3600
    assert asked(conn, "paspor_inbox_oldest_age_seconds")[()] == pytest.approx(age, abs=5)


def test_seats_are_left_by_lane_and_span_and_none_on_a_closed_day(conn: Connection) -> None:
    office = an_office(conn)
    for days, seats in ((1, 5), (3, 7), (20, 9)):
        starts = datetime.now(UTC) + timedelta(days=days)
        day = (starts + timedelta(hours=8)).date()
        row = {"office": office, "lane": "regular", "day": day, "starts_at": starts, "seats": seats, "taken": 1}
        conn.execute(insert(Slot), {**row, "ends_at": starts + timedelta(minutes=15)})
    closed = (datetime.now(UTC) + timedelta(days=3, hours=8)).date()
    conn.execute(
        text("INSERT INTO paspor.closure (office, day, reason) VALUES (:office, :day, 'flood')"),
        {"office": office, "day": closed},
    )
    left = asked(conn, "paspor_seats_left")
    assert (left[office, "regular", "7d"], left[office, "regular", "30d"]) == (4, 12)
    assert left[office, "priority", "7d"] == 0


def test_booklets_and_printers_of_an_office(conn: Connection) -> None:
    office = an_office(conn)
    conn.execute(insert(Printer), [{"id": f"p{n}", "office": office, "uri": "ipp://127.0.0.1/"} for n in (1, 2)])
    conn.execute(text("UPDATE paspor.printer SET state = 'down', reason = 'jam' WHERE id = 'p2'"))
    assert asked(conn, "paspor_booklets_left") == {(office,): 0}
    conn.execute(insert(Booklet), [{"serial": f"X000000{n}", "office": office} for n in range(3)])
    assert asked(conn, "paspor_booklets_left") == {(office,): 3}
    assert asked(conn, "paspor_printer_up") == {(office, "p1"): 1, (office, "p2"): 0}
    assert watch.offices_that_print(conn) == (office,)


def test_entries_without_a_seal_have_an_age_until_they_are_sealed(conn: Connection) -> None:
    a_case(conn, CASE)
    assert asked(conn, "paspor_record_unsealed_age_seconds")[()] > 0
    assert asked(conn, "paspor_seal_age_seconds") == {}
    # This test's transaction is not over, so its entry cannot be under a seal: one is written as if it were.
    upto = conn.execute(text("SELECT max(xact) + 1 FROM paspor.case_event")).scalar_one()
    conn.execute(
        text("INSERT INTO paspor.seal (from_xact, upto_xact, events, root, prev) VALUES (0, :upto, 1, :root, :root)"),
        {"upto": upto, "root": seal.NOTHING},
    )
    assert asked(conn, "paspor_record_unsealed_age_seconds") == {(): 0}
    assert asked(conn, "paspor_seal_age_seconds")[()] == pytest.approx(0, abs=5)


def test_entries_are_counted_once_however_often_is_asked(engine: Engine) -> None:
    with engine.begin() as conn:
        ended(conn, a_case(conn, CASE), 2, Ending.NO_SHOW)
    with engine.begin() as conn:
        first = watch.events_since(conn, 0)
    assert set(first.by_action) == {("application.filed", "", 1), ("case.moved", "", 1)}
    with engine.begin() as conn:
        assert watch.events_since(conn, first.upto).by_action == []
        a_case(conn, "1000000000000002")
    with engine.begin() as conn:
        again = watch.events_since(conn, first.upto)
    assert again.by_action == [("application.filed", "", 1)]


def test_a_long_record_is_counted_in_steps(engine: Engine) -> None:
    for number in ("1000000000000001", "1000000000000002", "1000000000000003"):
        with engine.begin() as conn:
            a_case(conn, number)
    steps = [watch.Events(whole=False)]
    while not steps[-1].whole:
        with engine.begin() as conn:
            steps.append(watch.events_since(conn, steps[-1].upto, most=1))
            assert conn.execute(text("SHOW statement_timeout")).scalar_one() == "3s"
    assert [step.by_action for step in steps[1:]] == [[("application.filed", "", 1)]] * 3


def test_the_age_of_what_is_unsealed_is_not_looked_for_from_the_first_entry_on(conn: Connection) -> None:
    conn.execute(text("SET LOCAL enable_seqscan = off"))
    sql = BY_NAME["paspor_record_unsealed_age_seconds"].sql
    plan = "\n".join(conn.execute(text(f"EXPLAIN {sql}")).scalars())
    assert "case_event_xact_idx" in plan
    assert "case_event_recorded_at_idx" not in plan


@pytest.mark.parametrize("name", ["paspor_cases_open", "paspor_cases_overdue", "paspor_cases_stuck"])
def test_open_cases_are_counted_without_reading_them(conn: Connection, name: str) -> None:
    conn.execute(text("SET LOCAL enable_seqscan = off"))
    conn.execute(text("SET LOCAL enable_bitmapscan = off"))
    plan = "\n".join(conn.execute(text(f"EXPLAIN {BY_NAME[name].sql}")).scalars())
    assert "Index Only Scan using application_live_idx" in plan
