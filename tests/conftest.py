"""Fixtures that more than one folder of tests uses, and what two workers share out between them."""

from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["tests.fixtures.database"]

HERE = Path(__file__).parent
JOURNEYS = "journeys"

# Two workers on two cores make any single example late; what failed is printed so that it can be tried again.
settings.register_profile("paspor", deadline=None, print_blob=True)
settings.load_profile("paspor")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a module's tests together, and all journeys in one worker.

    A whole installation is some fifteen processes, and journeys kill parts of it, so there is one for all of them.
    """
    for item in items:
        place = item.path.relative_to(HERE)
        group = JOURNEYS if place.parts[0] == JOURNEYS else str(place)
        item.add_marker(pytest.mark.xdist_group(group))
