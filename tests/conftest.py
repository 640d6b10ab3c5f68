"""Fixtures that more than one folder of tests uses, and what workers share out between them."""

from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["tests.fixtures.database"]

# Two workers on two cores make any single example late; what failed is printed so that it can be tried again.
settings.register_profile("paspor", deadline=None, print_blob=True)
settings.load_profile("paspor")

JOURNEYS = "tests/journeys/"
ALONE = {"tests/journeys/test_each_activity.py"}  # long, and on an installation of its own


class ByModule(LoadScopeScheduling):
    """Shares out modules, and all journeys as one: an installation is some fifteen processes, so there is one."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return JOURNEYS if module.startswith(JOURNEYS) and module not in ALONE else module


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByModule:
    """Whatever `--dist` says."""
    return ByModule(config, log)
