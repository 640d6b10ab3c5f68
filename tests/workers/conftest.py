"""A real Temporal server of one test module, keys, and settings that lead to it."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from real_temporal import RealTemporal

from activities.keyring import Keys, load_keys, new_key_file
from workers.runtime.settings import Settings


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def real_temporal(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RealTemporal]:
    server = RealTemporal(tmp_path_factory.mktemp("temporal"))
    await server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    new_key_file(path)
    return load_keys(path)


@pytest.fixture
def settings(real_temporal: RealTemporal, tmp_path: Path) -> Settings:
    nowhere = "http://127.0.0.1:1"
    return Settings(
        database_url="postgresql+psycopg2://nowhere/paspor",
        temporal_address=real_temporal.address,
        keys_file=tmp_path / "keys.json",
        files_dir=tmp_path,
        oidc_issuer=nowhere,
        population_url=nowhere,
        passports_url=nowhere,
        watchlist_url=nowhere,
        billing_url=nowhere,
        abis_url=nowhere,
        capture_url=nowhere,
    )


@pytest.fixture(autouse=True)
def _no_database_left_outside(tmp_path: Path) -> Iterator[None]:
    """As root a database in a closed folder lies elsewhere behind a link, and would outlive the test's folder."""
    yield
    for link in tmp_path.rglob("postgres"):
        if link.is_symlink():
            shutil.rmtree(link.resolve(), ignore_errors=True)
