"""Drafts belong to a person: sealed, added to from two windows at once, kept for the days of the rule."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text

from activities.keyring import KeyRing
from activities.storage import drafts, rules

ANNA, BUDI = "applicant-1", "applicant-2"


def test_answers_are_added_and_found_by_their_person_only(engine: Engine, ring: KeyRing) -> None:
    with engine.begin() as conn:
        drafts.add(conn, ANNA, {"kind": "new", "nik": "5171014107900001"}, ring)
        assert drafts.add(conn, ANNA, {"kind": "replacement"}, ring)["nik"] == "5171014107900001"
        found, until = drafts.find(conn, ANNA, ring)
        assert found == {"kind": "replacement", "nik": "5171014107900001"}
        assert until is not None
        assert timedelta(days=29) < until - datetime.now(UTC) <= timedelta(days=30)
        assert drafts.find(conn, BUDI, ring) == ({}, None)


def test_it_is_sealed_for_its_person(engine: Engine, ring: KeyRing) -> None:
    with engine.begin() as conn:
        drafts.add(conn, ANNA, {"nik": "5171014107900001"}, ring)
        stored = conn.execute(text("SELECT content FROM paspor.draft")).scalar_one()
        assert b"5171014107900001" not in bytes(stored)
        conn.execute(text("UPDATE paspor.draft SET owner = :budi"), {"budi": BUDI})
        assert drafts.find(conn, BUDI, ring) == ({}, None)


def test_two_windows_lose_no_answer_of_each_other(engine: Engine, ring: KeyRing) -> None:
    def answers(place: int) -> None:
        with engine.begin() as conn:
            drafts.add(conn, ANNA, {f"field-{place}": "x"}, ring)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(answers, range(40)))
    with engine.connect() as conn:
        assert len(drafts.find(conn, ANNA, ring)[0]) == 40


def test_afresh_forgets_and_filing_forgets_only_what_was_filed(engine: Engine, ring: KeyRing) -> None:
    with engine.begin() as conn:
        drafts.add(conn, ANNA, {"kind": "new", "key": "one"}, ring)
        drafts.add(conn, ANNA, {"key": "two"}, ring, afresh=True)
        assert drafts.find(conn, ANNA, ring)[0] == {"key": "two"}
        assert not drafts.forget(conn, ANNA, ring, "one")
        assert drafts.forget(conn, ANNA, ring, "two")
        assert not drafts.forget(conn, ANNA, ring)


def test_it_is_kept_as_many_days_as_the_rule_says_and_then_it_is_gone(engine: Engine, ring: KeyRing) -> None:
    with engine.begin() as conn:
        rules.enact(conn, "drafts", datetime.now(UTC).date(), {"days": 3}, "test")
        drafts.add(conn, ANNA, {"kind": "new"}, ring)
        until = drafts.find(conn, ANNA, ring)[1]
        assert until is not None
        assert timedelta(days=2) < until - datetime.now(UTC) <= timedelta(days=3)
        assert drafts.days(conn) == 3
        assert drafts.forget_old(conn) == 0
        conn.execute(text("UPDATE paspor.draft SET kept_until = clock_timestamp()"))
        assert drafts.find(conn, ANNA, ring) == ({}, None)
        assert drafts.add(conn, ANNA, {"sex": "F"}, ring) == {"sex": "F"}, "what is over does not come back"
        conn.execute(text("UPDATE paspor.draft SET kept_until = clock_timestamp()"))
        assert drafts.forget_old(conn) == 1
