"""Code that nothing uses, found by vulture: `python -m tests.checks.dead`.

What frameworks call is told by its decorator, and what templates use is looked up in them. Fields of rows, messages and
answers are not looked at: they are written and read by their names elsewhere (SQL, JSON). `ALIVE` is the rest, each
with who uses it.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from keyword import iskeyword
from pathlib import Path

from vulture import Vulture
from vulture.core import Item

ROOT = Path(__file__).parents[2]
PACKAGES = ("workflows", "activities", "workers", "api")
SURE = 60  # per cent; less than that vulture does not say
CALLED_BY_FRAMEWORKS = [
    "@routes.*",
    "@app.command",
    "@event.listens_for",
    "@workflow.*",
    "@*.validator",
    "@field_validator",
    "@model_validator",
]
IN_TEMPLATES = re.compile(r"{[{%](.*?)[%}]}", re.DOTALL)
ALIVE = {
    "ACTS": "a test, which holds all that takes an act to this one table",
    "at_head": "tests, which bring a database up step by step",
    "down_revision": "Alembic",
    "extract": "OpenTelemetry, which asks a propagator",
    "enact": "tests, and who enters a new rule by hand until there is a page for it",
    "handle_DATA": "aiosmtpd",
    "hand_in": "tests, as what one printer is asked in one go",
    "is_application_number": "tests of how numbers are made",
    "inject": "OpenTelemetry, which asks a propagator",
    "intercept_activity": "Temporal's worker, which asks its interceptors",
    "log_message": "http.server",
    "workflow_interceptor_class": "Temporal's worker, which asks its interceptors",
}


def unused(paths: Sequence[Path]) -> Iterator[Item]:
    """What nothing in these folders uses, but for fields."""
    vulture = Vulture(ignore_decorators=CALLED_BY_FRAMEWORKS)
    vulture.scavenge([str(path) for path in paths])
    for path in paths:
        vulture.scan("\n".join(_in_templates(path)))
    for item in vulture.get_unused_code(min_confidence=SURE):
        line = Path(item.filename).read_text().splitlines()[item.first_lineno - 1]
        field = item.typ == "variable" and line.startswith(" ")
        if not field and item.typ != "attribute":
            yield item


def _in_templates(folder: Path) -> set[str]:
    code = [found for file in folder.rglob("*.html") for found in IN_TEMPLATES.findall(file.read_text())]
    return {f"_.{name}" for name in re.findall(r"[A-Za-z_]\w*", " ".join(code)) if not iskeyword(name)}


def faults(paths: Sequence[Path], alive: Iterable[str]) -> Iterator[str]:
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
