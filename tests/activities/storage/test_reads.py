"""What people read: cases as they stand, seats by day, lists for auditors, and whether the record is whole."""

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, Engine, text

from activities.storage import (
    access_log,
    booklets,
    claims,
    closures,
    inbox,
    ledger,
    printers,
    reads,
    rules,
    seal,
    seed,
    slots,
)
from activities.storage.paging import BadCursor
from activities.storage.reads import Broken
from tests.activities.storage import cases
from tests.activities.storage.cases import RING, a_case, a_task, ended, entry, noted, view
from tests.activities.storage.places import an_office
from tests.activities.storage.test_slots import OPENING, opened, today
from workflows.case.facts import Ending, Lane, Role, Stage
from workflows.case.record import TaskStep
from workflows.partners.ledger import Note

N, OTHER = "1000000000000001", "1000000000000002"


def test_a_case_as_it_stands(conn: Connection) -> None:
    an_office(conn)
    a_case(conn, N)
    noted(conn, N, 2, office="sanur", stage=Stage.PAID)
    found = reads.application(conn, N)
    assert found is not None
    assert found.view == view(N, 2, office="sanur", stage=Stage.PAID)
    assert (found.owner, found.office, found.kind) == ("applicant-1", "sanur", "new")
    address = reads.case_address(conn, N)
    assert address is not None
    assert (address.run_id, address.owner, address.office, address.ending) == ("run-1", "applicant-1", "sanur", None)
    ended(conn, N, 3)
    gone = reads.case_address(conn, N)
    assert gone is not None
    assert gone.ending is Ending.WITHDRAWN
    assert reads.application(conn, OTHER) is None
    assert reads.case_address(conn, OTHER) is None


def test_the_person_behind_a_case(conn: Connection) -> None:
    a_case(conn, N)
    person = reads.applicant(conn, N, RING)
    assert person is not None
    assert person.full_name == cases.NAME
    assert reads.applicant(conn, OTHER, RING) is None


def test_the_timeline_goes_on_after_what_was_seen(conn: Connection) -> None:
    a_case(conn, N)
    ledger.note(conn, Note(entry=entry(N, 2, "bill.paid", outcome="paid", details={"receipt": "1"}), view=view(N, 2)))
    shown = [(row.action, row.outcome) for row in reads.timeline(conn, N)]
    assert shown == [("application.filed", ""), ("bill.paid", "paid")]
    first, second = reads.events(conn, N)
    assert (first.seq, first.action, second.seq, second.outcome) == (1, "application.filed", 2, "paid")
    assert second.details == {"receipt": "1"}
    assert second.role is Role.SYSTEM
    assert reads.new_events(conn, N, 1) == (second,)
    assert reads.new_events(conn, N, 2) == ()


def test_seats_by_day(conn: Connection) -> None:
    office = opened(conn, every_day=True, horizon_days=3, hours=[["00:00", "24:00"]])
    slots.open_days(conn, office, today() + timedelta(days=3))
    tomorrow, closed, later = (today() + timedelta(days=ahead) for ahead in (1, 2, 5))
    conn.execute(text("UPDATE paspor.slot SET taken = 3 WHERE lane = 'regular' AND day = :day"), {"day": tomorrow})
    closures.close_day(conn, office, closed, "flood", "supervisor")
    found = reads.availability(conn, office, Lane.REGULAR, today() - timedelta(days=1), later)
    assert found is not None
    days = {day.date: day for day in found.days}
    assert len(days) == 7
    assert (days[tomorrow].seats, days[tomorrow].left, len(days[tomorrow].slots)) == (96, 24, 24)
    first = days[tomorrow].slots[0]
    assert (first.starts_at.isoformat()[10:], first.seats, first.left) == ("T00:00:00+08:00", 4, 1)
    assert (days[closed].closed_reason, days[closed].slots) == ("flood", ())
    assert days[today() - timedelta(days=1)].closed_reason is not None
    assert all(slot.starts_at > datetime.now(UTC) for slot in days[today()].slots)
    assert (days[later].closed_reason, days[later].opens_at) == (
        None,
        datetime.combine(today() + timedelta(days=2), datetime.min.time(), tzinfo=timezone(timedelta(hours=8))),
    )
    assert reads.availability(conn, "nowhere", Lane.REGULAR, today(), today()) is None


def test_a_holiday_says_its_name(conn: Connection) -> None:
    office = opened(conn, since=date(2026, 1, 1))
    found = reads.availability(conn, office, Lane.REGULAR, date(2026, 3, 18), date(2026, 3, 19))
    assert found is not None
    assert all(day.closed_reason for day in found.days)
    assert found.days[0].closed_reason != "closed"


