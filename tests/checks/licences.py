"""Whether every package of the locks is under a licence that we take: `python -m tests.checks.licences`.

Looked at is what is installed, by pip-licenses. `licences.toml` has what is allowed, and each exception with its
reason; one that nothing needs is a fault too.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from tests.checks import locks

RULES = Path(__file__).with_suffix(".toml")


def installed() -> dict[str, str]:
    """The licence of each package that is installed, as its metadata has it."""
    command = [sys.executable, "-m", "piplicenses", "--format=json", "--with-system"]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {canonicalize_name(one["Name"]): one["License"] for one in json.loads(found)}


def allowed(licence: str, rules: Mapping[str, Any]) -> bool:
    """Whether we may take what is under this licence: an SPDX expression without brackets, or a list of classifiers."""
    whole = (part.split(" OR ") for part in re.split(r"; | AND ", licence))
    return all(any(_spelled(one, rules) in rules["allowed"] for one in either) for either in whole)


def faults(kind: str, packages: Mapping[str, str], rules: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with packages of a kind, `run` or `develop`, in words."""
    exceptions = dict(rules["exceptions"][kind])
    for name, licence in sorted(packages.items()):
        taken, _reason = exceptions.pop(name, (None, ""))
        if allowed(licence, rules):
            if taken:
                yield f"{name} needs no exception: it is under {licence}"
        elif taken != _spelled(licence, rules):
            yield f"{name} is under {licence}, which is not allowed for what is there to {kind}"
    for name in exceptions:
        yield f"there is an exception for {name}, but no such package to {kind}"


def _spelled(licence: str, rules: Mapping[str, Any]) -> str:
    spelled: str = rules["spelled"].get(licence, licence)
    return spelled


def main() -> int:
    """The command."""
    rules, here = tomllib.loads(RULES.read_text()), installed()
    run = locks.pins(locks.ROOT / f"{locks.RUN}.txt").keys()
    develop = locks.pins(locks.ROOT / f"{locks.DEVELOP}.txt").keys() - run
    found = [
        fault
        for kind, names in (("run", run), ("develop", develop))
        for fault in faults(kind, {name: here[name] for name in names & here.keys()}, rules)
    ]
    for fault in found:
        print(f"{fault} ({RULES.name})")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
