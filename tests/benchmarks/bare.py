"""A workflow that does nothing, as often as a case does something: the floor that a case is measured by."""

import asyncio
from datetime import timedelta
from typing import NamedTuple

from temporalio import activity, workflow

from tests.benchmarks import script as letters
from workflows import options, search
from workflows.case.facts import Stage

CASES, CALLS = "bare-cases", "bare-calls"
LONG = timedelta(days=30)


class Timer(NamedTuple):
    """A timer, and how long the history was when it started."""

    running: "asyncio.Task[None]"
    since: int


class Nothing:
    """Activities that do nothing."""

    @activity.defn(name="bare.beside")
    def beside(self, about: str) -> str:
        """Nothing, beside the workflow."""
        return about

    @activity.defn(name="bare.across")
    def across(self, about: str) -> str:
        """Nothing, across the engine's queue."""
        return about


@workflow.defn
class Bare:
    """Carries a script out."""

    @workflow.init
    def __init__(self, script: str) -> None:
        self._came = self._taken = self._answered = self._signals = self._heard = self._patches = 0
        self._calls: list[asyncio.Task[str]] = []
        self._timers: list[Timer] = []
        self._over: list[Timer] = []
        self._does = {
            letters.BESIDE: self._beside,
            letters.CALL: self._call,
            letters.CALLED: self._called,
            letters.TIMER: self._timer,
            letters.TIMER_OVER: self._timer_over,
            letters.ACT: self._act,
            letters.ANSWER: self._answer,
            letters.SIGNAL: self._signal,
            letters.SEARCH: self._search,
            letters.PATCH: self._patch,
        }

    @workflow.run
    async def run(self, script: str) -> str:
        """One letter after the other."""
        for letter in script:
            self._cancel_what_is_over()
            await self._does[letter]()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return "done"

    @workflow.update
    async def act(self, about: str) -> str:
        """An act, answered when the script comes to its answer."""
        self._came += 1
        mine = self._came
        await workflow.wait_condition(lambda: self._answered >= mine)
        return about

    @act.validator
    def _may_act(self, about: str) -> None:
        pass

    @workflow.signal
    def push(self, about: str) -> None:
        """A signal."""
        self._signals += 1

    async def _beside(self) -> None:
        await options.ask_beside(Nothing.beside, "nothing", options.TRANSACTION)

    async def _call(self) -> None:
        call = options.ask(Nothing.across, "nothing", options.REGISTER, CALLS, "nothing")
        self._calls.append(asyncio.create_task(call))
        await asyncio.sleep(0)

    async def _called(self) -> None:
        await self._calls.pop(0)

    async def _timer(self) -> None:
        running = asyncio.create_task(workflow.sleep(LONG, summary="nothing"))
        self._timers.append(Timer(running, workflow.info().get_current_history_length()))
        await asyncio.sleep(0)

    async def _timer_over(self) -> None:
        self._over.append(self._timers.pop(0))
        self._cancel_what_is_over()
        await asyncio.sleep(0)

    def _cancel_what_is_over(self) -> None:
        """Not in the task that started it: the SDK would spare the engine both, and a case has people in between."""
        now = workflow.info().get_current_history_length()
        for timer in [one for one in self._over if one.since < now]:
            self._over.remove(timer)
            timer.running.cancel()

    async def _act(self) -> None:
        self._taken += 1
        await workflow.wait_condition(lambda: self._came >= self._taken)

    async def _answer(self) -> None:
        self._answered += 1
        await asyncio.sleep(0)

    async def _signal(self) -> None:
        self._heard += 1
        await workflow.wait_condition(lambda: self._signals >= self._heard)

    async def _search(self) -> None:
        due = workflow.now() + LONG
        values = [search.STAGE.value_set(Stage.FILED.value), search.OFFICE.value_set("nothing")]
        workflow.upsert_search_attributes([*values, search.DUE.value_set(due)])

    async def _patch(self) -> None:
        self._patches += 1
        workflow.patched(f"nothing-{self._patches}")
