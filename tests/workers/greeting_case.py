"""A workflow and an activity as small as they can be, for tests of the processes that run them."""

from datetime import timedelta

from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError


@activity.defn
async def greet(name: str) -> str:
    """Fails for one name, with that name in the text."""
    if name.startswith("!"):
        raise ApplicationError(f"refused {name}", name, type="Refused", non_retryable=True)
    return f"Selamat pagi, {name}"


@workflow.defn
class SmallCase:
    """Greets, waits for a word, and ends with it."""

    def __init__(self) -> None:
        self._word = ""

    @workflow.run
    async def run(self, name: str) -> str:
        """One activity, one wait."""
        greeting = await workflow.execute_activity(greet, name, start_to_close_timeout=timedelta(seconds=5))
        await workflow.wait_condition(lambda: bool(self._word))
        return f"{greeting}; {self._word}"

    @workflow.signal
    def say(self, word: str) -> None:
        """The word waited for."""
        self._word = word
