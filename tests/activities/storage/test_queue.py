"""The queue: by lane and appointment, one counter a person, back in line after each step, and what the board shows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, text

from activities.storage import claims, queue, reads, seats
from activities.storage.queue import Called, Estimate
from tests.activities.storage.cases import a_case, a_task, noted
from tests.activities.storage.places import an_office
from workflows.case.facts import Lane, Ticket
from workflows.case.record import Task, TaskStep
from workflows.partners.seats import Admission

PEOPLE = [f"100000000000000{place}" for place in range(6)]


def arrives(
    conn: Connection, person: int, minutes: int = 0, lane: Lane = Lane.REGULAR, state: str = "waiting", **task: object
) -> str:
    """A person with an appointment so many minutes from now is admitted, and their documents wait; their ticket."""
    number = PEOPLE[person]
    if not conn.execute(text("SELECT count(*) FROM paspor.office")).scalar():
        an_office(conn)
    a_case(conn, number)
    # By the clock of now: long after this module was read its minutes would be others.
    rank = datetime.now(UTC) + timedelta(minutes=minutes)
    about = Admission(key=number, number=number, booking="", office="sanur", lane=lane, state=state, rank_from=rank)
    ticket = seats.admit(conn, about)
    noted(conn, number, 2, a_task(number, TaskStep.DOCUMENTS, "sanur", **task), office="sanur")
    return ticket.number


def goes_on(conn: Connection, person: int, version: int, *steps: TaskStep) -> None:
    """The case notes a decision after which these steps wait."""
    number = PEOPLE[person]
    tasks: list[Task] = [a_task(number, step, "sanur") for step in steps]
    noted(conn, number, version, *tasks, office="sanur")


def documents(conn: Connection, officer: str = "ani", counter: str = "1") -> Called:
    called = queue.next_person(conn, "sanur", counter, "documents", officer)
    assert called is not None
    return called


def test_priority_first_then_by_appointment_and_not_by_arrival(conn: Connection) -> None:
    arrives(conn, 0, minutes=30)
    arrives(conn, 1, minutes=10)
    arrives(conn, 2, minutes=40, lane=Lane.PRIORITY)
    arrives(conn, 3, minutes=10)
    called = [documents(conn, f"officer-{place}").ticket for place in range(4)]
    assert called == ["P-001", "A-002", "A-003", "A-001"]
    assert queue.next_person(conn, "sanur", "1", "documents", "ani") is None
    assert queue.next_person(conn, "ubud", "1", "documents", "ani") is None


def test_who_comes_early_waits_for_their_window(conn: Connection) -> None:
    arrives(conn, 0, minutes=46, state="too_early")
    assert queue.next_person(conn, "sanur", "1", "documents", "ani") is None
    arrives(conn, 1, minutes=44, state="too_early")
    assert documents(conn).number == PEOPLE[1]


def test_the_lease_of_a_call_is_that_of_the_decision(conn: Connection) -> None:
    arrives(conn, 0)
    called = documents(conn)
    assert claims.holds(conn, called.lease_id, "ani", PEOPLE[0], TaskStep.DOCUMENTS)
    assert claims.next_task(conn, TaskStep.DOCUMENTS, "sanur", "budi") is None


def test_a_person_waits_again_for_the_booth_and_is_done_after_it(conn: Connection) -> None:
    arrives(conn, 0)
    documents(conn)
    assert queue.next_person(conn, "sanur", "7", "booth", "wayan") is None
    goes_on(conn, 0, 3, TaskStep.INTERVIEW)
    assert queue.board(conn, "sanur").waiting == 1
    called = queue.next_person(conn, "sanur", "7", "booth", "wayan")
    assert called is not None
    goes_on(conn, 0, 4, TaskStep.ENROLMENT)
    assert claims.holds(conn, called.lease_id, "wayan", PEOPLE[0], TaskStep.ENROLMENT)
    assert queue.board(conn, "sanur").waiting == 0
    goes_on(conn, 0, 5)
    assert conn.execute(text("SELECT state FROM paspor.ticket")).scalar() == "done"
    assert queue.board(conn, "sanur").called == ()


def test_who_brings_the_missing_paper_the_same_day_is_in_line_again(conn: Connection) -> None:
    arrives(conn, 0)
    documents(conn)
    goes_on(conn, 0, 3)
    assert conn.execute(text("SELECT state FROM paspor.ticket")).scalar() == "done"
    noted(conn, PEOPLE[0], 4, a_task(PEOPLE[0], TaskStep.DOCUMENTS, "sanur", "2"), office="sanur")
    assert documents(conn, "budi").ticket == "A-001"


def test_a_counter_that_died_leaves_nobody_behind(conn: Connection) -> None:
    arrives(conn, 0)
    documents(conn)
    assert queue.next_person(conn, "sanur", "2", "documents", "budi") is None
    conn.execute(text("UPDATE paspor.task SET lease_until = clock_timestamp() - interval '1 s'"))
    assert documents(conn, "budi", "2").ticket == "A-001"


def test_an_officer_who_is_barred_calls_somebody_else(conn: Connection) -> None:
    arrives(conn, 0, barred=("ani",))
    arrives(conn, 1, minutes=5)
    assert documents(conn, "ani").number == PEOPLE[1]


def test_nobody_came(conn: Connection) -> None:
    ticket = arrives(conn, 0)
    called = documents(conn)
    assert not queue.no_show(conn, "sanur", ticket, "budi")
    assert not queue.no_show(conn, "sanur", "A-999", "ani")
    assert queue.no_show(conn, "sanur", ticket, "ani", "called three times")
    assert not queue.no_show(conn, "sanur", ticket, "ani")
    assert not claims.holds(conn, called.lease_id, "ani", PEOPLE[0], TaskStep.DOCUMENTS)
    assert queue.next_person(conn, "sanur", "1", "documents", "ani") is None
    again = queue.recall(conn, "sanur", "2", ticket, "budi")
    assert isinstance(again, Called)
    assert claims.holds(conn, again.lease_id, "budi", PEOPLE[0], TaskStep.DOCUMENTS)


def test_parked_until_recalled(conn: Connection) -> None:
    ticket = arrives(conn, 0)
    assert queue.recall(conn, "sanur", "1", ticket, "ani") is None  # never called
    documents(conn)
    assert queue.park(conn, "sanur", ticket, "ani", "a copy")
    assert queue.next_person(conn, "sanur", "1", "documents", "ani") is None
    assert queue.board(conn, "sanur").called == ()
    assert queue.recall(conn, "sanur", "3", ticket, "ani") is not None
    (shown,) = queue.board(conn, "sanur").called
    assert (shown.ticket, shown.counter) == (ticket, "3")


def test_only_who_called_calls_again(conn: Connection) -> None:
    ticket = arrives(conn, 0)
    called = documents(conn)
    assert queue.recall(conn, "sanur", "2", ticket, "budi") is None
    again = queue.recall(conn, "sanur", "1", ticket, "ani")
    assert isinstance(again, Called)
    assert again.lease_id == called.lease_id


def test_the_board_and_its_stream(conn: Connection) -> None:
    for person in range(3):
        arrives(conn, person, minutes=person)
    first, second = documents(conn, "ani", "1"), documents(conn, "budi", "2")
    board = queue.board(conn, "sanur")
    assert [(call.ticket, call.counter) for call in board.called] == [(second.ticket, "2"), (first.ticket, "1")]
    assert board.waiting == 1
    queue.recall(conn, "sanur", "1", first.ticket, "ani")
    assert [call.ticket for call in queue.board(conn, "sanur").called] == [first.ticket, second.ticket]
    since = queue.calls_after(conn, "sanur", board.called[0].seq)
    assert [(call.ticket, call.counter) for call in since] == [(first.ticket, "1")]
    assert len(queue.calls_after(conn, "sanur", 0)) == 3
    assert queue.calls_after(conn, "ubud", 0) == ()


def test_the_estimate_follows_the_pace_of_the_hour(conn: Connection) -> None:
    an_office(conn)
    assert queue.estimate(conn, "sanur", 3) == Estimate(from_minutes=16, to_minutes=28)
    for minute in range(11):  # ten people in thirty minutes
        conn.execute(
            text("INSERT INTO paspor.queue_call (office, day, label, number, counter, what, officer, at) "
                 "VALUES ('sanur', now(), 'A-1', '1', :counter, 'call', 'ani', now() - make_interval(mins => :ago))"),
            {"counter": str(minute % 2), "ago": 3 * minute},
        )  # fmt: skip
    assert queue.estimate(conn, "sanur", 10) == Estimate(from_minutes=24, to_minutes=40)
    assert queue.estimate(conn, "sanur", 0) == Estimate(from_minutes=0, to_minutes=0)


def test_counters_at_once_call_different_people(engine: Engine) -> None:
    with engine.begin() as conn:
        for person in range(6):
            arrives(conn, person)

    def call(officer: int) -> list[str]:
        called = []
        while True:
            with engine.begin() as conn:
                found = queue.next_person(conn, "sanur", str(officer), "documents", f"officer-{officer}")
            if found is None:
                return called
            called.append(found.ticket)

    with ThreadPoolExecutor(6) as pool:
        given = [ticket for tickets in pool.map(call, range(6)) for ticket in tickets]
    assert sorted(given) == [f"A-00{place}" for place in range(1, 7)]


def tomorrow(conn: Connection) -> None:
    """The night passes: what was today is yesterday."""
    for table in ("ticket", "ticket_series"):
        conn.execute(text(f"UPDATE paspor.{table} SET day = day - 1"))


def test_who_is_wanted_again_on_another_day_gets_a_ticket_of_that_day(conn: Connection) -> None:
    arrives(conn, 0, minutes=40, lane=Lane.PRIORITY)
    documents(conn)
    goes_on(conn, 0, 3)
    tomorrow(conn)
    assert seats.admit_again(conn, "sanur", PEOPLE[0], "again-1") is None, "nothing waits for them"
    noted(conn, PEOPLE[0], 4, a_task(PEOPLE[0], TaskStep.DOCUMENTS, "sanur", key="2"), office="sanur")
    assert queue.next_person(conn, "sanur", "1", "documents", "ani") is None
    ticket = seats.admit_again(conn, "sanur", PEOPLE[0], "again-2")
    assert ticket == Ticket(number="P-001", state="waiting")
    assert seats.admit_again(conn, "sanur", PEOPLE[0], "again-2") == ticket
    assert seats.admit_again(conn, "sanur", PEOPLE[0], "again-3") is None, "one a day"
    assert documents(conn).ticket == "P-001"


def test_who_comes_again_is_called_after_whose_time_it_was(conn: Connection) -> None:
    arrives(conn, 0, minutes=-60)
    tomorrow(conn)
    arrives(conn, 1)
    again = seats.admit_again(conn, "sanur", PEOPLE[0], "again")
    assert again == Ticket(number="A-002", state="waiting", ahead=1)
    assert [documents(conn, officer).number for officer in ("ani", "budi")] == [PEOPLE[1], PEOPLE[0]]


def test_no_ticket_again_for_strangers_and_for_who_came_today(conn: Connection) -> None:
    arrives(conn, 0)
    an_office(conn, "ubud")
    assert seats.admit_again(conn, "sanur", PEOPLE[0], "again") is None
    assert seats.admit_again(conn, "sanur", PEOPLE[1], "again") is None
    tomorrow(conn)
    assert seats.admit_again(conn, "ubud", PEOPLE[0], "again") is None


def test_two_desks_at_once_give_one_ticket(engine: Engine) -> None:
    with engine.begin() as conn:
        arrives(conn, 0)
        tomorrow(conn)

    def gives(desk: int) -> Ticket | None:
        with engine.begin() as conn:
            return seats.admit_again(conn, "sanur", PEOPLE[0], f"again-{desk}")

    with ThreadPoolExecutor(6) as pool:
        given = [ticket for ticket in pool.map(gives, range(6)) if ticket]
    assert [ticket.number for ticket in given] == ["A-001"]


def test_a_case_shows_its_newest_ticket(conn: Connection) -> None:
    arrives(conn, 0)
    tomorrow(conn)
    arrives(conn, 1)
    again = seats.admit_again(conn, "sanur", PEOPLE[0], "again")
    found = reads.application(conn, PEOPLE[0])
    assert found is not None
    assert found.view.ticket == again
