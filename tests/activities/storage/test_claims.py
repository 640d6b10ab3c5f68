"""Leases on tasks: one holder at a time, four eyes, an end by itself, and one lease for a visit to the booth."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from activities.storage import claims
from activities.storage.claims import Claimed, Refused
from activities.storage.paging import BadCursor
from tests.activities.storage.cases import AT, a_case, a_task, noted
from tests.activities.storage.places import an_office
from workflows.case.facts import Role
from workflows.case.record import TaskStep

N = "1000000000000001"
STEP = TaskStep.ADJUDICATION


def waiting(conn: Connection, *steps: TaskStep, number: str = N, barred: tuple[str, ...] = ()) -> str:
    """A case at an office with open tasks; the office's id."""
    if not conn.execute(text("SELECT count(*) FROM paspor.office")).scalar():
        an_office(conn)
    a_case(conn, number)
    noted(conn, number, 2, *(a_task(number, step, "sanur", barred=barred) for step in steps), office="sanur")
    return "sanur"


def taken(claim: Claimed | Refused | None) -> Claimed:
    assert isinstance(claim, Claimed)
    return claim


def lapse(conn: Connection) -> None:
    """Let every lease run out, as if its minutes had passed."""
    conn.execute(text("UPDATE paspor.task SET lease_until = clock_timestamp() - interval '1 s' WHERE owner <> ''"))


def test_a_task_is_given_to_one_officer(conn: Connection) -> None:
    office = waiting(conn, STEP)
    mine = taken(claims.next_task(conn, STEP, office, "ani"))
    assert claims.next_task(conn, STEP, office, "budi") is None
    assert (mine.task.number, mine.task.owner) == (N, "ani")
    minutes = (mine.until - conn.execute(text("SELECT clock_timestamp()")).scalar_one()).total_seconds() / 60
    assert 14.5 < minutes <= 15
    assert claims.holds(conn, mine.lease_id, "ani", N, STEP)
    assert not claims.holds(conn, mine.lease_id, "budi", N, STEP)


def test_the_most_urgent_comes_first(conn: Connection) -> None:
    office = waiting(conn, number="1000000000000001")
    noted(conn, "1000000000000001", 3, a_task(N, STEP, office), office=office)
    waiting(conn, number="1000000000000002")
    noted(conn, "1000000000000002", 9, a_task("1000000000000002", STEP, office, due_at=AT), office=office)
    assert taken(claims.next_task(conn, STEP, office, "ani")).task.number == "1000000000000002"
    assert taken(claims.next_task(conn, STEP, office, "ani")).task.number == N
    assert claims.next_task(conn, STEP, "other", "ani") is None


def test_who_is_barred_never_gets_it(conn: Connection) -> None:
    office = waiting(conn, STEP, barred=("ani",))
    assert claims.next_task(conn, STEP, office, "ani") is None
    (row,) = claims.tasks(conn, office, [Role.ADJUDICATOR]).items
    assert claims.claim(conn, row.id, "ani", [Role.ADJUDICATOR], office, "mine") == Refused(code="same_officer")
    assert claims.objection(conn, "", "ani", N, STEP) == "same_officer"
    assert claims.next_task(conn, STEP, office, "budi") is not None


def test_the_schema_itself_bars_them(conn: Connection) -> None:
    office = waiting(conn, STEP)
    claims.next_task(conn, STEP, office, "ani")
    with pytest.raises(IntegrityError, match="owner_not_barred"):
        conn.execute(text("UPDATE paspor.task SET barred = '{ani}'"))


def test_choosing_one_needs_role_office_and_reason(conn: Connection) -> None:
    office = waiting(conn, STEP)
    (row,) = claims.tasks(conn, office, [Role.ADJUDICATOR]).items
    ask = [Role.ADJUDICATOR]
    assert claims.claim(conn, row.id, "ani", [Role.PRINTER], office, "why") == Refused(code="role_not_allowed")
    assert claims.claim(conn, row.id, "ani", ask, "other", "why") == Refused(code="no_such_task")
    assert claims.claim(conn, "no-uuid", "ani", ask, office, "why") == Refused(code="no_such_task")
    assert claims.claim(conn, row.id, "ani", ask, office, " ") == Refused(code="reason_required")
    mine = taken(claims.claim(conn, row.id, "ani", ask, office, "she asked for me"))
    assert claims.claim(conn, row.id, "budi", ask, office, "why") == Refused(code="already_claimed")
    assert taken(claims.claim(conn, row.id, "ani", ask, office, "again")).lease_id == mine.lease_id


def test_a_lease_that_ran_out_frees_the_task_by_itself(conn: Connection) -> None:
    office = waiting(conn, STEP)
    mine = taken(claims.next_task(conn, STEP, office, "ani"))
    lapse(conn)
    assert claims.objection(conn, mine.lease_id, "ani", N, STEP) == "lease_lost"
    assert claims.renew(conn, mine.lease_id, "ani") is None
    yours = taken(claims.next_task(conn, STEP, office, "budi"))
    assert claims.objection(conn, mine.lease_id, "ani", N, STEP) == "lease_lost"
    assert claims.objection(conn, yours.lease_id, "budi", N, STEP) is None


