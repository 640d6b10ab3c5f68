"""The service's own figures, against cases whose answers can be counted by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from activities.storage import ledger, reads
from tests.activities.storage.cases import a_case, entry, view
from tests.activities.storage.places import an_office
from workflows.case.facts import Ending, Promise, Stage
from workflows.partners.ledger import Note

# A Friday in the office: four working days later is Thursday.
INTERVIEW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)


def went(conn: Connection, number: str, ready: datetime | None, promised: date | None, office: str = "sanur") -> None:
    a_case(conn, number)
    acts = [("claims.verified", INTERVIEW), ("seat.held", INTERVIEW), ("interview.held", INTERVIEW)]
    acts += [("passport.ready", ready)] if ready else []
    promise = Promise(collect_on=promised, since=INTERVIEW, rule="promise@2014-03-20") if promised else None
    for version, (action, at) in enumerate(acts, 2):
        about = entry(number, version, action, at=at)
        ledger.note(conn, Note(entry=about, view=view(number, version, office=office, promise=promise)))


def test_nothing_is_said_where_nothing_was_measured(conn: Connection) -> None:
    assert set(reads.performance(conn).values()) == {()}


def test_figures_are_those_of_the_cases(conn: Connection) -> None:
    an_office(conn)
    an_office(conn, "kuta")
    promised = date(2026, 12, 3)
    went(conn, "1000000000000001", INTERVIEW + timedelta(days=6), promised)
    went(conn, "1000000000000002", INTERVIEW + timedelta(days=7), promised)
    went(conn, "1000000000000003", INTERVIEW + timedelta(days=3), promised, office="kuta")
    went(conn, "1000000000000004", None, date(2100, 1, 1))
    a_case(conn, "1000000000000005")
    for version, action in ((2, "claims.verified"), (3, "application.ended")):
        about = entry("1000000000000005", version, action)
        ending = Ending.LAPSED_UNPAID if version == 3 else None
        stage = Stage.ENDED if ending else Stage.FILED
        shown = view("1000000000000005", version, stage=stage, ending=ending)
        ledger.note(conn, Note(entry=about, view=shown))
    found = reads.performance(conn)
    assert [(one.office, one.cases) for one in found["promises"]] == [("", 3), ("kuta", 1), ("sanur", 2)]
    assert [one.mean for one in found["promises"]] == pytest.approx([2 / 3, 1, 0.5])
    assert [(one.office, one.half) for one in found["days"]] == [("", 4.0), ("kuta", 1.0), ("sanur", 4.5)]
    everywhere = found["bookings"][0]
    assert (everywhere.cases, everywhere.mean) == (5, pytest.approx(0.8))


def test_a_wait_ends_with_the_first_call_and_begins_when_one_may_be_called(conn: Connection) -> None:
    an_office(conn)
    a_case(conn, "1000000000000001")
    at = "clock_timestamp() - interval '2 hours'"
    conn.execute(
        text(f"""
        INSERT INTO paspor.ticket (key, number, office, day, label, serial, lane, arrival, ahead, state, rank_from,
                                   callable_from, issued_at)
        VALUES ('k', '1000000000000001', 'sanur', current_date, 'A-001', 1, 'regular', 'waiting', 0, 'done', {at},
                {at} + interval '10 minutes', {at})""")
    )
    for minutes in (25, 40):
        conn.execute(
            text(f"""
            INSERT INTO paspor.queue_call (office, day, label, number, what, officer, at)
            VALUES ('sanur', current_date, 'A-001', '1000000000000001', 'call', 'ani',
                    {at} + interval '{minutes} minutes')""")
        )
    (everywhere, sanur) = reads.performance(conn)["waits"]
    assert (everywhere.cases, sanur.office) == (1, "sanur")
    assert sanur.half == pytest.approx(15, abs=0.1)