def test_what_limits_an_office(conn: Connection) -> None:
    office = opened(conn, every_day=True)

    def limit() -> str:
        found = reads.availability(conn, office, Lane.REGULAR, today(), today())
        assert found is not None
        return found.limited_by

    assert limit() == "booths"  # of an office without a printer of its own
    printers.add(conn, "sanur-1", office, "ipp://127.0.0.1/1")
    printers.add(conn, "sanur-2", office, "ipp://127.0.0.1/2")
    assert limit() == "booklets"
    booklets.receive(conn, office, [f"X{serial:07d}" for serial in range(1, 501)])
    assert limit() == "booths"
    printers.set_state(conn, "sanur-1", "down", "laser", "supervisor")
    assert limit() == "printer"


def test_auditors_find_cases_by_what_they_ask(conn: Connection) -> None:
    an_office(conn)
    a_case(conn, N)
    a_case(conn, OTHER)
    noted(conn, N, 2, office="sanur", stage=Stage.PAID)
    ledger.note(conn, Note(entry=entry(N, 3, "documents.examined", actor="ani"), view=view(N, 3, office="sanur")))
    ended(conn, OTHER, 2)
    day = cases.AT.date()

    def numbers(**filters: object) -> list[str]:
        return [row.number for row in reads.audit_applications(conn, **filters).items]  # type: ignore[arg-type] # a test's

    assert numbers() == numbers(number="10000") == [OTHER, N]
    assert numbers(number=N) == [N]
    assert numbers(number="_" * 16) == []
    assert numbers(office="sanur") == [N]
    assert numbers(stage=Stage.ENDED) == numbers(ending=Ending.WITHDRAWN) == [OTHER]
    assert numbers(officer="ani") == [N]
    assert numbers(first=day, last=day) == [OTHER, N]
    assert numbers(first=day + timedelta(days=1)) == numbers(last=day - timedelta(days=1)) == []
    assert numbers(overdue=True) == []
    conn.execute(text("UPDATE paspor.application SET due_at = clock_timestamp() - interval '1 s'"))
    assert numbers(overdue=True) == [N]
    counted = reads.audit_applications(conn, limit=1)
    assert (counted.by_stage, counted.by_ending) == ({"filed": 1, "ended": 1}, {"withdrawn": 1})
    rest = reads.audit_applications(conn, limit=1, cursor=counted.next or "")
    assert [row.number for row in (*counted.items, *rest.items)] == [OTHER, N]
    assert rest.next is None
    with pytest.raises(BadCursor):
        reads.audit_applications(conn, cursor="x")


def test_exceptions_have_reason_and_person(conn: Connection) -> None:
    an_office(conn)
    a_case(conn, N)
    noted(conn, N, 2, a_task(N, TaskStep.QUALITY, "sanur", role=Role.INSPECTOR), office="sanur")
    (task,) = claims.tasks(conn, "sanur", [Role.INSPECTOR]).items
    claims.claim(conn, task.id, "ani", [Role.INSPECTOR], "sanur", "urgent flight")
    paid = {"bill_code": "1", "amount": 350_000, "paid_at": "2026-11-24T02:00:00Z", "receipt_no": "NTPN1"}
    inbox.receive(conn, "billing", "m1", paid)
    inbox.left_over(conn, inbox.undelivered(conn, 1)[0].id, "the case had ended")
    found = {row.kind: row for row in reads.exceptions(conn).items}
    assert set(found) == {"chosen_case", "refund_case"}
    assert found["refund_case"].reason == "other_bill, NTPN1"
    assert (found["chosen_case"].who, found["chosen_case"].reason) == ("ani", "urgent flight")
    assert reads.exceptions(conn, last=date(2020, 1, 1)).items == ()
    assert [row.kind for row in reads.exceptions(conn, kind="chosen_case").items] == ["chosen_case"]
    assert reads.exceptions(conn, office="kuta").items == ()


def test_who_looked_at_what(conn: Connection) -> None:
    for number in (N, OTHER, N):
        access_log.record(conn, "ani", "examiner", "GET", number, "read", "")
    access_log.record(conn, "budi", "auditor", "GET", N, "read", "")
    assert [row.actor for row in reads.reads_of(conn, number=N).items] == ["budi", "ani", "ani"]
    assert len(reads.reads_of(conn, officer="ani").items) == 3
    assert reads.reads_of(conn, refused=True).items == ()
    access_log.record(conn, "ani", "examiner", "POST", N, "lease_lost", "")
    assert [row.outcome for row in reads.reads_of(conn, refused=True).items] == ["lease_lost"]
    first = reads.reads_of(conn, limit=4)
    assert [row.number for row in reads.reads_of(conn, limit=4, cursor=first.next or "").items] == [N]
    with pytest.raises(BadCursor):
        reads.reads_of(conn, cursor=first.next[:-1] if first.next else "")


