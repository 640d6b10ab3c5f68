"""Two records of one case held against each other: the engine's own history, and our ledger. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from api.auditors.chronicle import Line

COMPARED = ("at", "actor", "role", "office", "action", "outcome", "reason", "rule", "stage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How many entries both have alike, and the places (from 1) of those that only one has, or has otherwise."""

    alike: int
    different: tuple[int, ...]

    @property
    def holds(self) -> bool:
        """Whether both tell the same story."""
        return not self.different


def agreement(engine: Sequence[Line], ledger: Sequence[Line]) -> Agreement:
    """Compare what both keep: entries of the record, which alone have a stage, in their order."""
    pairs = zip_longest((line for line in engine if line.stage), ledger)
    different = tuple(place for place, (its, mine) in enumerate(pairs, 1) if _facts(its) != _facts(mine))
    return Agreement(
        alike=max(len(ledger), sum(bool(line.stage) for line in engine)) - len(different), different=different
    )


def _facts(line: Line | None) -> tuple[object, ...]:
    return tuple(getattr(line, name) for name in COMPARED) if line else ()
