"""Health of a worker's container, `polls.py QUEUE...`: does this host ask the engine for work on each of the queues?

Leaves with 1 when it does not. A worker that waits for an engine that is away is not healthy, and needs no restart.
"""

import asyncio
import os
import socket
import sys
import time
from collections.abc import Sequence
from datetime import timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

LIMIT = timedelta(seconds=4)
RECENT = 120.0  # seconds; a poll lasts one minute, and the engine remembers it for five


async def polled(address: str, namespace: str, queues: Sequence[str], host: str) -> bool:
    """Whether a process of `host` polls all `queues`."""
    client = await Client.connect(address, namespace=namespace, lazy=True)
    for queue in queues:
        request = DescribeTaskQueueRequest(
            namespace=namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,  # every one of our workers has activities
        )
        found = await client.workflow_service.describe_task_queue(request, timeout=LIMIT)
        ours = [poller for poller in found.pollers if poller.identity.endswith(f"@{host}")]
        if not any(poller.last_access_time.ToSeconds() > time.time() - RECENT for poller in ours):
            return False
    return True


def main() -> None:
    """Ask once."""
    address, namespace = os.environ["PASPOR_TEMPORAL_ADDRESS"], os.environ.get("PASPOR_TEMPORAL_NAMESPACE", "paspor")
    try:
        well = asyncio.run(polled(address, namespace, sys.argv[1:], socket.gethostname()))
    except (RPCError, RuntimeError):  # the SDK raises RuntimeError when it cannot connect
        well = False
    # At once: the threads of the SDK's core do not always live through the interpreter's own way of leaving.
    os._exit(0 if well else 1)


if __name__ == "__main__":
    main()
