"""Fixtures of the journeys: one town for all tests, put right after each, and somebody whose requests leave nothing."""

from collections.abc import Iterator

import pytest

from tests.journeys.installation import Installation
from tests.journeys.nothing import Nothing
from tests.journeys.town import Town


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


@pytest.fixture
def nothing(town: Town) -> Iterator[Nothing]:
    """Somebody whose requests leave no row behind."""
    found = Nothing(town)
    yield found
    found.was_written()
