"""Which seats people of a closed day are given: the nearest day, and on it the time most like the one they had.

A family sits together: in one slot, or in slots that follow each other without a break. Where that can be had on no
day, as near together as seats allow. Pure: what is free is handed in, and what was chosen is taken off it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(slots=True)
class Free:
    """A slot with `seats` free; all times are by the office's clock, without a zone."""

    slot: int
    lane: str
    starts_at: datetime
    ends_at: datetime
    seats: int

    @property
    def day(self) -> date:
        """The office's date."""
        return self.starts_at.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seated:
    """A person's seat as it is; `given` are the slots that they have been given before and do not get again."""

    booking: UUID
    number: str
    slot: int
    lane: str
    starts_at: datetime
    given: tuple[int, ...] = ()


Party = tuple[Seated, ...]
"""People who are moved together: one, or a family."""


def choose(party: Party, pool: Sequence[Free]) -> tuple[int, ...] | None:
    """A slot for each of the party, in its order; None when there are too few seats. `pool` is in order of time."""
    barred = {slot for one in party for slot in one.given}
    chosen: dict[UUID, int] = {}
    anchor: datetime | None = None
    for lane in dict.fromkeys(one.lane for one in party):
        members = [one for one in party if one.lane == lane]
        open_slots = [free for free in pool if free.lane == lane and free.seats > 0 and free.slot not in barred]
        found = _places(open_slots, len(members), members[0].starts_at, anchor)
        if not found:
            return None
        anchor = anchor or found[0].starts_at
        chosen |= {one.booking: free.slot for one, free in zip(members, found, strict=True)}
    return tuple(chosen[one.booking] for one in party)


def take(slots: Sequence[int], pool: Sequence[Free]) -> None:
    """The seats are given away."""
    by_id = {free.slot: free for free in pool}
    for slot in slots:
        by_id[slot].seats -= 1


def _places(open_slots: list[Free], wanted: int, was_at: datetime, anchor: datetime | None) -> list[Free]:
    """The best seats for so many of one lane; `anchor` is where the others of the family, of another lane, sit."""

    def rank(run: list[Free]) -> tuple[object, ...]:
        first = run[0]
        if anchor is not None:
            return (abs(first.starts_at - anchor), len(run), first.starts_at)
        return (first.day, len(run), _apart(first.starts_at, was_at), first.starts_at)

    together = list(_runs(open_slots, wanted))
    if together:
        return _filled(min(together, key=rank), wanted)
    spread = list(_spans(open_slots, wanted))
    if not spread:
        return []
    return _filled(min(spread, key=lambda run: (run[-1].starts_at - run[0].starts_at, run[0].starts_at)), wanted)


def _runs(open_slots: list[Free], wanted: int) -> Iterator[list[Free]]:
    """From each slot on, the fewest slots that follow each other without a break and have enough seats."""
    for place in range(len(open_slots)):
        run = [open_slots[place]]
        for following in open_slots[place + 1 : place + wanted]:
            if sum(free.seats for free in run) >= wanted or following.starts_at != run[-1].ends_at:
                break
            run.append(following)
        if sum(free.seats for free in run) >= wanted:
            yield run


def _spans(open_slots: list[Free], wanted: int) -> Iterator[list[Free]]:
    """From each slot on, as many as are needed, with whatever lies in between."""
    for place in range(len(open_slots)):
        seats, end = 0, place
        while end < len(open_slots) and seats < wanted:
            seats += open_slots[end].seats
            end += 1
        if seats >= wanted:
            yield open_slots[place:end]


def _filled(run: list[Free], wanted: int) -> list[Free]:
    return [free for free in run for _ in range(free.seats)][:wanted]


def _apart(one: datetime, other: datetime) -> int:
    """Minutes between two times of the day."""
    minutes = [moment.hour * 60 + moment.minute for moment in (one, other)]
    return abs(minutes[0] - minutes[1])
