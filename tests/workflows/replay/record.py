"""Record the procedure as it is: `python -m tests.workflows.replay.record`, once a version, before it is deployed.

Cases of a version live for months after it, so its recordings stay until the last of them is closed. Until a version
is in use anywhere, `--again` replaces its recordings.
"""

import argparse
import asyncio
import importlib.metadata
import logging
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.testing import WorkflowEnvironment

from tests.workflows.conftest import server_program, serving, starting
from tests.workflows.fakes import Answer, Outside
from tests.workflows.people import adult_filing
from tests.workflows.replay import endings, recorded, waits
from workflows import search


@asynccontextmanager
async def _environment() -> AsyncIterator[WorkflowEnvironment]:
    quiet = LoggingConfig(filter=TelemetryFilter(core_level="ERROR", other_level="ERROR"))
    server = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=server_program(),
        data_converter=pydantic_data_converter,
        identity="recorder",  # the usual one is the name of the machine
        runtime=Runtime(telemetry=TelemetryConfig(logging=quiet)),
    )
    async with server:
        types = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in search.ALL}
        await server.client.operator_service.add_search_attributes(AddSearchAttributesRequest(search_attributes=types))
        yield server


async def record(folder: Path) -> None:
    """Write one history an ending, and one a wait, into `folder`."""
    async with _environment() as environment:
        for number, (name, way) in enumerate(ways().items(), 1):
            outside = Outside(answers=dict(way.planted))
            filing = adult_filing(number=f"{number:016d}", key=f"key-{number}", person_key=f"person-{number}")
            async with serving(environment.client, outside), starting(environment, outside) as start:
                case = await start(filing)
                await way.go(case)
                # An ended case is waited for; an open one has said its last word when it answers a query.
                await (case.handle.result() if way.ends else case.handle.query("view"))
                recorded.write(await case.handle.fetch_history(), folder / f"{name}.json.gz")


@dataclass(frozen=True, slots=True)
class Way:
    """What is to be done with a case, whether it ends then, and what must be there before it is filed."""

    go: waits.Doing
    ends: bool
    planted: Mapping[str, Answer]


def ways() -> dict[str, Way]:
    """All ways by the name of their recording."""
    ended = {
        recorded.ENDED + name: Way(way, True, endings.PLANTED.get(name, {})) for name, way in endings.ENDINGS.items()
    }
    waiting = {
        recorded.OPEN + name: Way(wait.reach, False, waits.PLANTED.get(name, {})) for name, wait in waits.WAITS.items()
    }
    return ended | waiting


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--again", action="store_true", help="replace the recordings of this version")
    again = parser.parse_args().again
    folder = recorded.FOLDER / importlib.metadata.version("paspor")
    if folder.exists() and not again:
        parser.exit(1, f"{folder} is there already: raise the version, or say --again if it is in use nowhere\n")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    logging.getLogger("temporalio").setLevel(logging.CRITICAL)  # partners that are away are part of it
    asyncio.run(record(folder))
    sizes = [path.stat().st_size for path in folder.iterdir()]
    parser.exit(0, f"{len(sizes)} histories, {sum(sizes) // 1024} kB, in {folder}\n")


if __name__ == "__main__":
    main()
