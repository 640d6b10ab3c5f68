"""ShellCheck's findings reach us through a Dockerfile, for both shells."""

import pytest

from tests.checks.scripts import faults


@pytest.mark.parametrize("shell", ["/bin/sh", "/usr/bin/env bash"])
def test_a_sound_script(shell: str) -> None:
    assert list(faults(f'#!{shell}\nset -eu\ncd "$1" || exit 1\nls\n')) == []


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("#!/bin/sh\nls $1\n", "SC2086"),
        ('#!/bin/sh\nrm -r "$1/"*\n', "SC2115"),
        ("#!/bin/sh\nif then\n", "SC1072"),
        ("#!/usr/bin/env bash\nunused=1\n", "SC2034"),
    ],
)
def test_a_fault_is_told(script: str, code: str) -> None:
    (told,) = faults(script)
    assert told.startswith(f"{code} ")


def test_each_script_is_read_for_its_own_shell() -> None:
    script = '[[ "$1" == a* ]] && ls\n'
    assert list(faults(f"#!/usr/bin/env bash\n{script}")) == []
    assert [told.split()[0] for told in faults(f"#!/bin/sh\n{script}")] == ["SC3014"]  # not of every shell
