"""The ledger as the procedure asks: committed when it answers, and the same again by the same key."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, text
from temporalio.testing import ActivityEnvironment

from activities.ledger import CaseLedger
from tests.activities.storage.cases import RING, entry, opening, view
from workflows.case.record import Entry
from workflows.partners.ledger import Note, Opening

N = "1000000000000001"


def test_what_is_answered_is_committed(engine: Engine) -> None:
    ledger, run = CaseLedger(engine, RING), ActivityEnvironment().run
    begun = opening(N)
    assert run(ledger.open_case, begun) == begun.entry
    about = Note(entry=entry(N, 2, "claims.verified"), view=view(N, 2), run_id="run-1")
    assert run(ledger.note, about) == about.entry
    with engine.connect() as conn:
        assert conn.execute(text("SELECT max(seq) FROM paspor.case_event")).scalar() == 2


def test_of_two_cases_of_a_person_that_open_at_once_one_lives(engine: Engine) -> None:
    ledger = CaseLedger(engine, RING)
    both = [opening(f"100000000000000{place}", person=7) for place in range(6)]

    def open_one(one: Opening) -> Entry | None:
        return ActivityEnvironment().run(ledger.open_case, one)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(open_one, both))
    assert sum(answer is not None for answer in answers) == 1


def test_one_note_tried_by_several_at_once_is_one_event(engine: Engine) -> None:
    ledger = CaseLedger(engine, RING)
    ActivityEnvironment().run(ledger.open_case, opening(N))
    about = Note(entry=entry(N, 2), view=view(N, 2))
    with ThreadPoolExecutor(6) as pool:
        answers = set(pool.map(lambda _: ActivityEnvironment().run(ledger.note, about).key, range(12)))
    assert answers == {about.entry.key}
    with engine.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM paspor.case_event")).scalar() == 2