def test_a_lease_can_be_renewed_and_given_back(conn: Connection) -> None:
    office = waiting(conn, STEP)
    mine = taken(claims.next_task(conn, STEP, office, "ani"))
    conn.execute(text("UPDATE paspor.task SET lease_until = clock_timestamp() + interval '1 minute'"))
    until = claims.renew(conn, mine.lease_id, "ani")
    assert until is not None
    assert (until - mine.until).total_seconds() > -5
    assert claims.renew(conn, mine.lease_id, "budi") is None
    assert not claims.drop(conn, mine.lease_id, "budi")
    assert not claims.drop(conn, "no-uuid", "ani")
    assert claims.drop(conn, mine.lease_id, "ani")
    assert not claims.drop(conn, mine.lease_id, "ani")
    again = taken(claims.next_task(conn, STEP, office, "budi"))
    assert again.lease_id != mine.lease_id
    assert claims.drop_task(conn, again.task.id, "budi")


def test_a_decision_ends_its_lease(conn: Connection) -> None:
    office = waiting(conn, STEP)
    mine = taken(claims.next_task(conn, STEP, office, "ani"))
    second = a_task(N, STEP, office, "2", barred=("ani",))
    noted(conn, N, 3, second, office=office)
    assert claims.objection(conn, mine.lease_id, "ani", N, STEP) == "same_officer"
    assert claims.objection(conn, mine.lease_id, "budi", N, STEP) == "lease_lost"
    assert conn.execute(text("SELECT ended_at IS NOT NULL FROM paspor.lease")).scalar() is True
    noted(conn, N, 4, office=office)
    assert claims.objection(conn, mine.lease_id, "budi", N, STEP) == "not_your_turn"


@pytest.mark.parametrize("both", [True, False], ids=["both open at once", "one after the other"])
def test_interview_and_enrolment_are_one_lease(conn: Connection, both: bool) -> None:
    steps = (TaskStep.INTERVIEW, TaskStep.ENROLMENT)
    office = waiting(conn, *(steps if both else steps[:1]))
    mine = taken(claims.next_task(conn, TaskStep.INTERVIEW, office, "ani"))
    assert claims.next_task(conn, TaskStep.ENROLMENT, office, "budi") is None
    noted(conn, N, 3, a_task(N, TaskStep.ENROLMENT, office), office=office)
    assert claims.holds(conn, mine.lease_id, "ani", N, TaskStep.ENROLMENT)
    assert not claims.holds(conn, mine.lease_id, "ani", N, TaskStep.INTERVIEW)
    noted(conn, N, 4, office=office)
    assert conn.execute(text("SELECT ended_at IS NOT NULL FROM paspor.lease")).scalar() is True


def test_lists_are_of_one_office_and_role(conn: Connection) -> None:
    office = waiting(conn, STEP, TaskStep.DOCUMENTS)
    assert [row.step for row in claims.tasks(conn, office, [Role.EXAMINER]).items] == [TaskStep.DOCUMENTS]
    both = [Role.EXAMINER, Role.ADJUDICATOR]
    assert len(claims.tasks(conn, office, both).items) == 2
    assert [row.step for row in claims.tasks(conn, office, both, step=STEP).items] == [STEP]
    assert claims.tasks(conn, office, both, state="done").items == ()
    assert claims.tasks(conn, "other", both).items == ()


def test_pages_go_on_where_they_stopped(conn: Connection) -> None:
    for place in range(5):
        waiting(conn, STEP, number=f"100000000000000{place}")
    seen, cursor = [], ""
    for size in (2, 2, 1):
        found = claims.tasks(conn, "sanur", [Role.ADJUDICATOR], limit=2, cursor=cursor)
        assert len(found.items) == size
        seen += [row.number for row in found.items]
        cursor = found.next or ""
    assert cursor == ""
    assert len(set(seen)) == 5
    with pytest.raises(BadCursor):
        claims.tasks(conn, "sanur", [Role.ADJUDICATOR], cursor="nonsense")


def test_many_officers_at_once_get_different_tasks(engine: Engine) -> None:
    numbers = [f"10000000000000{place:02d}" for place in range(12)]
    with engine.begin() as conn:
        for number in numbers:
            waiting(conn, TaskStep.INTERVIEW, TaskStep.ENROLMENT, number=number)
    start = Barrier(8)

    def work(officer: int) -> list[str]:
        start.wait()
        got = []
        while True:
            with engine.begin() as conn:
                claimed = claims.next_task(conn, TaskStep.INTERVIEW, "sanur", f"officer-{officer}")
            if claimed is None:
                return got
            got.append(claimed.task.number)

    with ThreadPoolExecutor(8) as pool:
        given = [number for numbers in pool.map(work, range(8)) for number in numbers]
    # An officer may find the list empty while others hold rows for a moment, but nobody gets what another has.
    assert sorted(given) == numbers
