"""Who clicks on what, through which process, and what is killed when: all of it drawn from one seed."""

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

CROWDS = 4
SERVER_KILLS, CROWD_KILLS = 2, 3


class Victim(StrEnum):
    """What is killed: the database's first process, one of its backends, or a client process."""

    POSTMASTER = "postmaster"
    BACKEND = "backend"
    CROWD = "crowd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A person at one process: a click on `slot`, and where `other` is set another one, there or where they won."""

    number: str
    key: str
    slot: str
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """After so many answers."""

    after: int
    victim: Victim
    crowd: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The turns of each crowd in order, and the kills in order. Each person clicks three times in all."""

    seed: int
    crowds: tuple[tuple[Turn, ...], ...]
    kills: tuple[Kill, ...]

    @property
    def clicks(self) -> int:
        """All clicks of all crowds."""
        return sum(2 if turn.other else 1 for crowd in self.crowds for turn in crowd)

    def as_json(self, crowd: int) -> list[dict[str, str]]:
        """The turns of one crowd."""
        return [asdict(turn) for turn in self.crowds[crowd]]


def drawn(seed: int, numbers: Sequence[str], slots: Sequence[str], *, calm: bool = False) -> Plan:
    """A rush of these people for these slots; a calm one kills nothing.

    Each person wants one slot, and clicks on it at two processes at once, as with two devices, under two keys. At the
    first they click once more when they have the answer: on the seat that they have, or on another slot.
    """
    luck = random.Random(seed)
    crowds: list[list[Turn]] = [[] for _ in range(CROWDS)]
    for number in luck.sample(numbers, len(numbers)):
        wanted, other = luck.sample(slots, 2)
        here, there = luck.sample(range(CROWDS), 2)
        crowds[here].append(Turn(number=number, key=f"{seed}/{number}/a", slot=wanted, other=other))
        crowds[there].append(Turn(number=number, key=f"{seed}/{number}/b", slot=wanted))
    for crowd in crowds:
        luck.shuffle(crowd)
    kills = () if calm else _kills(luck, 3 * len(numbers))
    return Plan(seed=seed, crowds=tuple(tuple(crowd) for crowd in crowds), kills=kills)


def _kills(luck: random.Random, clicks: int) -> tuple[Kill, ...]:
    victims = [luck.choice((Victim.POSTMASTER, Victim.BACKEND)) for _ in range(SERVER_KILLS)]
    victims += [Victim.CROWD] * CROWD_KILLS
    # Seats are won by the first clicks, so most kills come early.
    return tuple(
        sorted(
            (
                Kill(after=int(clicks * 0.7 * luck.random() ** 3), victim=victim, crowd=luck.randrange(CROWDS))
                for victim in victims
            ),
            key=lambda kill: kill.after,
        )
    )
