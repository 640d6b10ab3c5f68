"""The case file: what steps enter, and what people read of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.workflows.case.examples import filing
from workflows.case.casefile import Capture, CaseFile
from workflows.case.facts import Appointment, Bill, CaptureQuality, Consent, ConsentKind, Ending, Lane, PaperKind, Stage
from workflows.case.notifications import PaymentNotice
from workflows.case.papers import Paper
from workflows.case.payments import Cause
from workflows.case.record import Assistance

NINE = datetime(2026, 3, 2, 1, tzinfo=UTC)
ID_CARD, FAMILY_CARD, OTHER = PaperKind.ID_CARD, PaperKind.FAMILY_CARD, PaperKind.OTHER


def opened() -> CaseFile:
    """A file with two documents required, one of them uploaded."""
    papers = {
        ID_CARD.value: Paper(kind=ID_CARD, required=True, state="uploaded", sha256="a1", pages=1),
        FAMILY_CARD.value: Paper(kind=FAMILY_CARD, required=True),
    }
    return CaseFile(filing=filing(), papers=papers)


def seat() -> Appointment:
    """A seat that is not paid for."""
    return Appointment(
        booking="b-1", slot_id="s-1", office="denpasar", lane=Lane.REGULAR,
        starts_at=NINE, ends_at=NINE + timedelta(minutes=30), utc_offset=8,
    )  # fmt: skip


def test_a_new_file_has_counted_nothing() -> None:
    file = CaseFile(filing=filing())
    assert (file.captures, file.attempts, file.version, file.view().version) == (0, 0, 0, 0)
    assert Paper(kind=OTHER, required=False).pages == 0


def test_the_office_is_that_of_the_seat() -> None:
    file = opened()
    assert (file.office, file.view().office) == ("", "")
    file.appointment = seat()
    assert (file.office, file.view().office) == ("denpasar", "denpasar")


def test_a_seat_is_confirmed() -> None:
    file = opened()
    file.confirm_seat()
    assert file.appointment is None
    file.appointment = seat()
    file.confirm_seat()
    assert file.appointment is not None
    assert (file.appointment.state, file.appointment.booking) == ("confirmed", "b-1")


@pytest.mark.parametrize(
    ("kinds", "states"),
    [
        ((), {"id_card": "verified", "family_card": "verified", "other": "uploaded"}),
        ((FAMILY_CARD,), {"id_card": "uploaded", "family_card": "verified", "other": "uploaded"}),
        (
            (PaperKind.BIRTH_RECORD,),
            {"id_card": "uploaded", "family_card": "missing", "other": "uploaded", "birth_record": "verified"},
        ),
    ],
    ids=["all_that_are_required", "one", "one_that_was_not_on_the_list"],
)
def test_what_the_examiner_found(kinds: tuple[PaperKind, ...], states: dict[str, str]) -> None:
    file = opened()
    file.add_paper(OTHER, "c3", 2)
    file.mark_papers("verified", *kinds)
    assert {kind: paper.state for kind, paper in file.papers.items()} == states
    assert all(file.papers[kind.value].required for kind in kinds)
    assert (file.papers["id_card"].sha256, file.papers["id_card"].pages) == ("a1", 1)


@pytest.mark.parametrize(
    ("kind", "paper"),
    [
        (FAMILY_CARD, Paper(kind=FAMILY_CARD, required=True, state="uploaded", sha256="b2", pages=3)),
        (ID_CARD, Paper(kind=ID_CARD, required=True, state="uploaded", sha256="b2", pages=3)),
        (OTHER, Paper(kind=OTHER, required=False, state="uploaded", sha256="b2", pages=3)),
    ],
    ids=["a_missing_one", "one_again", "one_that_nobody_asked_for"],
)
def test_an_upload(kind: PaperKind, paper: Paper) -> None:
    file = opened()
    file.add_paper(kind, "b2", 3)
    assert file.papers[kind.value] == paper


@pytest.mark.parametrize(("interviewed", "captured"), [(False, False), (True, False), (False, True), (True, True)])
def test_the_booth_is_done_with_both(interviewed: bool, captured: bool) -> None:
    file = opened()
    file.interviewed_at = NINE if interviewed else None
    file.capture = (
        Capture(portrait="p", signature="s", fingers=(), quality=CaptureQuality(face_quality=80)) if captured else None
    )
    assert file.booth_done() is (interviewed and captured)


def test_there_is_a_receipt_once_a_payment_was_taken() -> None:
    file = opened()
    assert file.receipt == ""
    file.bill = Bill(code="820261124000001", amount=350_000, items=(), due_at=NINE)
    assert file.receipt == ""
    file.bill = replace(file.bill, state="paid", receipt_no="NTPN000000000001")
    assert file.receipt == "NTPN000000000001"


def test_what_became_of_the_payment_that_paid_the_bill() -> None:
    file = opened()
    file.bill = Bill(code="820261124000001", amount=350_000, items=(), due_at=NINE)
    file.paid_by = PaymentNotice(
        bill_code="820261124000001", amount=350_000, paid_at=NINE, receipt_no="NTPN000000000001"
    )
    file.choose_by = NINE + timedelta(days=30)
    lost, paid = file.settled(Cause.SEAT_LOST), file.settled(Cause.PAID)
    assert (lost.cause, lost.owed, lost.choose_by) == (Cause.SEAT_LOST, 350_000, file.choose_by)
    assert (paid.cause, paid.receipt_no, paid.choose_by) == (Cause.PAID, "NTPN000000000001", None)


def test_what_people_read() -> None:
    file = opened()
    file.version, file.stage, file.ending, file.ending_reason = 7, Stage.ENDED, Ending.REFUSED, "exit ban B-7"
    view = file.view()
    assert (view.number, view.version, view.stage) == ("1000000000000001", 7, Stage.ENDED)
    assert (view.ending, view.ending_reason) == (Ending.REFUSED, "exit ban B-7")
    assert [paper.kind for paper in view.papers] == [ID_CARD, FAMILY_CARD]


def test_who_was_filed_for_reads_by_whom_and_by_which_consent() -> None:
    file = CaseFile(filing=filing())
    assert file.view().assistance is None
    consent = Consent(
        kind=ConsentKind.SPOKEN, given_on=date(2026, 11, 20), evidence="ab" * 32, statement="Saya setuju."
    )
    file = CaseFile(filing=replace(filing(), consent=consent, institution="panti"))
    expected = Assistance(institution="panti", consent=ConsentKind.SPOKEN, given_on=date(2026, 11, 20))
    assert file.view().assistance == expected
