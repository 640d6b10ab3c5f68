"""Lots of a draw: the same for everybody who counts them, and by nothing that anybody could choose."""

import hashlib
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from workflows.case import lots

DRAW = "6f6b3a3e-6a6b-4f0e-9a55-0b8f4c3f0a11"
SEED = "5eed" * 16


def list_of(count: int, random: Random | None = None) -> dict[str, str]:
    """Entries, each its own lot."""
    random = random or Random(1)
    ids = [lots.entry_id(f"{10**15 + place}", f"{random.getrandbits(128):032x}") for place in range(count)]
    return {one: one for one in ids}


def published(count: int = 6, **changes: Any) -> dict[str, Any]:
    """A draw as it is published: three of six got seats."""
    listed = list_of(count)
    ranks = lots.ranks(SEED, DRAW, listed)
    entries = [
        {
            "id": one,
            "lot": one,
            "rank": rank,
            "first_day": "2027-06-14",
            "last_day": "2027-06-18",
            "outcome": "won" if rank <= 3 else "not_drawn",
            "day": "2027-06-15" if rank <= 3 else None,
        }
        for one, rank in ranks.items()
    ]
    entries.sort(key=lambda entry: str(entry["id"]))
    about = {"id": DRAW, "seed": SEED, "seed_hash": lots.digest(SEED), "list_hash": lots.list_hash(listed)}
    return {**about, "count": count, "entries": entries, **changes}


def test_it_is_sha_256_of_plain_text() -> None:
    one = hashlib.sha256(b"1171000000000001 00ff").hexdigest()
    assert lots.entry_id("1171000000000001", "00ff") == one
    listed = hashlib.sha256(f"{one} {one}\n".encode()).hexdigest()
    assert lots.list_hash({one: one}) == listed
    assert lots.ticket(SEED, listed, DRAW, one) == hashlib.sha256(f"{SEED} {listed} {DRAW} {one}".encode()).hexdigest()


def test_the_order_of_entering_has_no_influence() -> None:
    listed = list_of(50)
    backwards = dict(reversed(listed.items()))
    assert lots.ranks(SEED, DRAW, listed) == lots.ranks(SEED, DRAW, backwards)
    assert sorted(lots.ranks(SEED, DRAW, listed).values()) == list(range(1, 51))


def test_one_more_entry_is_another_order() -> None:
    listed = list_of(50)
    more = {**listed, **list_of(1, Random(2))}
    before, after = lots.ranks(SEED, DRAW, listed), lots.ranks(SEED, DRAW, more)
    moved = [one for one in listed if before[one] != after[one]]
    assert len(moved) > 40  # whoever knows the seed and not the last entry knows nothing


def test_a_family_has_one_lot() -> None:
    single = sorted(list_of(4))
    listed = {**dict.fromkeys(single[:3], single[0]), single[3]: single[3]}
    ranks = lots.ranks(SEED, DRAW, listed)
    assert {ranks[one] for one in single[:3]} | {ranks[single[3]]} == {1, 2}
    assert len({ranks[one] for one in single[:3]}) == 1


def test_each_has_the_same_chance() -> None:
    """The first rank falls on each of ten people alike: chi square of 9 degrees, 99.9999 % below 43.0."""
    listed, first = list_of(10), dict.fromkeys(list_of(10), 0)
    random = Random(20270614)
    for _ in range(5000):
        ranks = lots.ranks(f"{random.getrandbits(256):064x}", DRAW, listed)
        first[next(one for one, rank in ranks.items() if rank == 1)] += 1
    assert sum((count - 500) ** 2 / 500 for count in first.values()) < 43.0


def test_what_holds_has_no_difference() -> None:
    assert list(lots.differences(published())) == []


def test_before_the_seed_is_known_there_is_nothing_to_count() -> None:
    assert list(lots.differences(published(seed=None))) == ["the seed is not revealed yet"]


def changed(place: int, **changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda draw: draw["entries"][place].update(changes)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda draw: draw.update(seed="0" * 64), "the seed is not the one that was committed to"),
        (lambda draw: draw.update(count=7), "7 entered, and 6 different entries are listed"),
        (lambda draw: draw["entries"].pop(), "6 entered, and 5 different entries are listed"),
        (lambda draw: draw["entries"].append(draw["entries"][0]), "6 entered, and 6 different entries are listed"),
        (changed(0, id="f" * 64), "the list's hash is"),
        (changed(2, rank=77), "and rank 77 is published"),
        (lambda draw: draw["entries"][0].update(lot=draw["entries"][1]["id"]), "which is not the smallest id"),
    ],
)
def test_each_change_is_named(change: Callable[[dict[str, Any]], None], said: str) -> None:
    draw = published()
    change(draw)
    assert any(said in sentence for sentence in lots.differences(draw))


def test_who_was_passed_over_is_named() -> None:
    draw = published()
    first = next(entry for entry in draw["entries"] if entry["rank"] == 1)
    first.update(outcome="not_drawn", day=None)
    (said,) = lots.differences(draw)
    assert said.startswith(f"{first['id']} (rank 1) was passed over for ")


@pytest.mark.parametrize("changes", [{"outcome": "left"}, {"outcome": "skipped"}, {"last_day": "2027-06-14"}])
def test_who_did_not_want_that_day_was_not_passed_over(changes: dict[str, Any]) -> None:
    draw = published()
    first = next(entry for entry in draw["entries"] if entry["rank"] == 1)
    first.update({"outcome": "not_drawn", "day": None, **changes})
    assert list(lots.differences(draw)) == []


def test_a_family_that_found_no_room_together_was_not_passed_over() -> None:
    draw = published()
    listed = {entry["id"]: entry["lot"] for entry in draw["entries"]}
    pair = sorted(listed)[:2]
    listed[pair[1]] = pair[0]
    ranks = lots.ranks(SEED, DRAW, listed)
    for entry in draw["entries"]:
        in_pair = entry["id"] in pair
        entry.update(lot=listed[entry["id"]], rank=ranks[entry["id"]], outcome="not_drawn" if in_pair else "won")
        entry.update(day=None if in_pair else "2027-06-15")
    draw.update(list_hash=lots.list_hash(listed))
    assert list(lots.differences(draw)) == []
