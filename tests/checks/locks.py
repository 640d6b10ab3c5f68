"""Whether the lock files are those of the lists that they were made from: `python -m tests.checks.locks`, offline.

`make lock` seals each lock with the digest of its list (`--seal`), so that a list which was changed since is told, be
it by a line less. That every line is met by the pins, and every pin has a hash, is looked at besides: a lock that was
edited by hand has a sound seal.
"""

import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
RUN, DEVELOP = "requirements", "requirements-dev"
SEAL = re.compile(r"^# of (\S+), sha256 ([0-9a-f]{64})\n")
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)(.*(?:\n +.*)*)", re.MULTILINE)


def wanted(source: Path) -> list[str]:
    """The requirements of a list, without comments and references to other files."""
    lines = (line.partition("#")[0].strip() for line in source.read_text().splitlines())
    return sorted(line for line in lines if line and not line.startswith("-"))


def digest(source: Path) -> str:
    """What a list asks for, in short; comments and the order of lines make no difference."""
    return hashlib.sha256("\n".join(wanted(source)).encode()).hexdigest()


def pins(lock: Path) -> dict[str, set[str]]:
    """The versions of each package; there may be one for each platform."""
    found: dict[str, set[str]] = {}
    for name, version, _ in PIN.findall(lock.read_text()):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def seal(folder: Path) -> None:
    """Write into each lock which list it was made from."""
    for name in (RUN, DEVELOP):
        source, lock = folder / f"{name}.in", folder / f"{name}.txt"
        lock.write_text(f"# of {source.name}, sha256 {digest(source)}\n{SEAL.sub('', lock.read_text())}")


def faults(folder: Path) -> Iterator[str]:
    """What is wrong with the locks, in words."""
    for name in (RUN, DEVELOP):
        yield from _of_one(folder / f"{name}.in", folder / f"{name}.txt")
    run, develop = pins(folder / f"{RUN}.txt"), pins(folder / f"{DEVELOP}.txt")
    for package in sorted(run.keys() & develop.keys()):
        if run[package] != develop[package]:
            yield f"{package} is another version in {DEVELOP}.txt than in {RUN}.txt"


def _of_one(source: Path, lock: Path) -> Iterator[str]:
    text, pinned = lock.read_text(), pins(lock)
    sealed = SEAL.match(text)
    if not sealed or sealed.groups() != (source.name, digest(source)):
        yield f"{lock.name} was not made from {source.name} as it is now"
    for line in wanted(source):
        asked = Requirement(line)
        versions = pinned.get(canonicalize_name(asked.name), set())
        if not versions or not all(asked.specifier.contains(version, prereleases=True) for version in versions):
            yield f"{lock.name} does not meet `{line}`"
    for package, version, rest in PIN.findall(text):
        if "--hash=sha256:" not in rest:
            yield f"{lock.name} has no hash for {package} {version}"


def main() -> int:
    """The command."""
    if sys.argv[1:] == ["--seal"]:
        seal(ROOT)
    found = list(faults(ROOT))
    for fault in found:
        print(f"{fault}: run `make lock`")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
