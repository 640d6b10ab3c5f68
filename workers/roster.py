"""Which worker serves which queue: a list of registrations. What activities need is made here, once each."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig

from activities.bills import TreasuryBills
from activities.biometrics import NationalBiometrics
from activities.booklets import BookletStock
from activities.clients.abis import AbisClient
from activities.clients.billing import BillingClient
from activities.clients.capture import CaptureClient
from activities.clients.passports import PassportsClient
from activities.clients.population import PopulationClient
from activities.clients.smtp import SmtpClient
from activities.clients.watchlist import WatchlistClient
from activities.failures import SilentDatabase
from activities.keyring import Keys
from activities.ledger import CaseLedger
from activities.notices import MailNotices
from activities.passports import PassportRegister
from activities.population import PopulationRegister
from activities.printers import OfficePrinters
from activities.rulebook import DatedRulebook
from activities.seats import OfficeSeats
from activities.settlements import TreasurySettlements
from activities.storage.engine import make_engine
from activities.storage.files import FileStore
from activities.upkeep import DatabaseUpkeep
from activities.watchlist import ExitBanList
from workers.runtime.settings import Settings
from workflows import options
from workflows.accounts import NightlyAccounts
from workflows.passport import PassportApplication
from workflows.sandbox import runner
from workflows.upkeep import HourlyUpkeep, NightlyUpkeep

Activities = Sequence[Callable[..., Any]]
CASES_AND_UPKEEP = (PassportApplication, HourlyUpkeep, NightlyUpkeep, NightlyAccounts)

# Shorter than what a supervisor gives a process to stop.
GRACE = timedelta(seconds=2)
# After a worker is killed, the engine offers its cases to it for this long (10 s by default) before others get them.
STICKY = timedelta(seconds=1)
# A case takes about 0.1 MB; a cache smaller than what is in flight costs three times the CPU.
CACHED_CASES = 2000
SMTP_SECONDS = 5.0


class Roster:
    """The workers of one process. What their activities need is made once each, however often workers start anew."""

    def __init__(self, settings: Settings, keys: Keys) -> None:
        self._settings, self._keys = settings, keys
        self._engines: dict[str, Engine] = {}

    def worker_for(self, queue: str, client: Client) -> Worker:
        """The worker of a queue. Raises `ValueError` for a queue that nobody serves."""
        settings, keys = self._settings, self._keys
        if queue == options.CASES:
            beside = _beside_the_case(self._engine(queue), keys)
            return case_worker(queue, client, CASES_AND_UPKEEP, beside, deployment_of(settings))
        if queue == options.NATIONAL:
            return call_worker(queue, client, _national(settings, self._engine(queue)), at_once=16)
        if queue == options.BIOMETRICS:
            return call_worker(queue, client, _biometrics(settings, keys, self._engine(queue)), at_once=4)
        if queue.startswith(options.printing_at("")):
            # One booklet at a time: a passport printer takes no second job.
            return call_worker(queue, client, _printing(settings, keys, self._engine(queue, 2)), at_once=1)
        raise ValueError(f"no worker serves the queue {queue!r}")

    def close(self) -> None:
        """Give the connections to our database back; the workers have ended."""
        for engine in self._engines.values():
            engine.dispose()

    def _engine(self, queue: str, pool: int = 0) -> Engine:
        if queue not in self._engines:
            self._engines[queue] = make_engine(
                self._settings.database_url, pool or self._settings.database_pool, asks_first=False
            )
        return self._engines[queue]


def deployment_of(settings: Settings) -> WorkerDeploymentConfig | None:
    """Which build of the procedure a process runs; None where builds are not told apart.

    A case lives for months, so it goes on with the newest build: what has changed since it was filed is behind
    `workflow.patched()`. The class of the workflow says nothing of this, since the engine refuses a behaviour from
    workers without a deployment. Only the cases have builds: an activity has no history to agree with, and a printer's
    worker in a distant office need not change in the same hour.
    """
    if not settings.deployment:
        return None
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(settings.deployment, settings.build_id),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )


def case_worker(
    queue: str,
    client: Client,
    workflows: Sequence[type],
    activities: Activities,
    deployment: WorkerDeploymentConfig | None = None,
) -> Worker:
    """A worker with the settings for cases: workflows, and the short transactions beside them."""
    return Worker(
        client,
        task_queue=queue,
        workflows=workflows,
        activities=activities,
        workflow_runner=runner(),
        activity_executor=ThreadPoolExecutor(8, "beside"),
        max_concurrent_activities=8,
        max_concurrent_local_activities=8,
        max_cached_workflows=CACHED_CASES,
        max_concurrent_workflow_task_polls=10,
        nonsticky_to_sticky_poll_ratio=0.5,
        sticky_queue_schedule_to_start_timeout=STICKY,
        graceful_shutdown_timeout=GRACE,
        interceptors=[SilentDatabase()],
        deployment_config=deployment,
    )


def call_worker(queue: str, client: Client, activities: Activities, at_once: int) -> Worker:
    """A worker with the settings for what crosses a wire, `at_once` at a time."""
    return Worker(
        client,
        task_queue=queue,
        activities=activities,
        activity_executor=ThreadPoolExecutor(at_once, queue),
        max_concurrent_activities=at_once,
        max_concurrent_activity_task_polls=min(at_once, 5),
        graceful_shutdown_timeout=GRACE,
        interceptors=[SilentDatabase()],
    )


def _beside_the_case(engine: Engine, keys: Keys) -> Activities:
    rules, seats, stock = DatedRulebook(engine), OfficeSeats(engine), BookletStock(engine)
    ledger, upkeep = CaseLedger(engine, keys.columns), DatabaseUpkeep(engine)
    return [
        rules.in_force,
        rules.working_day,
        ledger.open_case,
        ledger.note,
        seats.confirm,
        seats.release,
        seats.admit,
        stock.allocate,
        stock.settle,
        upkeep.slots_ahead,
        upkeep.forget_old,
        upkeep.miscounted_slots,
        upkeep.count_record,
    ]


def _national(settings: Settings, engine: Engine) -> Activities:
    treasury = BillingClient(settings.billing_url)
    bills, accounts = TreasuryBills(treasury, engine), TreasurySettlements(treasury, engine)
    passports = PassportRegister(PassportsClient(settings.passports_url))
    mail = SmtpClient(settings.smtp_host, settings.smtp_port, settings.mail_from, SMTP_SECONDS)
    return [
        bills.create,
        bills.inquire,
        bills.void,
        accounts.days_due,
        accounts.reconcile,
        PopulationRegister(PopulationClient(settings.population_url)).verify,
        passports.held_by,
        passports.record_issue,
        ExitBanList(WatchlistClient(settings.watchlist_url)).check,
        MailNotices(mail).send,
    ]


def _biometrics(settings: Settings, keys: Keys, engine: Engine) -> Activities:
    biometrics = NationalBiometrics(
        CaptureClient(settings.capture_url),
        AbisClient(settings.abis_url),
        FileStore(settings.files_dir, keys.files),
        engine,
    )
    return [biometrics.assess, biometrics.search, biometrics.result]


def _printing(settings: Settings, keys: Keys, engine: Engine) -> Activities:
    return [OfficePrinters(engine, FileStore(settings.files_dir, keys.files)).personalise]
