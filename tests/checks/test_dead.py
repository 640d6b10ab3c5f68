"""Code that nothing uses is told; what frameworks call, and fields, are not."""

from pathlib import Path

import pytest

from tests.checks.dead import faults, unused

CODE = '''
"""A module."""
from dataclasses import dataclass
from framework import routes

UNUSED = 1
USED = 2


@dataclass
class Row:
    """Its field is read by its name elsewhere."""

    field: int


@routes.get("/rows")
def rows() -> Row:
    """Called by the framework."""
    return Row(USED)


def forgotten() -> None:
    """Called by nobody."""
'''


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "module.py"
    path.write_text(CODE)
    return path


def test_what_nothing_uses_is_found(module: Path) -> None:
    assert [item.name for item in unused([module])] == ["UNUSED", "forgotten"]


def test_what_a_template_uses_is_used(module: Path) -> None:
    (module.parent / "page.html").write_text("{% if rows and not forgotten() %}UNUSED{% endif %}")
    assert [item.name for item in unused([module.parent])] == ["UNUSED"]


def test_a_name_is_kept_alive_only_as_long_as_it_is_needed(module: Path) -> None:
    assert list(faults([module], ["UNUSED", "forgotten"])) == []
    assert list(faults([module], ["UNUSED", "forgotten", "rows"])) == ["rows needs no word of who uses it"]
    (told,) = faults([module], ["UNUSED"])
    assert told.endswith("module.py:23: nothing uses the function forgotten")
