"""A case that looks at the machine's clock through one of our rules, as no rule may."""

from temporalio import workflow

from workflows.case import dates


@workflow.defn
class ClockCase:
    """Says whether the sandbox stood in between."""

    @workflow.run
    async def run(self) -> str:
        """`refused`, or `read`."""
        try:
            vars(dates)["datetime"].now()
        except workflow.NondeterminismError:
            return "refused"
        return "read"
