"""What officers see of their work: tasks by urgency with who holds them, calls at a counter, portraits of a capture."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from activities.storage import claims, ledger, queue, searches, seats
from activities.storage.reads import desk
from tests.activities.storage.cases import AT, a_case, a_task, entry, noted, view
from tests.activities.storage.places import an_office
from workflows.case.facts import Lane, Promise, Role
from workflows.case.record import TaskStep
from workflows.partners.ledger import Note
from workflows.partners.seats import Admission

FIRST, SECOND, THIRD = "1000000000000001", "1000000000000002", "1000000000000003"
EXAMINER = (Role.EXAMINER,)
PICTURE = "ab" * 32


def waits(conn: Connection, number: str, due_days: int | None, promised: date | None = None) -> None:
    a_case(conn, number)
    due = AT + timedelta(days=due_days) if due_days is not None else None
    promise = Promise(collect_on=promised, since=AT, rule="r") if promised else None
    noted(conn, number, 2, a_task(number, TaskStep.DOCUMENTS, "sanur", due_at=due), office="sanur", promise=promise)


def test_the_most_urgent_comes_first_and_who_holds_it_is_said(conn: Connection) -> None:
    an_office(conn)
    waits(conn, FIRST, None)
    waits(conn, SECOND, 5)
    waits(conn, THIRD, None, promised=(AT + timedelta(days=2)).date())
    listed = desk.open_tasks(conn, "sanur", EXAMINER)
    assert [one.number for one in listed] == [THIRD, SECOND, FIRST]
    assert (listed[0].promised, listed[0].lane, listed[0].service) == (date(2026, 11, 26), "regular", "regular")
    taken = claims.claim(conn, listed[2].id, "made", EXAMINER, "sanur", "the person is here")
    assert isinstance(taken, claims.Claimed)
    held = desk.open_task(conn, FIRST, TaskStep.DOCUMENTS)
    assert held is not None
    assert (held.owner, str(held.lease_id), held.until) == ("made", taken.lease_id, taken.until)
    assert held.chosen == "the person is here"
    assert claims.drop_task(conn, held.id, "made")
    assert desk.open_task(conn, FIRST, TaskStep.DOCUMENTS) == replace(
        held, owner=None, lease_id=None, until=None, chosen=""
    )
    assert desk.open_tasks(conn, "sanur", (Role.HEAD,)) == ()
    assert desk.open_task(conn, FIRST, TaskStep.QUALITY) is None


def test_a_portrait_and_whom_the_matcher_named(conn: Connection) -> None:
    an_office(conn)
    for number in (FIRST, SECOND):
        a_case(conn, number)
    assert desk.portrait(conn, FIRST) is None
    assert desk.likenesses(conn, FIRST) == ()
    searches.remember(conn, FIRST, "one", "ref-1", PICTURE)
    searches.remember(conn, FIRST, "one", "ref-1", "cd" * 32)
    searches.remember(conn, SECOND, "two")
    assert desk.portrait(conn, FIRST) == PICTURE
    assert desk.portrait(conn, SECOND) is None
    found = entry(SECOND, 2, "duplicates.searched", outcome="candidates", details={"candidates": "ref-1 a410"})
    ledger.note(conn, Note(entry=found, view=view(SECOND, 2)))
    ours, other = desk.likenesses(conn, SECOND)
    assert (ours.reference_id, ours.number, ours.portrait) == ("ref-1", FIRST, PICTURE)
    assert (other.reference_id, other.number, other.portrait) == ("a410", None, "")


def test_a_portrait_is_the_name_of_a_file(conn: Connection) -> None:
    a_case(conn, FIRST)
    with pytest.raises(IntegrityError, match="search_portrait_form_check"):
        searches.remember(conn, FIRST, "one", "ref-1", "5171015708900001")


def test_who_was_called_to_a_counter(conn: Connection) -> None:
    an_office(conn)
    waits(conn, FIRST, 1)
    admission = Admission(
        key="a",
        number=FIRST,
        booking="b",
        office="sanur",
        lane=Lane.REGULAR,
        state="waiting",
        rank_from=datetime.now(UTC),
    )
    seats.admit(conn, admission)
    assert desk.at_counter(conn, "sanur", "3", "made") == ()
    called = queue.next_person(conn, "sanur", "3", "documents", "made")
    assert called is not None
    (place,) = desk.at_counter(conn, "sanur", "3", "made")
    assert (place.ticket, place.number, place.state, place.until) == ("A-001", FIRST, "called", called.until)
    assert place.steps == (TaskStep.DOCUMENTS,)
    (seen,) = desk.at_counter(conn, "sanur", "3", "wayan")
    assert seen.until is None
    assert desk.at_counter(conn, "sanur", "4", "made") == ()
    conn.execute(text("UPDATE paspor.ticket SET state = 'done'"))
    assert desk.at_counter(conn, "sanur", "3", "made") == ()
