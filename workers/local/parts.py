"""What the supervisor needs to know of a part: how to start it, when it is ready, what it needs first, how it stops."""

import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from workers.local.children import Command

Ready = Callable[[int], Awaitable[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One process of the installation. Times are in seconds."""

    name: str
    command: Command
    ready: Ready  # asked with the process id, again and again until it says yes
    after: Sequence[str] = ()  # parts that must be ready before this one starts
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 3.0  # from the stop signal to the kill
    patience: float = 90.0  # from the start to ready
    once: bool = False  # it does its work and leaves; it is ready when it has left well


def layers(parts: Mapping[str, Part]) -> list[list[Part]]:
    """The parts from the ground up, each layer needing only those below; `ValueError` for a need that cannot be met."""
    done: set[str] = set()
    ordered: list[list[Part]] = []
    while len(done) < len(parts):
        layer = [part for part in parts.values() if part.name not in done and done.issuperset(part.after)]
        if not layer:
            stuck = sorted(set(parts) - done)
            raise ValueError(f"these parts wait for each other, or for one that does not exist: {', '.join(stuck)}")
        ordered.append(layer)
        done.update(part.name for part in layer)
    return ordered
