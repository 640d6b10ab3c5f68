"""Ends what is left of families whose filing was refused, or that nobody brought to its end."""

import logging
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.service import RPCError, RPCStatusCode

from activities.storage import families
from workflows.case.facts import Actor, Role
from workflows.messages import Verdict, Withdrawal

T = TypeVar("T")
EVERY = 20.0  # seconds between two looks
AT_ONCE = 50
PATIENCE = timedelta(seconds=10)

log = logging.getLogger(__name__)


class Stored(Protocol):
    """Does work in a transaction of our database."""

    def __call__(self, work: Callable[[Connection], T]) -> Awaitable[T]: ...


class LeftOverFamilies:
    """Part of the relay: who filed hears the refusal at once, and ends the members then; this is for the rest."""

    def __init__(self, client: Client, stored: Stored) -> None:
        self._client, self._stored, self._due = client, stored, 0.0

    async def look(self) -> None:
        """End members that still live, each under the one id that whoever tells it uses."""
        if self._due > time.monotonic():
            return
        self._due = time.monotonic() + EVERY
        for member in await self._stored(lambda connection: families.left_over(connection, AT_ONCE)):
            await self._end(member)

    async def _end(self, member: families.LeftOver) -> None:
        case = self._client.get_workflow_handle(member.workflow_id, run_id=member.run_id)
        by = Actor(id=member.owner, roles=(Role.APPLICANT,))
        message = Withdrawal(by=by, reason=families.ENDED_WITH_FAMILY)
        told = families.ending_id(member.family, member.number)
        try:
            await case.execute_update("withdraw", message, id=told, result_type=Verdict, rpc_timeout=PATIENCE)
        except WorkflowUpdateFailedError:
            log.warning("a member of a refused family does not end yet")
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                log.warning("a member of a refused family could not be told to end yet: %s", error.status.name)
