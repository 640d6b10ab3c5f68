"""Changed copies of the procedure, and the real development server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from activities.keyring import Keys, load_keys, new_key_file
from tests.workflows.replay.changes import Change, changed
from workers.local import temporal
from workers.runtime.codec import data_converter
from workers.runtime.settings import Settings
from workflows import search


@pytest.fixture
def change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Change:
    """Makes a changed copy of the workflow, by the name of its module and a diff."""
    monkeypatch.syspath_prepend(tmp_path)
    return lambda name, diff: changed(tmp_path, name, diff)


@pytest.fixture(scope="module")
def keys_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys of an installation."""
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    new_key_file(path)
    return path


@pytest.fixture(scope="module")
def keys(keys_file: Path) -> Keys:
    return load_keys(keys_file)


@pytest_asyncio.fixture(loop_scope="session")
async def server(keys: Keys) -> AsyncIterator[WorkflowEnvironment]:
    """A development server in memory, with our search attributes; its clients' payloads are sealed."""
    started = await WorkflowEnvironment.start_local(
        namespace=temporal.NAMESPACE,
        data_converter=data_converter(keys.payloads),
        search_attributes=search.ALL,
        dev_server_existing_path=str(temporal.binary()),
        dev_server_log_level="error",
    )
    async with started as environment:
        yield environment


@pytest.fixture
def settings(server: WorkflowEnvironment, keys_file: Path) -> Settings:
    """Settings that lead to the server, and nowhere else."""
    nowhere = "http://127.0.0.1:1"
    return Settings(
        database_url="postgresql+psycopg2://nowhere/paspor",
        temporal_address=server.client.service_client.config.target_host,
        keys_file=keys_file,
        files_dir=keys_file.parent,
        oidc_issuer=nowhere,
        population_url=nowhere,
        passports_url=nowhere,
        watchlist_url=nowhere,
        billing_url=nowhere,
        abis_url=nowhere,
        capture_url=nowhere,
    )
