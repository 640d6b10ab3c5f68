"""The worker of the product, but that it dies once of each activity: after its effect, before it says that it is done.

`python -m tests.journeys.dying_worker worker --queue Q...`; `DEATHS` names the folder that remembers of what it died.
"""

import argparse
import asyncio
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.client import Client, Interceptor
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput
from temporalio.worker import Interceptor as WorkerInterceptor

from activities.keyring import load_keys
from workers.process import serve_until
from workers.relay import relay
from workers.roster import Roster
from workers.runtime.logs import set_up_logs
from workers.runtime.settings import settings
from workflows import options


class Deaths(Interceptor, WorkerInterceptor):
    """On a client, so that its workers take it over."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Around every activity, local ones too."""
        return _Dying(next, self._folder)


class _Dying(ActivityInboundInterceptor):
    def __init__(self, next: ActivityInboundInterceptor, folder: Path) -> None:
        super().__init__(next)
        self._folder = folder

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        done = await super().execute_activity(input)
        try:
            os.close(os.open(self._folder / activity.info().activity_type, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return done
        os.kill(os.getpid(), signal.SIGKILL)
        return done


async def serve(queues: Sequence[str], deaths: Deaths) -> None:
    """As `workers.process.serve` does."""
    keys, stop = load_keys(settings().keys_file), asyncio.Event()
    roster = Roster(settings(), keys)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    def mortal(queue: str, client: Client) -> Any:
        found = client.config()
        found["interceptors"] = [deaths]
        return roster.worker_for(queue, Client(**found))

    async with asyncio.TaskGroup() as together:
        if options.CASES in queues:
            together.create_task(relay(stop, settings(), keys))
        await serve_until(stop, queues, mortal, settings(), keys)


def main() -> None:
    """Serve until SIGTERM, or death."""
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["worker"])
    parser.add_argument("--queue", action="append", required=True)
    set_up_logs()
    asyncio.run(serve(parser.parse_args().queue, Deaths(Path(os.environ["DEATHS"]))))


if __name__ == "__main__":
    main()
