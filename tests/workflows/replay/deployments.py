"""What an operator types to bring a build into use, with the same program."""

import asyncio
from dataclasses import dataclass

from temporalio.client import WorkflowHandle

from workers.local import temporal
from workers.runtime.settings import Settings

NAME = "paspor"


@dataclass(frozen=True, slots=True)
class Operator:
    """Speaks to the server of an installation."""

    settings: Settings

    async def make_current(self, build: str) -> None:
        """All cases go on with this build, as soon as a worker of it is known to the server."""
        await self._until_done("set-current-version", "--build-id", build)

    async def ramp(self, build: str, percent: int) -> None:
        """That share of the cases goes on with this build."""
        await self._until_done("set-ramping-version", "--build-id", build, "--percentage", str(percent))

    async def _until_done(self, *command: str) -> None:
        async with asyncio.timeout(20):
            while not await self._done(*command):  # noqa: ASYNC110 - the server has not heard of the worker yet
                await asyncio.sleep(0.1)

    async def _done(self, *command: str) -> bool:
        place = ("--address", self.settings.temporal_address, "--namespace", self.settings.temporal_namespace)
        program = await asyncio.create_subprocess_exec(
            str(temporal.binary()), "worker", "deployment", *command, "--deployment-name", NAME, "--yes", *place,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        return await program.wait() == 0


async def build_of(case: WorkflowHandle) -> str:
    """The build that went on with a case last; empty where builds were not told apart."""
    info = (await case.describe()).raw_description.workflow_execution_info
    return info.versioning_info.deployment_version.build_id
