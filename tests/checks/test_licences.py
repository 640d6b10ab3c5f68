"""A licence that nobody took, and an exception that nobody needs, are told."""

from typing import Any

import pytest

from tests.checks.licences import allowed, faults

RULES: dict[str, Any] = {
    "allowed": ["Apache-2.0", "MIT"],
    "spelled": {"MIT License": "MIT", "Mozilla": "MPL-2.0"},
    "exceptions": {"run": {"certificates": ["MPL-2.0", "unchanged"]}, "develop": {}},
}


@pytest.mark.parametrize(
    ("licence", "may"),
    [
        ("MIT", True),
        ("MIT License", True),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only AND MIT", False),
        ("MIT License; Apache-2.0", True),
        ("MIT License; Mozilla", False),
        ("UNKNOWN", False),
        ("", False),
    ],
)
def test_what_is_allowed(licence: str, may: bool) -> None:
    assert allowed(licence, RULES) is may


def test_an_exception_is_for_one_package_and_one_licence() -> None:
    assert list(faults("run", {"certificates": "Mozilla", "other": "MIT"}, RULES)) == []
    assert list(faults("run", {"certificates": "GPL-3.0-only"}, RULES)) == [
        "certificates is under GPL-3.0-only, which is not allowed for what is there to run"
    ]
    assert list(faults("develop", {"certificates": "Mozilla"}, RULES)) == [
        "certificates is under Mozilla, which is not allowed for what is there to develop"
    ]


def test_an_exception_that_nothing_needs_is_told() -> None:
    assert list(faults("run", {"certificates": "MIT"}, RULES)) == ["certificates needs no exception: it is under MIT"]
    assert list(faults("run", {}, RULES)) == ["there is an exception for certificates, but no such package to run"]
