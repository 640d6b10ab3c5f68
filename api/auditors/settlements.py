"""The treasury's days for auditors: what its settlement file has, what it alone told us of, and what does not agree."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request

from activities.storage import reads
from api import trail
from api.auditors.registers import From, To, check_span
from api.installation import Caller, House
from api.listing import Cursor, Limit, Listed, paged
from api.routing import router

routes = router("auditors")


class Difference(BaseModel):
    """Where file and books part: `waiting`, `lacking`, `amount` or `bill`; amounts in rupiah."""

    kind: str
    receipt_no: str
    bill_code: str
    ours: int | None
    theirs: int | None


class SettlementDay(BaseModel):
    """One day, by Jakarta's clock; `found` are payments that only the file told of."""

    model_config = ConfigDict(from_attributes=True)

    day: date
    lines: int
    total: int
    found: int
    even: bool
    checks: int
    checked_at: datetime
    differences: list[Difference]


@routes.get("/v1/audit/settlements")
async def list_days(
    request: Request,
    auditor: Caller,
    house: House,
    first: From = None,
    last: To = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listed[SettlementDay]:
    """Days that were held against the settlement file, the newest first."""
    await trail.looked(house, auditor, request)
    check_span(first, last)
    found = await paged(house.database.read(reads.settlement_days, first, last, limit=limit, cursor=cursor))
    return Listed(items=[SettlementDay.model_validate(row) for row in found.items], next=found.next)
