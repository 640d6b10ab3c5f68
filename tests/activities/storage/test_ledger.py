"""The record of cases: written once by key, one live case a person, nothing personal in clear, nothing changed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from activities.keyring import CannotOpen
from activities.storage import ledger, sealing
from tests.activities.storage import cases
from tests.activities.storage.cases import RING, a_case, a_task, ended, entry, noted, opening, view
from tests.activities.storage.places import an_office
from workflows.case.facts import Ending, Stage, Turn
from workflows.case.record import NextStep, TaskStep
from workflows.partners.ledger import Note

N = "1000000000000001"


def count(conn: Connection, table: str, where: str = "true") -> int:
    return int(conn.execute(text(f"SELECT count(*) FROM paspor.{table} WHERE {where}")).scalar_one())


def test_opening_twice_by_one_key_is_one_case(conn: Connection) -> None:
    first = opening(N)
    assert ledger.open_case(conn, first, RING) == first.entry
    changed = replace(first, entry=replace(first.entry, outcome="another"))
    assert ledger.open_case(conn, changed, RING) == first.entry
    assert (count(conn, "application"), count(conn, "case_event")) == (1, 1)


def test_another_run_does_not_write_into_the_record_of_the_first(conn: Connection) -> None:
    first = opening(N)
    ledger.open_case(conn, first, RING)
    ended(conn, N, 2, Ending.NOT_ACCEPTED)
    assert ledger.open_case(conn, replace(first, run_id="run-2"), RING) is None
    assert ledger.open_case(conn, first, RING) == first.entry


def test_a_person_has_one_live_case(conn: Connection) -> None:
    a_case(conn, N, person=7)
    second = opening("1000000000000002", person=7)
    assert ledger.open_case(conn, second, RING) is None
    assert count(conn, "application") == 1
    ended(conn, N, 2)
    assert ledger.open_case(conn, second, RING) == second.entry


def test_the_schema_itself_holds_one_live_case_a_person(conn: Connection) -> None:
    a_case(conn, N, person=7)
    a_case(conn, "1000000000000002", person=8)
    with pytest.raises(IntegrityError, match="application_one_live"):
        conn.execute(
            text("UPDATE paspor.application SET person_key = (SELECT min(person_key) FROM paspor.application)")
        )


def test_the_refused_second_filing_may_end_without_a_row(conn: Connection) -> None:
    about = entry("1000000000000009", 2, "application.ended")
    gone = view("1000000000000009", 2, stage=Stage.ENDED, ending=Ending.NOT_ACCEPTED)
    assert ledger.note(conn, Note(entry=about, view=gone)) == about
    assert count(conn, "case_event") == 0


def test_a_note_of_an_unknown_case_is_an_error(conn: Connection) -> None:
    with pytest.raises(IntegrityError):
        noted(conn, "1000000000000009", 2)


def test_a_note_twice_is_one_event_and_gets_the_stored_entry(conn: Connection) -> None:
    office = an_office(conn)
    a_case(conn, N)
    task = a_task(N, TaskStep.DOCUMENTS, office)
    first = noted(conn, N, 2, task, office=office)
    again = ledger.note(conn, Note(entry=replace(first, outcome="other"), view=view(N, 9, stage=Stage.PAID)))
    assert again == first
    assert count(conn, "case_event") == 2
    assert count(conn, "application", "stage = 'filed' AND version = 2") == 1
    assert count(conn, "task", "state = 'open'") == 1


def test_what_was_written_comes_back_as_it_was(conn: Connection) -> None:
    a_case(conn, N)
    about = entry(
        N, 2, "documents.decided", outcome="return", actor="examiner", reason="blurred", details={"z": "1", "a": "é"}
    )
    ledger.note(conn, Note(entry=about, view=view(N, 2)))
    assert ledger.stored(conn, about.key) == about


def test_a_late_note_of_an_older_state_changes_no_view(conn: Connection) -> None:
    office = an_office(conn)
    a_case(conn, N)
    noted(conn, N, 3, office=office, stage=Stage.PAID)
    noted(conn, N, 2, a_task(N, TaskStep.DOCUMENTS, office))
    assert count(conn, "case_event") == 3
    assert count(conn, "application", "stage = 'paid' AND version = 3 AND office = 'sanur'") == 1
    assert count(conn, "task") == 0


def test_tasks_not_listed_are_closed(conn: Connection) -> None:
    office = an_office(conn)
    a_case(conn, N)
    noted(conn, N, 2, a_task(N, TaskStep.DOCUMENTS, office), a_task(N, TaskStep.INTERVIEW, office))
    noted(conn, N, 3, a_task(N, TaskStep.INTERVIEW, office), a_task(N, TaskStep.QUALITY, office))
    rows = conn.execute(text("SELECT step, state FROM paspor.task ORDER BY step")).all()
    assert [tuple(row) for row in rows] == [("documents", "done"), ("interview", "open"), ("quality", "open")]


def test_the_view_is_a_case_view_again(conn: Connection) -> None:
    by = datetime(2026, 12, 1, 4, tzinfo=UTC)
    a_case(conn, N)
    step = NextStep(who=Turn.OFFICE, what="examine", by=by)
    noted(conn, N, 2, next_step=step)
    row = conn.execute(text("SELECT view, due_at FROM paspor.application")).one()
    assert ledger.VIEW.validate_python(row.view) == view(N, 2, next_step=step)
    assert row.due_at == by


def test_an_ending_is_dated_and_not_bookable(conn: Connection) -> None:
    a_case(conn, N, bookable=True)
    ended(conn, N, 2)
    assert count(conn, "application", "ending = 'withdrawn' AND ended_at IS NOT NULL AND NOT bookable") == 1


def test_a_note_brings_the_run_up_to_date(conn: Connection) -> None:
    a_case(conn, N)
    ledger.note(conn, Note(entry=entry(N, 2), view=view(N, 2), run_id="run-2"))
    noted(conn, N, 3)
    assert conn.execute(text("SELECT run_id FROM paspor.application")).scalar() == "run-2"


def test_nothing_personal_is_in_clear(conn: Connection) -> None:
    a_case(conn, N)
    for nik in ("5171015708900001", "(5171015708900001)", "x5171015708900001y"):
        about = entry(N, 2 + len(nik), reason=f"the card shows {nik}")
        assert "[NIK]" in ledger.note(conn, Note(entry=about, view=view(N, 2, ending_reason=f"NIK {nik}"))).reason
    everything = "".join(
        str(row)
        for table in ("application", "case_event", "task")
        for row in conn.execute(text(f"SELECT to_jsonb(t) FROM paspor.{table} t")).scalars()
    )
    for clear in ("5171015708900001", "Made", "1990-08-17", "made@example.invalid", "62000000"):
        assert clear not in everything


def test_the_schema_refuses_a_nik_in_a_reason(conn: Connection) -> None:
    a_case(conn, N)
    with pytest.raises(IntegrityError, match="reason_without_nik"):
        conn.execute(
            text("INSERT INTO paspor.case_event (number, key, at, action, stage, actor, role, reason) "
                 "VALUES (:n, 'k', now(), 'a.b', 'filed', 'x', 'system', 'NIK 5171015708900001')"),
            {"n": N},
        )  # fmt: skip


def test_personal_columns_open_only_in_their_row(conn: Connection) -> None:
    a_case(conn, N)
    sealed = bytes(conn.execute(text("SELECT applicant FROM paspor.application")).scalar_one())
    assert sealing.unseal(RING, N, sealed).applicant.full_name == cases.NAME
    with pytest.raises(CannotOpen):
        sealing.unseal(RING, "1000000000000002", sealed)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE paspor.case_event SET outcome = 'x'",
        "DELETE FROM paspor.case_event",
        "TRUNCATE paspor.case_event",
        "TRUNCATE paspor.application CASCADE",
        "DELETE FROM paspor.access_log",
        "UPDATE paspor.access_log SET actor = 'x'",
        "TRUNCATE paspor.access_log",
    ],
)
def test_the_record_cannot_be_changed(conn: Connection, change: str) -> None:
    a_case(conn, N)
    conn.execute(text("INSERT INTO paspor.access_log (actor, action, outcome) VALUES ('a', 'b', 'c')"))
    with pytest.raises((ProgrammingError, DBAPIError), match="append-only"):
        conn.execute(text(change))


def test_who_writes_an_event_chooses_neither_its_place_nor_its_hash(conn: Connection) -> None:
    a_case(conn, N)
    conn.execute(
        text("INSERT INTO paspor.case_event (number, seq, key, at, action, stage, actor, role, recorded_at, xact, "
             "prev, hash) VALUES (:n, 99, 'k', now(), 'a.b', 'filed', 'x', 'system', now(), 1, '\\x00', '\\x00')"),
        {"n": N},
    )  # fmt: skip
    rows = conn.execute(text("SELECT seq, prev, hash FROM paspor.case_event ORDER BY seq")).all()
    assert [row.seq for row in rows] == [1, 2]
    assert bytes(rows[1].prev) == bytes(rows[0].hash)
