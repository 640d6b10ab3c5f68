"""What a rush left behind, held against what people were told."""

import statistics
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from activities.storage.invariants import examine
from tests.rush.answers import Answer
from tests.rush.plan import Plan
from tests.rush.town import SEATS, SLOTS, Town

BOOKINGS = text("""
    SELECT b.id::text, b.number, paspor.public_slot(b.slot_id) AS slot, b.person_key FROM paspor.booking b
     WHERE b.state = 'held'""")
TAKEN = text("SELECT paspor.public_slot(id) AS slot, taken FROM paspor.slot")
UNGUARDED = text("SELECT id::text, number, slot, number AS person_key FROM scratch.booking")


def judged(town: Town, plan: Plan, answers: Sequence[Answer], *, unguarded: bool = False) -> dict[str, Any]:
    """The figures of a rush. All but `sold` and `answered` of a guarded one must be empty or nought."""
    with town.engine() as engine:
        broken = [] if unguarded else [one.name for one in examine(engine) if not one.holds]
        with engine.connect() as conn:
            rows = conn.execute(UNGUARDED if unguarded else BOOKINGS).all()
            taken: dict[str, int] = {row.slot: row.taken for row in conn.execute(TAKEN)}
    seats = {row.id: (row.number, row.slot) for row in rows}
    by_slot, by_person = Counter(row.slot for row in rows), Counter(row.person_key for row in rows)
    won = [answer for answer in answers if answer.code == "ok"]
    return {
        "seed": plan.seed,
        "clicks": plan.clicks,
        "answered": len({answer.key for answer in answers}),
        "sold": len(rows),
        "oversold": sum(max(0, by_slot[slot] - SEATS) for slot in town.slots),
        "with_two": sum(1 for seats_of_one in by_person.values() if seats_of_one > 1),
        "miscounted": 0 if unguarded else sum(1 for slot in town.slots if taken[slot] != by_slot[slot]),
        "told_yes": len(won),
        "told_yes_in_vain": sum(1 for one in won if seats.get(one.booking) != (one.number, one.got)),
        "told_two_things": _told_two_things(answers),
        "invariants_broken": broken,
        "codes": dict(Counter(answer.code for answer in answers)),
        **{f"p{cut}_ms": round(value, 1) for cut, value in _percentiles([answer.ms for answer in answers]).items()},
    }


def faults(found: dict[str, Any]) -> dict[str, Any]:
    """What of the figures is not as it must be: nothing, after a rush in good order."""
    wanted = {
        "answered": found["clicks"],
        "sold": SLOTS * SEATS,
        **dict.fromkeys(("oversold", "with_two", "miscounted", "told_yes_in_vain", "told_two_things"), 0),
        "invariants_broken": [],
    }
    strange = set(found["codes"]) - {"ok", "slot_full"}
    wrong = {name: found[name] for name, value in wanted.items() if found[name] != value}
    return wrong | ({"codes": sorted(strange)} if strange else {})


def _told_two_things(answers: Sequence[Answer]) -> int:
    """Keys under which one process heard a yes and later another answer, and people who heard of two seats."""
    by_key: dict[str, set[tuple[str, str]]] = {}
    by_person: dict[str, set[str]] = {}
    for one in answers:
        by_key.setdefault(one.key, set()).add((one.code, one.booking))
        if one.booking:
            by_person.setdefault(one.number, set()).add(one.booking)
    return sum(len(told) > 1 for told in by_key.values()) + sum(len(seats) > 1 for seats in by_person.values())


def _percentiles(ms: list[float]) -> dict[int, float]:
    cuts = statistics.quantiles(ms, n=100, method="inclusive")
    return {cut: cuts[cut - 1] for cut in (50, 99)}
