"""Cases as the engine runs them: the one module that talks to Temporal about them.

Every message has an id derived from who asked with which key, so that asking again after silence is the same message.
Silence is answered with 503: what was asked may still be done.
"""

import asyncio
import itertools
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, NamedTuple, TypeVar

from temporalio.client import (
    Client,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from api.problems import Problem
from workflows import options, search
from workflows.case.facts import Ending, Filing, Stage
from workflows.case.notifications import MatchResult, PaymentNotice
from workflows.messages import Claims, Outcome, Recognition, Verdict

WORKFLOW = "PassportApplication"
PATIENCE = timedelta(seconds=15)
# A filing waits for two registers, each with its own quick tries.
FILING_PATIENCE = timedelta(seconds=20)
# The quality of a capture is measured while the person sits at the booth.
CAPTURE_PATIENCE = timedelta(seconds=30)
PUSH_PATIENCE = timedelta(seconds=5)

# What the engine calls the failure of an update that was taken, and whose workflow then closed without an answer.
CLOSED_MEANWHILE = "AcceptedUpdateCompletedWorkflow"

Handle = WorkflowHandle[Any, Any]
R = TypeVar("R")


class Place(NamedTuple):
    """Where the engine has a case. The person's next case has the same workflow id, so the run belongs to it."""

    workflow_id: str
    run_id: str | None


class CaseClosed(Exception):
    """The case has ended, so nothing can be said to it any more."""


class Cases:
    """What people and systems say to cases, and what the cases answer."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def submit(self, filing: Filing, message_id: str) -> Verdict:
        """Start the case and wait for its first answer. The same filing again gets the same answer."""
        handle = await self._started(filing)
        try:
            verdict: Verdict = await _calling(
                handle.execute_update("admission", id=message_id, result_type=Verdict, rpc_timeout=FILING_PATIENCE)
            )
            return verdict
        except CaseClosed:
            raise await _why_closed(handle) from None

    async def tell(
        self, place: Place, message: str, content: object, message_id: str, patience: timedelta = PATIENCE
    ) -> Verdict:
        """Send a message that is answered at once: applied, or refused as a `Problem`."""
        handle = self._at(place)
        call = handle.execute_update(message, content, id=message_id, result_type=Verdict, rpc_timeout=patience)
        try:
            verdict: Verdict = await _calling(call)
            return verdict
        except CaseClosed:
            return await self.told_before(place, message_id, "not_your_turn")

    async def told_before(self, place: Place, message_id: str, otherwise: str) -> Verdict:
        """What the case answered to this very message when it was sent before; raises `otherwise` when it was not."""
        earlier = self._at(place).get_update_handle(message_id, result_type=Verdict)
        try:
            verdict: Verdict = await _calling(earlier.result(rpc_timeout=PUSH_PATIENCE))
            return verdict
        except CaseClosed:
            raise Problem(otherwise) from None

    async def id_anew(self, place: Place, message_id: str) -> str:
        """The id for a message that a partner's absence may have refused before: then it is worth another try.

        The case answers an id alike for ever, so each try has the next one.
        """
        tried = message_id
        for again in itertools.count(1):
            try:
                await self.told_before(place, tried, "not_your_turn")
            except Problem as problem:
                if problem.code == "partner_away":
                    tried = f"{message_id}/{again}"
                    continue
            break
        return tried

    async def push(self, place: Place, notification: PaymentNotice | MatchResult) -> None:
        """Hand over what another system pushed. Raises `CaseClosed` when the case has ended."""
        name = "payment" if isinstance(notification, PaymentNotice) else "match_result"
        await _calling(self._at(place).signal(name, notification, rpc_timeout=PUSH_PATIENCE))

    async def engine_answers(self, patience: timedelta) -> bool:
        """Whether the engine is there."""
        return await self._client.service_client.check_health(timeout=patience)

    async def _started(self, filing: Filing) -> Handle:
        workflow_id = f"passport-{filing.person_key}"
        start = self._client.start_workflow(
            WORKFLOW,
            filing,
            id=workflow_id,
            task_queue=options.CASES,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            search_attributes=_search_attributes(filing),
            rpc_timeout=PATIENCE,
        )
        try:
            started: Handle = await _calling(start)
        except WorkflowAlreadyStartedError:
            try:
                return await self._ours(workflow_id, filing)
            except CaseClosed:  # this very moment: the next try starts a case
                raise Problem("engine_slow") from None
        return self._at(Place(workflow_id, started.result_run_id))

    async def _ours(self, workflow_id: str, filing: Filing) -> Handle:
        # Only the case itself knows whom it is about: a stranger who tries out a NIK learns nothing from it.
        handle: Handle = self._client.get_workflow_handle(workflow_id)
        person = filing.applicant
        claims = Claims(
            nik=person.nik,
            full_name=person.full_name,
            birth_date=person.birth_date,
            sex=person.sex,
            key=filing.key,
        )
        run_id = (await _calling(handle.describe(rpc_timeout=PATIENCE))).run_id
        handle = self._at(Place(workflow_id, run_id))
        query = handle.query("recognise", claims, result_type=Recognition, rpc_timeout=PATIENCE)
        match await _calling(query):
            case Recognition.SAME_FILING:
                return handle
            case Recognition.SAME_PERSON:
                raise Problem("live_application_exists")
            case Recognition.STRANGER:
                # In the very words of a mismatch with the register: who is asked about must not show.
                raise _problem("nik_mismatch", "/applicant", {})
        raise Problem("engine_slow")

    def _at(self, place: Place) -> Handle:
        return self._client.get_workflow_handle(place.workflow_id, run_id=place.run_id, result_type=Outcome)


async def _calling(call: Awaitable[R]) -> R:
    """Wait for the engine, and put its ways of saying no into ours."""
    try:
        return await call
    except WorkflowUpdateFailedError as error:
        if isinstance(error.cause, ApplicationError) and error.cause.type == CLOSED_MEANWHILE:
            raise CaseClosed from error
        raise _refusal(error.cause) from error
    except (WorkflowUpdateRPCTimeoutOrCancelledError, WorkflowQueryFailedError) as error:
        raise Problem("engine_slow") from error
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise CaseClosed from error
        raise Problem("engine_slow") from error
    except RuntimeError as error:  # the SDK's word for a server that it never reached
        raise Problem("engine_slow") from error


def _refusal(cause: BaseException | None) -> Problem:
    # The text of a refusal stays here: the code says what a client needs, and a text could say more.
    if not isinstance(cause, ApplicationError) or not cause.type:
        return Problem("engine_slow")
    about = dict(cause.details[0]) if cause.details and isinstance(cause.details[0], dict) else {}
    return _problem(cause.type, about.pop("pointer", ""), about)


def _problem(code: str, pointer: str, about: dict[str, Any]) -> Problem:
    retry_after = about.pop("retry_after", None)
    if pointer:
        about = {**about, "errors": [{"pointer": pointer, "detail": code}]}
    return Problem(code, retry_after=retry_after, **about)


async def _why_closed(handle: Handle) -> Problem:
    """Why a case closed before it answered: the reason of its ending is the problem's code."""
    try:
        async with asyncio.timeout(PUSH_PATIENCE.total_seconds()):
            ended = await _calling(handle.result(rpc_timeout=PUSH_PATIENCE))
    except (TimeoutError, CaseClosed, WorkflowFailureError):
        return Problem("engine_slow")
    if not isinstance(ended, Outcome) or ended.ending is not Ending.NOT_ACCEPTED:
        return Problem("not_your_turn")
    return _problem(ended.reason, ended.pointer, {})


def _search_attributes(filing: Filing) -> TypedSearchAttributes:
    return TypedSearchAttributes(
        [
            SearchAttributePair(search.NUMBER, filing.number),
            SearchAttributePair(search.STAGE, Stage.FILED.value),
            SearchAttributePair(search.KIND, filing.kind.value),
        ]
    )
