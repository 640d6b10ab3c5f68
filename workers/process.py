"""One worker process: it serves its task queues until it is told to stop, and waits when the engine is away."""

import asyncio
import logging
import signal
from collections.abc import Callable, Sequence
from contextlib import closing, suppress

from temporalio.client import Client
from temporalio.worker import Worker

from activities.keyring import Keys
from workers.runtime.connection import connect
from workers.runtime.metrics import our_registry, served
from workers.runtime.settings import Settings
from workers.runtime.stopping import Stopped, unless
from workers.runtime.tracing import traced
from workflows import options

AGAIN_AFTER = 1.0  # seconds before workers that failed are started anew
WorkersFor = Callable[[str, Client], Worker]

log = logging.getLogger(__name__)


async def serve(queues: Sequence[str], settings: Settings, keys: Keys) -> None:
    """Serve `queues` until SIGTERM or SIGINT; what is under way is finished within the workers' own grace.

    The process that serves the cases also carries to them what the database holds for them, and where metrics are
    wanted it keeps watch over the installation.
    """
    # Late, so that a process that is asked for help only need not load all activities.
    from workers.relay import relay
    from workers.roster import Roster
    from workers.watching import keep_watch

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    registry, roster = our_registry(), Roster(settings, keys)
    with traced(settings, "paspor-worker"), closing(roster):
        async with served(settings.metrics_address, registry), asyncio.TaskGroup() as together:
            if options.CASES in queues:
                together.create_task(relay(stop, settings, keys))
                if settings.metrics_address:
                    together.create_task(keep_watch(stop, settings, keys, registry))
            await serve_until(stop, queues, roster.worker_for, settings, keys)


async def serve_until(
    stop: asyncio.Event, queues: Sequence[str], workers_for: WorkersFor, settings: Settings, keys: Keys
) -> None:
    """Serve `queues` until `stop`: connect whenever the engine can be reached, and start anew what fails.

    What `workers_for` raises is raised: a queue that nobody serves will not be served by waiting.
    """
    with suppress(Stopped):
        while not stop.is_set():
            client = await unless(stop, connect(settings, keys, patience=None))
            workers = [workers_for(queue, client) for queue in queues]
            try:
                await _run(workers, stop)
            except Exception:
                log.exception("workers of %s failed, starting them anew", ", ".join(queues))
                await unless(stop, asyncio.sleep(AGAIN_AFTER))


async def _run(workers: Sequence[Worker], stop: asyncio.Event) -> None:
    runs = [asyncio.create_task(worker.run()) for worker in workers]
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([*runs, stopping], return_when=asyncio.FIRST_COMPLETED)
        await asyncio.gather(*(worker.shutdown() for worker, run in zip(workers, runs, strict=True) if not run.done()))
        await asyncio.gather(*runs)
    finally:
        for task in (*runs, stopping):
            task.cancel()
        await asyncio.gather(*runs, stopping, return_exceptions=True)
