"""Money that bought no seat: one in charge decides as the rule says; against it two have to."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel

from activities.storage import payments, reads
from activities.storage.reads import PaymentRow
from api.fields import Form, Reason
from api.installation import Caller, House
from api.listing import Cursor, Limit, Listed, paged
from api.problems import Problem
from api.routing import router
from workflows.case.payments import Fate

routes = router("officers")
ReceiptNo = Annotated[str, Path(pattern=r"^[!-~]{1,128}$")]
AS_PROBLEM = {"decided_already": "not_your_turn"}


class DecisionForm(Form):
    """What becomes of the money, and why."""

    outcome: Literal[Fate.REFUND, Fate.FORFEITURE]
    reason: Reason


class MoneyCase(BaseModel):
    """A receipt that an officer decides on: the rule's word, who would decide otherwise, and what was decided."""

    receipt_no: str
    application: str | None
    bill_code: str
    amount: int
    excess: int
    paid_at: datetime
    cause: str
    by_rule: Fate
    rule: str
    state: str
    since: datetime
    proposed_by: str | None
    proposed_reason: str | None
    outcome: Fate | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


@routes.get("/v1/payments/cases")
async def list_cases(
    actor: Caller, house: House, state: Literal["open", "settled"] = "open", limit: Limit = 50, cursor: Cursor = ""
) -> Listed[MoneyCase]:
    """Money of the caller's office, and of no office, the oldest first."""
    found = await paged(house.database.read(reads.payment_cases, actor.office, state, limit=limit, cursor=cursor))
    return Listed(items=[shown(row) for row in found.items], next=found.next)


@routes.post("/v1/payments/cases/{receipt_no}/decision")
async def decide(receipt_no: ReceiptNo, form: DecisionForm, actor: Caller, house: House) -> MoneyCase:
    """Decide on it. Against the rule the first officer proposes, and another one decides."""
    fate, reason = Fate(form.outcome), form.reason
    code = await house.database.run(payments.decide, receipt_no, actor.office, fate, reason, actor.id)
    if code not in ("settled", "proposed"):
        raise Problem(AS_PROBLEM.get(code, code))
    return await case_of(house, actor, receipt_no)


async def case_of(house: House, actor: Caller, receipt_no: str) -> MoneyCase:
    """One case of the caller's office; raises `not_found`."""
    row = await house.database.read(reads.payment_case, receipt_no, actor.office)
    if row is None:
        raise Problem("not_found")
    return shown(row)


def shown(row: PaymentRow) -> MoneyCase:
    """A receipt as officers read it."""
    assert row.says is not None
    return MoneyCase(
        receipt_no=row.receipt_no,
        application=row.number,
        bill_code=row.bill_code,
        amount=row.amount,
        excess=row.excess,
        paid_at=row.paid_at,
        cause=row.cause,
        by_rule=Fate(row.says),
        rule=row.rule,
        state=row.state,
        since=row.recorded_at,
        proposed_by=row.proposed_by or None,
        proposed_reason=row.proposed_reason or None,
        outcome=Fate(row.decided) if row.decided else None,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason or None,
    )
