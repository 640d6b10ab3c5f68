"""One installation for all journeys, started once; the tests that kill its parts leave it running."""

from collections.abc import Iterator

import pytest

from tests.journeys.installation import Installation, installed


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The installation."""
    with installed(tmp_path_factory.mktemp("paspor") / "data") as found:
        yield found
