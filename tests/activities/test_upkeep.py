"""Upkeep on a real database: counts of what was done, and what somebody has altered is found."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text
from temporalio.testing import ActivityEnvironment

from activities.keyring import KeyRing
from activities.storage import drafts, limits, seal, sessions
from activities.storage.limits import Asked
from activities.upkeep import DatabaseUpkeep
from tests.activities.storage.cases import a_case
from tests.activities.storage.places import an_office
from tests.activities.storage.test_slots import opened
from workflows.partners.upkeep import Forgotten, RecordCount


def test_slots_are_made_once(engine: Engine) -> None:
    with engine.begin() as conn:
        opened(conn, every_day=True)
        an_office(conn, "aan")  # without a rule, which stops nobody else
    upkeep = DatabaseUpkeep(engine)
    assert upkeep.slots_ahead() > 0
    assert upkeep.slots_ahead() == 0
    assert upkeep.miscounted_slots() == ()
    with engine.begin() as conn:
        conn.execute(text("UPDATE paspor.slot SET taken = 1 WHERE id = (SELECT min(id) FROM paspor.slot)"))
    assert len(upkeep.miscounted_slots()) == 1


def test_what_is_over_is_removed(engine: Engine, ring: KeyRing) -> None:
    with engine.begin() as conn:
        for name in ("e" * 64, "f" * 64):
            sessions.begin(conn, name, "somebody", ring.seal(b"content"))
        silent = "UPDATE paspor.session SET seen_at = clock_timestamp() - interval '2 hours' WHERE id_hash LIKE 'e%'"
        conn.execute(text(silent))
        for owner in ("somebody", "somebody-else"):
            drafts.add(conn, owner, {"kind": "new"}, ring)
        limits.allow(conn, [Asked(kind="seats", of="person", who=who * 32, address="") for who in "ab"])
        conn.execute(text("UPDATE paspor.draft SET kept_until = clock_timestamp() WHERE owner = 'somebody'"))
        conn.execute(text("UPDATE paspor.request_count SET ends_at = clock_timestamp() WHERE who LIKE 'a%'"))
    assert DatabaseUpkeep(engine).forget_old() == Forgotten(answers=0, sessions=1, drafts=1, counts=1)
    assert DatabaseUpkeep(engine).forget_old() == Forgotten(answers=0, sessions=0)


def altered(engine: Engine, statement: str) -> None:
    with engine.begin() as conn:
        conn.execute(text("SET LOCAL session_replication_role = replica"))  # as somebody does who owns the database
        conn.execute(text(statement))


def test_the_whole_record_is_counted_day_by_day(engine: Engine) -> None:
    upkeep, told, env = DatabaseUpkeep(engine), list[str](), ActivityEnvironment()
    env.on_heartbeat = lambda *details: told.append(*details)
    assert env.run(upkeep.count_record) == RecordCount(days=1), "an empty record is whole"
    with engine.begin() as conn:
        number = a_case(conn)
    with engine.begin() as conn:
        assert seal.seal(conn)
    assert env.run(upkeep.count_record) == RecordCount(days=1)
    altered(engine, "UPDATE paspor.case_event SET recorded_at = recorded_at - interval '3 days'")
    told.clear()
    found = env.run(upkeep.count_record)
    today = datetime.now(UTC).date()
    assert told == [(today - timedelta(days=ago)).isoformat() for ago in (3, 2, 1, 0)]
    assert found == RecordCount(days=4, broken_cases=(number,))


def test_a_record_that_was_cut_off_is_found(engine: Engine) -> None:
    with engine.begin() as conn:
        a_case(conn)
    with engine.begin() as conn:
        assert seal.seal(conn)
    altered(engine, "DELETE FROM paspor.case_event")
    assert ActivityEnvironment().run(DatabaseUpkeep(engine).count_record).broken_seals
