"""What an operator watches, found out again and again beside the relay: our tables, and the engine's queues.

Prometheus gets the last answers, so that a scrape never waits for a database. What could not be asked is left out, not
repeated: `absent()` sees it, and an old figure is never shown as today's.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from time import time

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.service import RPCError

from activities.keyring import Keys
from activities.storage import watch
from activities.storage.engine import make_engine
from workers.runtime.backlog import Backlog, backlog
from workers.runtime.connection import connect
from workers.runtime.settings import Settings
from workers.runtime.stopping import Stopped, unless
from workflows import options
from workflows.accounts import NightlyAccounts
from workflows.case.facts import Ending
from workflows.upkeep import HourlyUpkeep, NightlyUpkeep

EVERY = 15.0  # seconds between two looks
PATIENCE = timedelta(seconds=5)
FAILING = "ExecutionStatus = 'Running' AND TemporalReportedProblems IS NOT NULL"
UPKEEP = "WorkflowType IN ({})".format(
    ", ".join(f"'{one.__name__}'" for one in (HourlyUpkeep, NightlyUpkeep, NightlyAccounts))
)
ILL = f"{UPKEEP} AND ExecutionStatus IN ('Failed', 'TimedOut', 'Terminated') AND CloseTime > "
# Deadlines that passed without what they waited for, by how the case ended.
DEADLINES = {
    Ending.LAPSED_UNPAID: "payment",
    Ending.NO_SHOW: "appointment",
    Ending.INCOMPLETE: "completion",
    Ending.UNCOLLECTED: "collection",
}

CASES_FAILING = "Open cases whose workflow task fails again and again: they stand still until code is mended."
UPKEEP_FAILED = "Runs of a schedule that did not end well in the last day."

log = logging.getLogger(__name__)
Families = list[GaugeMetricFamily | CounterMetricFamily]
Found = list[GaugeMetricFamily | CounterMetricFamily | None]


class Watch(Collector):
    """The last look, as Prometheus reads it."""

    def __init__(self, engine: Engine, client: Client) -> None:
        self._engine, self._client = engine, client
        self._families: Families = []
        self._upto, self._actions, self._endings = 0, Counter[str](), Counter[str]()
        self._whole_at: float | None = None

    def collect(self) -> Iterable[GaugeMetricFamily | CounterMetricFamily]:
        """What was found last."""
        return list(self._families)

    async def look(self) -> None:
        """Ask everything anew; what fails is logged and left out, and the look is then not a whole one."""
        began = time()
        tables, engine = await asyncio.to_thread(self._tables), await self._the_engine()
        if None not in (*tables, *engine):
            self._whole_at = began
        seen = GaugeMetricFamily("paspor_watch_timestamp_seconds", "When all was last found out, in Unix time.")
        if self._whole_at is not None:
            seen.add_metric([], self._whole_at)
        self._families = [one for one in (*tables, *engine, seen) if one is not None]

    def _tables(self) -> Found:
        """None stands for what could not be found out."""
        found: Found = []
        for question in watch.QUESTIONS:
            try:
                with self._engine.begin() as connection:
                    values = watch.ask(connection, question)
            except Exception:
                log.exception("%s could not be found out", question.name)
                found.append(None)
                continue
            found.append(_gauge(question.name, question.help, question.labels, values))
        try:
            while not self._count():
                pass
        except Exception:
            # Nor is a part of them told: what is still missing would look like so many at once.
            log.exception("the entries of the record could not be counted")
            return [*found, None]
        return [*found, *self._counted()]

    def _count(self) -> bool:
        """A step of counting, which stays counted; whether it was the last."""
        with self._engine.begin() as connection:
            came = watch.events_since(connection, self._upto)
        for action, ending, entries in came.by_action:
            self._actions[action] += entries
            if ending:
                self._endings[ending] += entries
        self._upto = came.upto
        return came.whole

    def _counted(self) -> Families:
        actions = CounterMetricFamily("paspor_case_events", "Entries of the record, by action.", labels=["action"])
        for action, entries in sorted(self._actions.items()):
            actions.add_metric([action], entries)
        early = CounterMetricFamily("paspor_cases_ended_early", "Cases that ended early, by ending.", labels=["ending"])
        for ending in Ending:
            if ending is not Ending.COLLECTED:
                early.add_metric([ending.value], self._endings[ending.value])
        lapsed = CounterMetricFamily(
            "paspor_deadlines_lapsed", "Deadlines that passed, and ended their case.", labels=["deadline"]
        )
        for ending, deadline in DEADLINES.items():
            lapsed.add_metric([deadline], self._endings[ending.value])
        return [actions, early, lapsed]

    async def _the_engine(self) -> Found:
        found: Found = []
        try:
            failing = await self._client.count_workflows(FAILING, rpc_timeout=PATIENCE)
            yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds")
            ill = await self._client.count_workflows(f"{ILL}'{yesterday}'", rpc_timeout=PATIENCE)
            found.append(_gauge("paspor_cases_failing", CASES_FAILING, (), [((), failing.count)]))
            found.append(_gauge("paspor_upkeep_failed", UPKEEP_FAILED, (), [((), ill.count)]))
            offices = await asyncio.to_thread(self._printing)
            queues = [options.CASES, options.NATIONAL, options.BIOMETRICS, *map(options.printing_at, offices)]
            found += _queues([await backlog(self._client, queue, queue == options.CASES) for queue in queues])
        except RPCError as error:
            log.warning("the engine could not be asked for its queues: %s", error.status.name)
            found.append(None)
        except Exception:
            log.exception("the engine's queues could not be found out")
            found.append(None)
        return found

    def _printing(self) -> tuple[str, ...]:
        with self._engine.begin() as connection:
            return watch.offices_that_print(connection)


def _queues(lines: list[Backlog]) -> Families:
    texts = {
        "paspor_queue_backlog_age_seconds": "Age of the oldest task that no worker has taken.",
        "paspor_queue_backlog_tasks": "About how many tasks no worker has taken.",
        "paspor_queue_pollers": "Pollers that asked for work in the last minutes; with none, nobody serves the queue.",
    }
    values = [{name: getattr(line, name.removeprefix("paspor_queue_")) for name in texts} for line in lines]
    return [
        _gauge(
            name, words, ("queue",), [((line.queue,), value[name]) for line, value in zip(lines, values, strict=True)]
        )
        for name, words in texts.items()
    ]


def _gauge(
    name: str, words: str, labels: tuple[str, ...], values: Iterable[tuple[tuple[str, ...], float]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=list(labels))
    for told_apart, value in values:
        family.add_metric(list(told_apart), value)
    return family


async def keep_watch(stop: asyncio.Event, settings: Settings, keys: Keys, registry: CollectorRegistry) -> None:
    """Look every few seconds until `stop`, for `registry`; whatever goes wrong is logged and tried again."""
    engine = make_engine(settings.database_url, pool=1)
    try:
        watch_of = Watch(engine, await unless(stop, connect(settings, keys, patience=None)))
        registry.register(watch_of)
        while not stop.is_set():
            try:
                await watch_of.look()
            except Exception:
                log.exception("the watch stumbled; it looks again")
            await unless(stop, asyncio.sleep(EVERY))
    except Stopped:
        pass
    finally:
        engine.dispose()
