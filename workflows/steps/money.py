"""Money that came beside the bill: entered as it comes, with its outcome. No payment is left without one."""

from temporalio import workflow

from workflows.case.notifications import PaymentNotice
from workflows.case.payments import Billed, cause_of, receipt_of
from workflows.casework import Casework


async def watch_payments(case: Casework) -> None:
    """Enter payments that are not the bill's as they come; runs beside the procedure, to the end of the case."""
    while True:
        await workflow.wait_condition(lambda: _any_left(case))
        case.accounting = True
        while notice := _left(case):
            await _enter(case, notice)
        case.accounting = False


async def payments_accounted(case: Casework) -> None:
    """Wait until every payment that came has its entry."""
    await workflow.wait_condition(lambda: not case.accounting and not _any_left(case))


async def _enter(case: Casework, notice: PaymentNotice) -> None:
    """A repeat of a payment that is known is nothing."""
    if notice.receipt_no not in case.file.receipts:
        case.file.receipts.append(notice.receipt_no)
        cause = cause_of(notice, Billed.of(case.file.bill), case.file.ending)
        details = {"bill": notice.bill_code, "amount": str(notice.amount), "receipt": notice.receipt_no}
        entry = case.entry("payment.stray", outcome="for_an_officer", details={**details, "cause": cause.value})
        await case.note(entry, receipt_of(notice, cause))


def _any_left(case: Casework) -> bool:
    return bool(case.file.stray_payments) or (_bill_is_settled(case) and case.desk.payments.filled)


def _left(case: Casework) -> PaymentNotice | None:
    """The next payment that was put aside, or that came after the bill's own."""
    if case.file.stray_payments:
        return case.file.stray_payments.pop(0)
    delivery = case.desk.payments.take() if _bill_is_settled(case) else None
    return delivery.message if delivery else None


def _bill_is_settled(case: Casework) -> bool:
    """Until the bill is paid, what lies on the desk may be its payment."""
    return case.file.ending is not None or bool(case.file.receipt)
