"""What auditors read of one case and of exceptions: whole orders, named people, proofs that can fail."""

from datetime import date

import pytest
from sqlalchemy import Connection, Engine, text

from activities.storage import booklets, ledger, reads, seal
from activities.storage.paging import BadCursor, encode
from activities.storage.reads import Broken
from tests.activities.storage.cases import a_case, entry, noted, view
from tests.activities.storage.places import an_office
from workflows.case.facts import Role
from workflows.partners.booklets import Allocation, BookletFate, Settlement
from workflows.partners.ledger import Note

N, OTHER = "1000000000000001", "1000000000000002"


def test_exceptions_go_on_where_the_page_before_ended(conn: Connection) -> None:
    an_office(conn)
    a_case(conn, N)
    at = "INSERT INTO paspor.lease (number, office, steps, officer, reason, granted_at, until) "
    # At one moment: the order has to be whole without the time.
    for officer in ("ani", "budi", "cici", "dedi"):
        moment = "'2026-11-24 01:00+00', '2026-11-24 01:15+00'"
        conn.execute(text(f"{at} VALUES ('{N}', 'sanur', ARRAY['documents'], '{officer}', 'urgent', {moment})"))
    found, cursor = [], ""
    for _ in range(2):
        part = reads.exceptions(conn, limit=2, cursor=cursor)
        found, cursor = [*found, *(row.who for row in part.items)], part.next or ""
    assert sorted(found) == ["ani", "budi", "cici", "dedi"]
    assert cursor == ""
    for wrong in ("x", encode(["no moment", "recall", "1"])):
        with pytest.raises(BadCursor):
            reads.exceptions(conn, cursor=wrong)


def test_a_void_booklet_names_who_found_the_defect_and_a_reprint_who_brought_the_next(conn: Connection) -> None:
    an_office(conn)
    a_case(conn, N)
    booklets.receive(conn, "sanur", ["C0000001", "C0000002"])
    version = 2
    for attempt, serial in enumerate(("C0000001", "C0000002"), 1):
        bound = Allocation(key=f"{N}/{attempt}", number=N, attempt=attempt, booklet=serial, office="sanur")
        assert booklets.allocate(conn, bound)
        if attempt == 1:
            fate = Settlement(key="s", number=N, booklet=serial, fate=BookletFate.SPOILED, reason="smudged")
            booklets.settle(conn, fate)
        acts = [("booklet.allocated", "allocated", "cetak", Role.PRINTER)]
        acts += [("quality.checked", "fail", "uji", Role.INSPECTOR)] if attempt == 1 else []
        for action, outcome, actor, role in acts:
            about = entry(N, version, action, outcome=outcome, actor=actor, role=role, details={"booklet": serial})
            ledger.note(conn, Note(entry=about, view=view(N, version)))
            version += 1
    found = {row.kind: row.who for row in reads.exceptions(conn).items}
    assert found == {"spoiled_booklet": "uji", "reprint": "cetak"}


def past_guards(engine: Engine, statement: str) -> None:
    with engine.begin() as conn:
        conn.execute(text("SET LOCAL session_replication_role = replica"))
        conn.execute(text(statement))


@pytest.fixture
def sealed(engine: Engine) -> Engine:
    """Two cases, three events sealed in two seals, and one that is not."""
    with engine.begin() as conn:
        a_case(conn, N)
        a_case(conn, OTHER)
        noted(conn, N, 2)
    with engine.begin() as conn:
        assert seal.seal(conn)
    with engine.begin() as conn:
        noted(conn, N, 3)
    with engine.begin() as conn:
        assert seal.seal(conn)
    with engine.begin() as conn:
        noted(conn, N, 4)
    return engine


def test_a_case_proves_itself(sealed: Engine) -> None:
    with sealed.begin() as conn:
        found = reads.case_proof(conn, N)
        head = conn.execute(text(f"SELECT encode(hash, 'hex') FROM paspor.case_event WHERE number = '{N}' AND seq = 4"))
        assert (found.events, found.sealed, len(found.seals), found.holds) == (4, 3, 2, True)
        assert found.head == head.scalar_one()
        other = reads.case_proof(conn, OTHER)
        assert (other.events, other.sealed, len(other.seals), other.holds) == (1, 1, 1, True)
        assert not reads.case_proof(conn, "1000000000000009").holds


def test_a_case_whose_record_was_changed_does_not(sealed: Engine) -> None:
    past_guards(sealed, f"UPDATE paspor.case_event SET actor = 'x' WHERE number = '{N}' AND seq = 2")
    with sealed.begin() as conn:
        found = reads.case_proof(conn, N)
        assert (found.broken, found.holds) == ((Broken(number=N, seq=2, what="altered"),), False)
        assert reads.case_proof(conn, OTHER).holds


def test_a_case_whose_end_was_cut_off_breaks_its_seal(sealed: Engine) -> None:
    past_guards(sealed, f"DELETE FROM paspor.case_event WHERE number = '{N}' AND seq >= 3")
    past_guards(sealed, f"UPDATE paspor.application SET version = 2 WHERE number = '{N}'")
    with sealed.begin() as conn:
        assert reads.case_proof(conn, N).broken == ()
        assert [one.holds for one in reads.verification(conn).roots] == [True, False]


def test_seals_of_a_span_are_chained_to_the_one_before_it(sealed: Engine) -> None:
    with sealed.begin() as conn:
        conn.execute(text("SET LOCAL session_replication_role = replica"))
        conn.execute(
            text("UPDATE paspor.seal SET at = '2026-01-01 12:00+00' WHERE id = (SELECT min(id) FROM paspor.seal)")
        )
        (early,) = seal.seals(conn, last=date(2026, 1, 1))
        (late,) = seal.seals(conn, first=date(2026, 1, 2))
        assert seal.before(conn, late) == early
        assert seal.before(conn, early) is None
        assert [one.holds for one in reads.verification(conn, first=date(2026, 1, 2)).roots] == [True]


def test_a_rule_that_the_record_cites_has_its_source(conn: Connection) -> None:
    found = reads.rule_sources(conn)
    assert "art. 22" in found["promise@2014-03-20"]


def test_days_off_are_holidays_and_the_offices_closures(conn: Connection) -> None:
    an_office(conn)
    conn.execute(text("INSERT INTO paspor.closure (office, day, reason) VALUES ('sanur', '2026-11-26', 'flood')"))
    off = reads.days_off(conn, "sanur", date(2026, 11, 24), date(2026, 12, 26))
    assert date(2026, 11, 26) in off
    assert date(2026, 12, 25) in off
    assert date(2026, 11, 26) not in reads.days_off(conn, "", date(2026, 11, 24), date(2026, 12, 26))
