"""Booklets as the procedure asks: from this office's stock, one at a time, each to one end."""

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.booklets import BookletStock
from activities.storage import booklets, printers
from tests.activities.storage.cases import a_case
from tests.activities.storage.places import an_office
from workflows.partners.booklets import Allocation, BookletFate, Settlement

N, OTHER = "1000000000000001", "1000000000000002"
SERIALS = ["X0000001", "X0000002", "X0000003"]


@pytest.fixture
def stock(engine: Engine) -> BookletStock:
    with engine.begin() as conn:
        an_office(conn)
        an_office(conn, "ubud")
        a_case(conn, N)
        a_case(conn, OTHER)
        assert booklets.receive(conn, "sanur", SERIALS) == 3
        assert booklets.receive(conn, "ubud", SERIALS) == 0
    return BookletStock(engine)


def wanted(booklet: str, number: str = N, attempt: int = 1, office: str = "sanur") -> Allocation:
    key = f"{number}/booklet/{attempt}/{booklet}"
    return Allocation(key=key, number=number, attempt=attempt, booklet=booklet, office=office)


def fate(booklet: str, what: BookletFate, number: str = N) -> Settlement:
    return Settlement(key=f"{number}/{booklet}/{what}", number=number, booklet=booklet, fate=what, reason="smear")


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as conn:
        return booklets.stock(conn, "sanur").counts


def test_a_booklet_is_bound_once(stock: BookletStock, engine: Engine) -> None:
    run = ActivityEnvironment().run
    assert run(stock.allocate, wanted(SERIALS[0]))
    assert run(stock.allocate, wanted(SERIALS[0]))
    assert not run(stock.allocate, wanted(SERIALS[0], OTHER))
    assert not run(stock.allocate, wanted("X9999999", OTHER))
    assert not run(stock.allocate, wanted(SERIALS[1], OTHER, office="ubud"))
    assert counts(engine) == {"stock": 2, "allocated": 1}
    with engine.connect() as conn:
        assert booklets.stock(conn, "sanur").serials == ("X0000002", "X0000003")


def test_a_case_has_one_allocated_booklet(stock: BookletStock) -> None:
    run = ActivityEnvironment().run
    run(stock.allocate, wanted(SERIALS[0]))
    with pytest.raises(IntegrityError, match="booklet_one_allocated"):
        run(stock.allocate, wanted(SERIALS[1], attempt=2))
    run(stock.settle, fate(SERIALS[0], BookletFate.SPOILED))
    assert run(stock.allocate, wanted(SERIALS[1], attempt=2))


def test_each_fate_is_entered_once(stock: BookletStock, engine: Engine) -> None:
    run = ActivityEnvironment().run
    run(stock.allocate, wanted(SERIALS[0]))
    for _ in range(2):
        run(stock.settle, fate(SERIALS[0], BookletFate.USED))
    for _ in range(2):
        run(stock.settle, fate(SERIALS[0], BookletFate.CANCELLED))
    assert counts(engine) == {"stock": 2, "cancelled": 1}


def test_what_is_void_is_never_used(stock: BookletStock) -> None:
    run = ActivityEnvironment().run
    run(stock.allocate, wanted(SERIALS[0]))
    run(stock.settle, fate(SERIALS[0], BookletFate.SPOILED))
    for request in (fate(SERIALS[0], BookletFate.USED), fate(SERIALS[1], BookletFate.USED)):
        with pytest.raises(ApplicationError) as refused:
            run(stock.settle, request)
        assert refused.value.non_retryable
    with pytest.raises(ApplicationError):
        run(stock.settle, fate(SERIALS[0], BookletFate.SPOILED, OTHER))


@pytest.mark.parametrize("serial", ["x0000001", "X000001", "X00000011", "10000001"])
def test_a_serial_is_a_letter_and_seven_digits(conn: Connection, serial: str) -> None:
    an_office(conn)
    with pytest.raises(IntegrityError, match="serial_form"):
        booklets.receive(conn, "sanur", [serial])


def test_an_attempt_is_remembered_with_its_job(conn: Connection) -> None:
    an_office(conn)
    printers.add(conn, "sanur-1", "sanur", "ipp://127.0.0.1/ipp/print/sanur-1")
    started = printers.start_attempt(conn, "print/1", "sanur-1")
    assert (started.job_id, started.state) == (None, "started")
    printers.record_job(conn, "print/1", 7, "urn:uuid:1", "submitted")
    printers.record_job(conn, "print/1", None, "urn:uuid:1", "unknown")
    again = printers.start_attempt(conn, "print/1", "sanur-1")
    assert (again.job_id, again.job_uuid, again.state) == (7, "urn:uuid:1", "unknown")
    assert printers.attempt(conn, "print/2") is None


def test_a_printer_goes_down_for_a_reason(conn: Connection) -> None:
    an_office(conn)
    printers.add(conn, "sanur-1", "sanur", "ipp://127.0.0.1/1")
    assert printers.set_state(conn, "sanur-1", "down", "laser", "supervisor")
    printers.add(conn, "sanur-1", "sanur", "ipp://127.0.0.1/2")
    (row,) = printers.of_office(conn, "sanur")
    assert (row.state, row.reason, row.uri) == ("down", "laser", "ipp://127.0.0.1/2")
    assert not printers.set_state(conn, "sanur-9", "up", "", "supervisor")
    with pytest.raises(IntegrityError, match="down_for_a_reason"):
        conn.execute(text("UPDATE paspor.printer SET reason = ' '"))
