"""Code that nothing uses, found by vulture: `python -m tests.checks.dead`.

What frameworks call is told by its decorator. Fields of rows, messages and answers are not looked at: they are written
and read by their names elsewhere (SQL, JSON, templates). `ALIVE` is the rest, each with who uses it.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from vulture import Vulture
from vulture.core import Item

ROOT = Path(__file__).parents[2]
PACKAGES = ("workflows", "activities", "workers", "api")
SURE = 60  # per cent; less than that vulture does not say
CALLED_BY_FRAMEWORKS = [
    "@routes.*",
    "@app.command",
    "@workflow.*",
    "@*.validator",
    "@field_validator",
    "@model_validator",
]
ALIVE = {
    "at_head": "tests, which bring a database up step by step",
    "collect": "prometheus_client",
    "down_revision": "Alembic",
    "enact": "tests, and who enters a new rule by hand until there is a page for it",
    "handle_DATA": "aiosmtpd",
    "hand_in": "tests, as what one printer is asked in one go",
    "is_application_number": "tests of how numbers are made",
    "log_message": "http.server",
    "set_seats": "tests, and who changes a slot by hand until there is a page for it",
}


def unused(paths: Iterable[Path]) -> Iterator[Item]:
    """What nothing in these folders uses, but for fields."""
    vulture = Vulture(ignore_decorators=CALLED_BY_FRAMEWORKS)
    vulture.scavenge([str(path) for path in paths])
    for item in vulture.get_unused_code(min_confidence=SURE):
        line = Path(item.filename).read_text().splitlines()[item.first_lineno - 1]
        field = item.typ == "variable" and line.startswith(" ")
        if not field and item.typ != "attribute":
            yield item


def faults(paths: Iterable[Path], alive: Iterable[str]) -> Iterator[str]:
    """What is to be removed: code, or a name that is kept alive without need."""
    found = list(unused(paths))
    for item in found:
        if item.name not in alive:
            yield f"{item.filename}:{item.first_lineno}: nothing uses the {item.typ} {item.name}"
    for name in sorted(set(alive) - {item.name for item in found}):
        yield f"{name} needs no word of who uses it"


def main() -> int:
    """The command."""
    found = list(faults([ROOT / package for package in PACKAGES], ALIVE))
    for fault in found:
        print(fault)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
