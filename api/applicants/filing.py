"""Filing an application, reading it, taking it back."""

from typing import Annotated

from fastapi import Header, Response
from starlette.requests import Request

from activities.storage import reads
from api import trail
from api.acts import Speaking
from api.applicants.assisting import count_assisted
from api.applicants.forms import FilingForm, WithdrawalForm
from api.current import current, view_of
from api.idempotency import MessageId, key_of
from api.installation import Caller, House, Installation
from api.language import Language
from api.lookup import VisibleCase
from api.problems import Problem
from api.routing import SHOWN, router
from api.shown import Application, BillShown, bill
from workflows.case.facts import Ending, Filing
from workflows.messages import Completion, Withdrawal

routes = router("applicants")
FILE = "/v1/applications"
CASE = "/v1/applications/{number}"
NO_REASON = WithdrawalForm()


@routes.post(FILE, status_code=201, **SHOWN)
async def file(
    form: FilingForm,
    request: Request,
    actor: Caller,
    house: House,
    message_id: MessageId,
    language: Language,
    response: Response,
) -> Application:
    """File an application. Who is not eligible, or holds a passport, hears it here, before any bill."""
    number = await filed(house, form.filing(house.keys, actor, FILE, key_of(request), language), message_id)
    response.headers["Location"] = CASE.format(number=number)
    return await current(house, number, response)


async def filed(house: Installation, filing: Filing, message_id: str) -> str:
    """File it, unless this very filing is in the record; its number."""
    if not await _filed_before(house, filing.number):
        await count_assisted(house, [filing])
        await house.cases.submit(filing, message_id)
    return filing.number


async def _filed_before(house: Installation, number: str) -> bool:
    """Whether this very filing is in the record, its answer lost on the way; one that was refused is refused again."""
    if await house.database.read(reads.case_address, number) is None:
        return False
    view = await view_of(house, number)
    if view.ending is Ending.NOT_ACCEPTED:
        raise Problem(view.ending_reason)
    return True


@routes.get(CASE, response_model=Application, **SHOWN)
async def read(
    case: VisibleCase,
    request: Request,
    actor: Caller,
    house: House,
    response: Response,
    known: Annotated[str, Header(alias="If-None-Match")] = "",
) -> Application | Response:
    """The application as it stands; 304 when the caller knows this version."""
    await trail.looked(house, actor, request, case.number)
    shown = await current(house, case.number, response)
    if response.headers["ETag"] in [tag.strip().removeprefix("W/") for tag in known.split(",")]:
        return Response(status_code=304, headers=dict(response.headers))
    return shown


@routes.get(CASE + "/bill")
async def read_bill(case: VisibleCase, request: Request, actor: Caller, house: House) -> BillShown:
    """The bill of the application; `bill_not_ready` while the billing system is asked for it."""
    await trail.looked(house, actor, request, case.number)
    view = await view_of(house, case.number)
    if view.bill:
        return bill(view.bill, await house.database.read(reads.payments_of, case.number))
    raise Problem("bill_not_ready", retry_after=1) if view.appointment else Problem("not_found")


@routes.post(CASE + "/withdrawal", **SHOWN)
async def withdraw(speaker: Speaking, form: WithdrawalForm = NO_REASON) -> Application:
    """Take the application back."""
    await speaker.says("withdraw", Withdrawal(by=speaker.actor, reason=form.reason))
    return await speaker.sees()


@routes.post(CASE + "/completion", **SHOWN)
async def complete(speaker: Speaking) -> Application:
    """Say that the documents which were asked for are there now."""
    await speaker.says("complete_papers", Completion(by=speaker.actor))
    return await speaker.sees()
