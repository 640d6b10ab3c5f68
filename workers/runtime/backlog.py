"""What the engine says of a task queue: how much waits, since when, and whether anybody serves it."""

from dataclasses import dataclass
from datetime import timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

LIMIT = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """One queue. The engine counts about right, and not what waits for a worker that has the case in its cache."""

    queue: str
    backlog_tasks: int
    backlog_age_seconds: float
    pollers: int


async def backlog(client: Client, queue: str, of_workflows: bool = False) -> Backlog:
    """Ask for one queue, for its workflow tasks or its activities. Raises `RPCError`."""
    kind = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW if of_workflows else TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
    request = DescribeTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind, report_stats=True
    )
    described = await client.workflow_service.describe_task_queue(request, timeout=LIMIT)
    age = described.stats.approximate_backlog_age.ToTimedelta()
    return Backlog(
        queue=queue,
        backlog_tasks=described.stats.approximate_backlog_count,
        backlog_age_seconds=age.total_seconds(),
        pollers=len(described.pollers),
    )
