"""After the ending: the register learns of the passport, and no payment is left without a word."""

from temporalio.exceptions import ActivityError

from workflows.case.notifications import PaymentNotice
from workflows.casework import Casework
from workflows.partners.passports import Issue, issue_recorded


async def record_issue(case: Casework) -> None:
    """Enter the passport in the national register, however long that takes: the holder has it already."""
    passport = case.file.passport
    assert passport is not None
    assert passport.issued_on is not None
    assert passport.expires_on is not None
    issue = Issue(
        key=case.key("issue"),
        nik=case.file.filing.applicant.nik,
        number=passport.number,
        issued_on=passport.issued_on,
        expires_on=passport.expires_on,
    )
    try:
        await issue_recorded(issue)
    except ActivityError:
        await case.note(case.entry("issue.declined", outcome="for_an_officer", details={"booklet": passport.number}))


async def account_for_payments(case: Casework) -> None:
    """A repeat of the payment that was taken is nothing; any other is entered, for an officer to settle."""
    while notice := _left(case):
        if notice.receipt_no in case.file.receipts:
            continue
        case.file.receipts.append(notice.receipt_no)
        details = {"bill": notice.bill_code, "amount": str(notice.amount), "receipt": notice.receipt_no}
        await case.note(case.entry("payment.stray", outcome="for_an_officer", details=details))


def _left(case: Casework) -> PaymentNotice | None:
    """The next payment that was put aside, or that lies on the desk still."""
    if case.file.stray_payments:
        return case.file.stray_payments.pop(0)
    delivery = case.desk.payments.take()
    return delivery.message if delivery else None
