"""A supervisor of fake parts and a real PostgreSQL in a process of its own, to be killed. Argument: a folder."""

import asyncio
import signal
import sys
from pathlib import Path

from fake_parts import OBEDIENT, STUBBORN, fake

from workers.local.checks import postgres_answers
from workers.local.parts import Part
from workers.local.postgres import LocalPostgres
from workers.local.report import Report
from workers.local.up import stay


async def main(folder: Path) -> int:
    """Stay up until a signal comes."""
    postgres = LocalPostgres(folder / "postgres")
    postgres.prepare()
    cluster = (folder / "postgres" / "cluster").resolve()
    database = Part(
        name="postgres",
        command=postgres.command(folder / "postgres.log"),
        ready=postgres_answers(postgres),
        stop_signal=signal.SIGINT,
    )
    parts = [
        database,
        fake(folder, "engine"),
        fake(folder, "worker", after=["postgres", "engine"]),
        fake(folder, "stubborn", after=["engine"], script=STUBBORN),
        fake(folder, "api", after=["worker"], script=OBEDIENT),
    ]
    report = Report(machines=True)

    async def when_ready() -> None:
        report.event("up", cluster=str(cluster))

    return await stay(parts, report, folder / "parts.json", when_ready)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1]))))
