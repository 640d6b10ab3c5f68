"""Fixtures of the journeys: one town for all tests, put right after each, and somebody whose requests leave nothing."""

from collections.abc import Iterator

import pytest

from tests.journeys.installation import Installation
from tests.journeys.nothing import Nothing
from tests.journeys.town import Town


@pytest.fixture(scope="session")
def whole_town(installation: Installation) -> Iterator[Town]:
    """Everybody, for all tests; over all of these, outages and deaths and all, no key has had two effects."""
    town = Town(installation)
    yield town
    try:
        for name in town.standins.keys() - {"mail"}:  # a mail whose answer was lost is sent again, as the same
            assert {key: many for key, many in town.standins[name].effects("").items() if many > 1} == {}, name
    finally:
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
