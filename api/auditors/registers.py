"""Registers for auditors: all cases, whether the record holds, who looked at what, and every exception."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request

from activities.storage import reads
from api import trail
from api.fields import OFFICE_ID, IsoDate
from api.installation import Caller, House
from api.listing import Cursor, Limit, Listed, paged
from api.lookup import NUMBER
from api.problems import invalid
from api.routing import router
from workflows.case.facts import Ending, Stage

routes = router("auditors")

From = Annotated[IsoDate | None, Query(alias="from")]
To = Annotated[IsoDate | None, Query(alias="to")]
Digits = Annotated[str | None, Query(pattern=r"^[0-9]{1,16}$")]
ExceptionKind = Annotated[str | None, Query(pattern=f"^({'|'.join(reads.EXCEPTION_KINDS)})$")]
OfficeName = Annotated[str | None, Query(pattern=OFFICE_ID)]
Who = Annotated[str | None, Query(max_length=255, pattern=r"^[!-~]+$")]


class Row(BaseModel):
    """Base of rows that come from our database as they are."""

    model_config = ConfigDict(from_attributes=True)


class CaseRow(Row):
    """A case in the list."""

    number: str
    office: str | None
    kind: str
    service: str
    stage: Stage
    ending: Ending | None
    created_at: datetime
    due_at: datetime | None
    overdue: bool


class CaseList(Listed[CaseRow]):
    """Cases, and how many of all that were found stand where and ended how."""

    by_stage: dict[str, int]
    by_ending: dict[str, int]


class BrokenChain(Row):
    """Where the record of a case does not hold, and how."""

    number: str
    seq: int
    what: str


class SealedRoot(Row):
    """A seal over many events, and whether the record still has it."""

    at: datetime | None
    events: int
    root: str
    holds: bool


class Verified(Row):
    """What was counted, and where it does not hold."""

    cases: int
    events: int
    broken: list[BrokenChain]
    roots: list[SealedRoot]


class ReadRow(Row):
    """A look at a case, or a refused attempt."""

    at: datetime
    actor: str
    role: str
    action: str
    number: str | None
    outcome: str
    why: str


class ExceptionRow(Row):
    """Something out of the ordinary, with its reason and its person."""

    at: datetime
    kind: str
    number: str | None
    office: str | None
    who: str
    reason: str


@routes.get("/v1/audit/applications")
async def list_cases(
    request: Request,
    auditor: Caller,
    house: House,
    number: Digits = None,
    office: OfficeName = None,
    stage: Stage | None = None,
    ending: Ending | None = None,
    first: From = None,
    last: To = None,
    officer: Who = None,
    overdue: bool = False,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> CaseList:
    """All cases that meet the filters, the newest first; `number` is how theirs begins."""
    await trail.looked(house, auditor, request)
    check_span(first, last)
    found = await paged(
        house.database.run(
            reads.audit_applications,
            number=number,
            office=office,
            stage=stage,
            ending=ending,
            first=first,
            last=last,
            officer=officer,
            overdue=overdue,
            limit=limit,
            cursor=cursor,
        )
    )
    return CaseList(
        items=[CaseRow.model_validate(row) for row in found.items],
        next=found.next,
        by_stage=found.by_stage,
        by_ending=found.by_ending,
    )


@routes.get("/v1/audit/verification")
async def verify(request: Request, auditor: Caller, house: House, first: From = None, last: To = None) -> Verified:
    """Count the record again: chains of cases, and the seals over them."""
    await trail.looked(house, auditor, request)
    check_span(first, last)
    return Verified.model_validate(await house.database.run(reads.verification, first, last))


@routes.get("/v1/audit/reads")
async def list_reads(
    request: Request,
    auditor: Caller,
    house: House,
    application: Annotated[str | None, Query(pattern=NUMBER)] = None,
    officer: Who = None,
    refused: bool = False,
    first: From = None,
    last: To = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listed[ReadRow]:
    """Who looked at what, and who tried what they may not, or only the latter; auditors too."""
    await trail.looked(house, auditor, request, application)
    check_span(first, last)
    found = await paged(house.database.run(reads.reads_of, application, officer, limit, cursor, refused, first, last))
    return Listed(items=[ReadRow.model_validate(row) for row in found.items], next=found.next)


@routes.get("/v1/audit/exceptions")
async def list_exceptions(
    request: Request,
    auditor: Caller,
    house: House,
    first: From = None,
    last: To = None,
    kind: ExceptionKind = None,
    office: OfficeName = None,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Listed[ExceptionRow]:
    """Cases chosen out of turn, people called again, void booklets, reprints, money without a case."""
    await trail.looked(house, auditor, request)
    check_span(first, last)
    where = {"kind": kind, "office": office}
    found = await paged(house.database.run(reads.exceptions, first, last, limit=limit, cursor=cursor, **where))
    return Listed(items=[ExceptionRow.model_validate(row) for row in found.items], next=found.next)


def check_span(first: date | None, last: date | None) -> None:
    """Raise `invalid_input` for a span that ends before it begins."""
    if first and last and last < first:
        raise invalid("/query/to", "is before `from`")
