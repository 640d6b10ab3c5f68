"""What other systems push: kept first, then handed to the case. Never refused for turn; twice is once."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import structlog
from pydantic import Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from activities.storage import inbox
from api.bodies import check_depth
from api.cases import CaseClosed, Place
from api.fields import Form, Moment
from api.installation import House, Installation
from api.partners.signatures import verified_id
from api.problems import Problem
from api.routing import router
from workflows.case.facts import Candidate
from workflows.case.notifications import MatchResult, PaymentNotice

log = structlog.get_logger(__name__)
routes = router("partners")
Sender = Literal["billing", "abis"]

Code = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[!-~]+$")]


class NoticeForm(Form):
    """What another system tells, and the message that the case gets."""

    def notification(self) -> PaymentNotice | MatchResult:
        """The message."""
        raise TypeError(f"{type(self).__name__} is no notification")


class PaymentForm(NoticeForm):
    """A bill was paid."""

    bill_code: Code
    amount: Annotated[int, Field(gt=0, lt=10**12, strict=True)]
    paid_at: Moment
    receipt_no: Code
    channel: Annotated[str, Field(max_length=64, pattern=r"^[ -~]*$")] = ""

    def notification(self) -> PaymentNotice:
        """For the case of that bill."""
        return PaymentNotice(**self.model_dump())


class CandidateForm(Form):
    """Somebody who may be the same person."""

    reference_id: Code
    score: Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)] = 0.0


class ResultForm(NoticeForm):
    """A search for duplicates has ended."""

    request_id: Code
    candidates: Annotated[tuple[CandidateForm, ...], Field(max_length=1000)]

    def notification(self) -> MatchResult:
        """For the case that asked for the search."""
        found = tuple(Candidate(reference_id=one.reference_id, score=one.score) for one in self.candidates)
        return MatchResult(request_id=self.request_id, candidates=found)


def _documented(form: type[Form]) -> dict[str, Any]:
    # The body is read raw, since the signature is over its bytes.
    return {"requestBody": {"content": {"application/json": {"schema": form.model_json_schema()}}, "required": True}}


@routes.post("/v1/payments/notifications", status_code=204, openapi_extra=_documented(PaymentForm))
async def bill_paid(request: Request, house: House) -> Response:
    """The treasury's billing system tells of a payment."""
    return await _received(request, house, "billing", PaymentForm)


@routes.post("/v1/biometrics/results", status_code=204, openapi_extra=_documented(ResultForm))
async def search_ended(request: Request, house: House) -> Response:
    """The matcher tells the result of a search."""
    return await _received(request, house, "abis", ResultForm)


async def _received(request: Request, house: Installation, sender: Sender, form: type[NoticeForm]) -> Response:
    raw = await request.body()
    message_id = verified_id(request.headers, raw, house.keys.webhook_secrets[sender], datetime.now(UTC))
    check_depth(raw)
    try:
        told = form.model_validate_json(raw)
    except ValidationError as error:
        raise Problem("bad_request") from error
    # What was checked is kept, and nothing else that came along.
    if await house.database.run(inbox.receive, sender, message_id, told.model_dump(mode="json")):
        await _deliver(house, sender, message_id, told.notification())
    return Response(status_code=204)


async def _deliver(
    house: Installation, sender: Sender, message_id: str, notification: PaymentNotice | MatchResult
) -> None:
    """Hand the message on at once. What cannot be handed on now lies in the inbox, for the relay to try again."""
    kept = await house.database.run(inbox.undelivered_message, sender, message_id)
    if kept is None or kept.workflow_id is None:
        return
    try:
        await house.cases.push(Place(kept.workflow_id, kept.run_id), notification)
    except CaseClosed:
        # Money for a case that has ended is never silence: an officer sees it among the exceptions.
        await house.database.run(inbox.left_over, kept.id, "case_ended")
    except Problem as problem:
        log.warning("a notification waits for the relay", sender=sender, code=problem.code)
    else:
        await house.database.run(inbox.delivered, kept.id)
