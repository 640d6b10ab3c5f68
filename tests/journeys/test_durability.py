"""`kill -9` of any part in the middle of an application: nothing is lost, doubled or stuck."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from tests.journeys.application import Application, application
from tests.journeys.careful import Meanwhile
from tests.journeys.evidence import all_went_once
from tests.journeys.installation import Installation, wait_until
from tests.journeys.outside import plant

pytestmark = [pytest.mark.journey, pytest.mark.kill]

LOCK = text("LOCK TABLE paspor.case_event IN SHARE ROW EXCLUSIVE MODE")
STUCK = "SELECT 1 FROM pg_locks WHERE relation = 'paspor.case_event'::regclass AND NOT granted"
SUBMITTED = "SELECT 1 FROM paspor.print_attempt WHERE key = :key AND state = 'submitted'"

LONGER_THAN_THE_COUNTER_WAITS = 9.0  # seconds


@pytest.fixture
def case(installation: Installation) -> Iterator[Application]:
    with application(installation) as begun:
        yield begun


@contextmanager
def record_locked(installation: Installation) -> Iterator[None]:
    """Nobody can write into the record while the block lasts: a step gets stuck in the middle of its transaction."""
    engine = create_engine(installation.environment["PASPOR_DATABASE_URL"], poolclass=NullPool)
    connection = engine.connect()
    try:
        connection.execute(LOCK)
        yield
    finally:
        with suppress(OperationalError):  # the database may have been killed under it
            connection.rollback()
        connection.close()
        engine.dispose()


def in_its_transaction(installation: Installation, kill: Callable[[], None]) -> Meanwhile:
    """Kill when the decision has come so far that its step is in the middle of writing it down."""

    @contextmanager
    def meanwhile() -> Iterator[None]:
        with record_locked(installation):
            yield
            wait_until(lambda: installation.sql(STUCK), "a transaction under way")
            kill()

    return meanwhile


def unread(address: str) -> bool:
    """Whether a request lies at a listener's door that it has not read yet."""
    port = f":{int(address.rpartition(':')[2]):04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, _, _, queues, *_ = line.split()
        if local.endswith(port) and int(queues.partition(":")[2], 16):
            return True
    return False


def decided_while_killed(installation: Installation, case: Application, *parts: str) -> None:
    """An officer decides, and the parts die in the middle of it."""
    with installation.killing(*parts) as kill:
        case.runs(until="interview", during={"interview": in_its_transaction(installation, kill)})


def test_the_cases_worker_killed_in_the_middle_of_a_decision(installation: Installation, case: Application) -> None:
    decided_while_killed(installation, case, "worker-cases")
    case.runs()
    all_went_once(case)


def test_the_api_killed_before_it_answers_a_decision(installation: Installation, case: Application) -> None:
    decided_while_killed(installation, case, "api")
    assert case.silences  # the officer was not answered, and has asked again with the same key
    case.runs()
    all_went_once(case)


def test_the_engine_killed_in_the_middle_of_a_decision(installation: Installation, case: Application) -> None:
    decided_while_killed(installation, case, "temporal")
    case.runs()
    all_went_once(case)


def test_the_database_killed_in_the_middle_of_a_decision(installation: Installation, case: Application) -> None:
    decided_while_killed(installation, case, "postgres")
    case.runs()
    all_went_once(case)


def test_everything_killed_at_once_in_the_middle_of_a_decision(installation: Installation, case: Application) -> None:
    decided_while_killed(installation, case, *installation.pids())
    assert case.silences
    case.runs()
    all_went_once(case)


def test_the_partners_worker_killed_while_a_register_is_about_to_answer(
    installation: Installation, case: Application
) -> None:
    with installation.killing("worker-partners") as kill, installation.frozen("watchlist"):
        case.runs(until="examine")
        wait_until(lambda: unread(installation.addresses["standins"]["watchlist"]), "a question to the watch list")
        kill()
    case.runs()
    all_went_once(case)


def test_the_printing_worker_killed_while_the_printer_prints(installation: Installation, case: Application) -> None:
    case.runs(until="enrol")
    key = f"{case.number}/print/1"

    with installation.killing("worker-printing") as kill:

        @contextmanager
        def meanwhile() -> Iterator[None]:
            yield
            wait_until(lambda: installation.sql(SUBMITTED, key=key), "a booklet in the printer")
            kill()

        case.runs(during={"allocate": meanwhile})
    all_went_once(case)


def test_every_part_killed_between_two_steps(installation: Installation, case: Application) -> None:
    parts = {
        "file": "api",
        "book": "postgres",
        "check_in": "temporal",
        "interview": "worker-cases",
        "enrol": "worker-printing",
        "inspect": "worker-partners",
    }
    case.runs(after={step: partial(installation.kill, part) for step, part in parts.items()})
    all_went_once(case)


def test_a_handover_refused_while_a_partner_was_away_succeeds_by_the_same_key(
    installation: Installation, case: Application
) -> None:
    case.runs(until="inspect")
    plant(installation, "watchlist", "faults", kind="down", for_seconds=LONGER_THAN_THE_COUNTER_WAITS)
    case.runs()
    assert case.put_offs
    all_went_once(case)
