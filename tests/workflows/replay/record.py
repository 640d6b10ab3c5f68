"""Record the procedure as it is: `python -m tests.workflows.replay.record`, once a version, before it is deployed.

Cases of a version live for months after it, so its recordings stay until the last of them is closed. Until a version
is in use anywhere, `--again` replaces its recordings.
"""

import argparse
import asyncio
import importlib.metadata
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from tests.workflows.conftest import _server as test_server
from tests.workflows.conftest import serving, starting
from tests.workflows.driving import Driven, adult_filing
from tests.workflows.fakes import Outside
from tests.workflows.replay import endings, recorded, waits
from workflows import search


@asynccontextmanager
async def _environment() -> AsyncIterator[WorkflowEnvironment]:
    # An identity of its own, since the usual one is the name of the machine.
    server = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=test_server(), data_converter=pydantic_data_converter, identity="recorder"
    )
    async with server:
        types = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in search.ALL}
        await server.client.operator_service.add_search_attributes(AddSearchAttributesRequest(search_attributes=types))
        yield server


async def record(folder: Path) -> None:
    """Write one history an ending, and one a wait, into `folder`."""
    ways = [(recorded.ENDED, endings.ENDINGS, endings.PLANTED)]
    ways += [(recorded.OPEN, {name: wait.reach for name, wait in waits.WAITS.items()}, waits.PLANTED)]
    async with _environment() as environment:
        number = 0
        for kind, doings, planted in ways:
            for name, doing in doings.items():
                number += 1
                outside = Outside(answers=dict(planted.get(name, {})))
                filing = adult_filing(number=f"{number:016d}", key=f"key-{number}", person_key=f"person-{number}")
                async with serving(environment.client, outside), starting(environment, outside) as start:
                    case = await start(filing)
                    await doing(case)
                    history = await (_ended(case) if kind == recorded.ENDED else _waiting(case))
                    recorded.write(history, folder / f"{kind}{name}.json.gz")


async def _ended(case: Driven) -> WorkflowHistory:
    await case.handle.result()
    return await case.handle.fetch_history()


async def _waiting(case: Driven) -> WorkflowHistory:
    """The history when no task of the workflow is under way: its last word is what it waits for."""
    await case.handle.query("view")
    return await case.handle.fetch_history()


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
    asyncio.run(record(folder))
    sizes = [path.stat().st_size for path in folder.iterdir()]
    parser.exit(0, f"{len(sizes)} histories, {sum(sizes) // 1024} kB, in {folder}\n")


if __name__ == "__main__":
    main()
