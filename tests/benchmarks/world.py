"""One running installation, and all that the benchmark needs to drive it."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from temporalio.client import Client

from activities.keyring import load_keys
from activities.storage.committer import SeatCommitter
from activities.storage.engine import make_engine
from activities.storage.files import FileStore
from tests.benchmarks import offices
from tests.benchmarks.meter import Meter
from tests.benchmarks.people import People
from tests.benchmarks.real import Office
from tests.benchmarks.watching import Watcher
from tests.journeys.installation import Installation, installed
from workers.runtime.connection import connect
from workers.runtime.settings import Settings

PROGRAM = ("tests.benchmarks.installation_up",)
POOL = 6


@dataclass(frozen=True, slots=True)
class World:
    """What the measurements share."""

    installation: Installation
    client: Client
    engine: Engine
    meter: Meter
    people: People
    office: Office


@contextmanager
def running() -> Iterator[Installation]:
    """An installation of its own in a new folder, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="paspor-benchmark-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user where we are root
        with installed(Path(folder) / "data", PROGRAM) as installation:
            yield installation


@asynccontextmanager
async def driven(installation: Installation) -> AsyncIterator[World]:
    """Connections to it, and offices with seats and booklets."""
    os.environ.update(installation.environment)
    settings = Settings()
    keys = load_keys(settings.keys_file)
    client = await connect(settings, keys)
    engine, seats = make_engine(settings.database_url, POOL), SeatCommitter(settings.database_url)
    try:
        with engine.begin() as connection:
            offices.open_offices(connection, installation.addresses["standins"]["printer"])
        people = People(keys, FileStore(settings.files_dir, keys.files))
        async with Watcher(engine) as watcher:
            office = Office(client, engine, seats, watcher)
            yield World(installation, client, engine, Meter(installation.pids), people, office)
    finally:
        seats.close()
        engine.dispose()
