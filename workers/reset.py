"""Takes one open case back to before what no build agrees with; what people said since is said to it again.

The engine's own reset gives the case a new run. Our tables name the run, so that no message reaches the person's next
case: the two are changed together here, which `temporal workflow reset` cannot do.
"""

import re
from uuid import uuid4

from sqlalchemy import create_engine, update
from sqlalchemy.pool import NullPool
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, ResetReapplyType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import Client, WorkflowHandle

from activities.storage.tables import Application
from workers.replay import OPEN, replay
from workflows import search

WHERE = re.compile(r"HistoryEvent\(id: (\d+)")


class CannotReset(Exception):
    """There is no such open case, or no place to which it could be taken back."""


async def reset(client: Client, database_url: str, number: str, reason: str, event: int | None = None) -> int:
    """Take an open case back to its last finished task before `event`; the id of that task's end.

    Without `event`: before the place where the code at hand disagrees with the history. Effects that were had are
    asked for again by their keys, and not had twice. Raises `CannotReset`, and `RPCError`.
    """
    if not number.isdigit():
        raise CannotReset("an application's number has digits only")
    found = [one async for one in client.list_workflows(f"{OPEN} AND {search.NUMBER.name} = '{number}'")]
    if not found:
        raise CannotReset("there is no open case of this number")
    handle = client.get_workflow_handle(found[0].id, run_id=found[0].run_id)
    place = await _last_task_before(handle, event or await _disagreement(client, number))
    request = ResetWorkflowExecutionRequest(
        namespace=client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=found[0].id, run_id=found[0].run_id),
        reason=reason,
        workflow_task_finish_event_id=place,
        request_id=str(uuid4()),
        reset_reapply_type=ResetReapplyType.RESET_REAPPLY_TYPE_ALL_ELIGIBLE,
    )
    answer = await client.workflow_service.reset_workflow_execution(request)
    _remember(database_url, number, answer.run_id)
    return place


async def _disagreement(client: Client, number: str) -> int:
    failing = (await replay(client, number=number)).failing
    said = WHERE.search(failing[0].why) if failing else None
    if said is None:
        raise CannotReset("the code at hand agrees with the history, or fails elsewhere; say to before which event")
    return int(said[1])


async def _last_task_before(handle: WorkflowHandle[object, object], event: int) -> int:
    ends = [
        one.event_id
        for one in (await handle.fetch_history()).events
        if one.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED and one.event_id < event
    ]
    # The first task opens the record, which would take the new run for another filing of the same person.
    if len(ends) < 2:
        raise CannotReset("nothing of the case lies before that event; withdraw or cancel it instead")
    return ends[-1]


def _remember(database_url: str, number: str, run_id: str) -> None:
    engine = create_engine(database_url, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(update(Application).where(Application.number == number).values(run_id=run_id))
    finally:
        engine.dispose()