def tampered(engine: Engine, statement: str) -> tuple[Broken, ...]:
    """What verification finds after the record was changed past its triggers."""
    with engine.begin() as conn:
        conn.execute(text("SET LOCAL session_replication_role = replica"))
        conn.execute(text(statement))
    with engine.begin() as conn:
        return reads.verification(conn).broken


@pytest.fixture
def written(engine: Engine) -> Engine:
    with engine.begin() as conn:
        a_case(conn, N)
        a_case(conn, OTHER)
        for version in (2, 3, 4):
            noted(conn, N, version)
    return engine


def test_an_untouched_record_is_whole(written: Engine) -> None:
    with written.begin() as conn:
        found = reads.verification(conn)
        assert (found.cases, found.events, found.broken, found.roots) == (2, 5, (), ())
        assert reads.verification(conn, first=date(2020, 1, 1), last=date(2020, 1, 2)).cases == 0


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE paspor.case_event SET actor = 'x' WHERE seq = 2", (Broken(number=N, seq=2, what="altered"),)),
        ("UPDATE paspor.case_event SET hash = sha256('x') WHERE seq = 4", (Broken(number=N, seq=4, what="altered"),)),
        ("DELETE FROM paspor.case_event WHERE seq = 3", (Broken(number=N, seq=4, what="missing before"),)),
        (f"DELETE FROM paspor.case_event WHERE number = '{OTHER}'", (Broken(number=OTHER, seq=0, what="no record"),)),
    ],
)
def test_what_was_changed_is_found(written: Engine, statement: str, found: tuple[Broken, ...]) -> None:
    conn_span = tampered(written, statement)
    assert conn_span == found


def test_a_tail_that_was_cut_off_breaks_its_seal(written: Engine) -> None:
    with written.begin() as conn:
        assert seal.seal(conn) is not None
    with written.begin() as conn:
        assert seal.seal(conn) is None
        noted(conn, N, 5)
    with written.begin() as conn:
        second = seal.seal(conn)
        assert second is not None
        assert second.events == 1
        assert [root.holds for root in reads.verification(conn).roots] == [True, True]
    broken = tampered(written, f"DELETE FROM paspor.case_event WHERE number = '{N}' AND seq = 5")
    assert broken == (Broken(number=N, seq=5, what="missing after"),)
    with written.begin() as conn:
        assert [root.holds for root in reads.verification(conn).roots] == [True, False]


def test_a_seal_that_was_changed_breaks_the_next(written: Engine) -> None:
    for version in (5, 6):
        with written.begin() as conn:
            noted(conn, N, version)
        with written.begin() as conn:
            seal.seal(conn)
    tampered(written, "UPDATE paspor.seal SET prev = sha256('x') WHERE id = (SELECT min(id) FROM paspor.seal)")
    with written.begin() as conn:
        assert [root.holds for root in reads.verification(conn).roots] == [False, False]


def test_what_is_not_committed_yet_is_not_sealed(written: Engine) -> None:
    with written.begin() as unfinished:
        noted(unfinished, N, 5)
        with written.begin() as conn:
            first = seal.seal(conn)
    with written.begin() as conn:
        second = seal.seal(conn)
    assert first is not None
    assert second is not None
    assert (first.events, second.events) == (5, 1)


def test_roots_are_those_of_the_rfc() -> None:
    """The vectors of the certificate transparency reference code."""
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    inputs = [bytes.fromhex(leaf) for leaf in leaves]
    roots = {
        0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    for size, root in roots.items():
        assert seal.merkle_root(inputs[:size]).hex() == root
    assert seal.merkle_root(inputs[:3]) == hashlib.sha256(
        b"\x01" + seal.merkle_root(inputs[:2]) + seal.merkle_root(inputs[2:3])
    ).digest()  # fmt: skip


def test_a_local_installation_has_two_offices_to_try(conn: Connection) -> None:
    for _ in range(2):
        seed.practice(conn, "ipp://127.0.0.1:9631/")
    assert [office.id for office in reads.offices(conn)] == ["denpasar", "latihan"]
    (printer,) = printers.of_office(conn, "latihan")
    assert (printer.id, printer.uri) == ("latihan-1", "ipp://127.0.0.1:9631/ipp/print/latihan-1")
    stock = booklets.stock(conn, "denpasar")
    assert (stock.counts, stock.serials[0]) == ({"stock": 200}, "X1000001")
    found = reads.availability(conn, "latihan", Lane.SAME_DAY, today(), today() + timedelta(days=7))
    assert found is not None
    assert found.limited_by == "booths"
    assert all(day.left for day in found.days[1:])
    assert rules.value(conn, "attendance", "latihan", today())["early_minutes"] == 1440
    assert rules.value(conn, "opening", "denpasar", today())["every_day"] is OPENING.get("every_day", False)
