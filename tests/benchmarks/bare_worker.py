"""A worker process of the bare workflow or of its activities: the product's way of serving, and its settings."""

import argparse
import asyncio
import signal

from temporalio.client import Client
from temporalio.worker import Worker

from activities.keyring import load_keys
from tests.benchmarks import bare
from workers.process import serve_until
from workers.roster import call_worker, case_worker
from workers.runtime.logs import set_up_logs
from workers.runtime.settings import settings

AT_ONCE = 20  # what the partners' process of the product takes from its two queues


def worker_for(queue: str, client: Client) -> Worker:
    """The worker of one of the two queues."""
    nothing = bare.Nothing()
    if queue == bare.CALLS:
        return call_worker(queue, client, [nothing.across], AT_ONCE)
    return case_worker(queue, client, [bare.Bare], [nothing.beside])


async def serve(queue: str) -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve_until(stop, [queue], worker_for, settings(), load_keys(settings().keys_file))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--queue", choices=[bare.CASES, bare.CALLS], required=True)
    set_up_logs()
    asyncio.run(serve(parser.parse_args().queue))
