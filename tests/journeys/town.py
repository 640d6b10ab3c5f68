"""The town of the journeys as a fixture: one for all tests, put right after each."""

from collections.abc import Iterator

import pytest

from tests.journeys.installation import Installation
from tests.journeys.people import Town


@pytest.fixture(scope="session")
def whole_town(installation: Installation) -> Iterator[Town]:
    """Everybody, for all tests."""
    town = Town(installation)
    yield town
    town.leaves()


@pytest.fixture
def town(whole_town: Town) -> Iterator[Town]:
    """Everybody; what the test has left open or broken is put right after it."""
    yield whole_town
    whole_town.tidies()
