"""The waiting list for auditors: who was offered what, who was passed over, and why."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from starlette.requests import Request

from activities.storage.reads.waiting import waiting_steps
from api import trail
from api.auditors.registers import OfficeName, Row
from api.installation import Caller, House
from api.listing import Cursor, Limit, Listed, paged
from api.lookup import NUMBER
from api.routing import router

routes = router("auditors")


class WaitingStepRow(Row):
    """A step of an entry; without a number it is of a seat that could be offered to nobody who waited for its day."""

    at: datetime
    number: str | None
    office: str
    lane: str
    what: str
    why: str
    starts_at: datetime | None


@routes.get("/v1/audit/waiting")
async def list_waiting(
    request: Request,
    auditor: Caller,
    house: House,
    application: Annotated[str | None, Query(pattern=NUMBER)] = None,
    office: OfficeName = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listed[WaitingStepRow]:
    """What happened in the waiting list, the newest first: offers, refusals, and each skip with its reason."""
    await trail.looked(house, auditor, request, application)
    found = await paged(house.database.run(waiting_steps, application, office, limit, cursor))
    return Listed(items=[WaitingStepRow.model_validate(row) for row in found.items], next=found.next)
