"""Lots of a draw: who comes before whom, by a number that nobody could choose and everybody can count again.

All of it is SHA-256 over plain text, so that a shell does it too (`printf '%s' ... | sha256sum`):

    seed_hash = sha256(seed)                             published before anybody may enter
    id        = sha256("<number> <salt>")                one a person; the salt is told to the person alone
    list_hash = sha256("<id> <lot>\\n" for each, by id)   fixed when the window closes
    ticket    = sha256("<seed> <list_hash> <draw> <lot>")
    rank      = the place of the ticket among the tickets of all lots, the smallest first

A family has one lot, the smallest of its ids, so that five people are no five chances of one seat. Neither the order
of entering nor the hour nor the number of tries is in any of it. Whoever knew the seed beforehand could not use it
without knowing the whole list as well, which ends with the last entry (docs/decisions/0013-draw.md).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

Lots = Mapping[str, str]  # each id with its lot


def digest(text: str) -> str:
    """SHA-256 of a text, in 64 hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def entry_id(number: str, salt: str) -> str:
    """The public id of one entry. Without the salt it says nothing of the application; with it, it fits no other."""
    return digest(f"{number} {salt}")


def list_hash(lots: Lots) -> str:
    """The hash of the whole list of entries."""
    return digest("".join(f"{one} {lots[one]}\n" for one in sorted(lots)))


def ticket(seed: str, listed: str, draw: str, lot: str) -> str:
    """The number by which a lot is ranked."""
    return digest(f"{seed} {listed} {draw} {lot}")


def ranks(seed: str, draw: str, lots: Lots) -> dict[str, int]:
    """The rank of each id, from 1; the members of a family share that of their lot."""
    listed = list_hash(lots)
    order = sorted(set(lots.values()), key=lambda lot: ticket(seed, listed, draw, lot))
    place = {lot: rank for rank, lot in enumerate(order, 1)}
    return {one: place[lot] for one, lot in lots.items()}


def differences(draw: Mapping[str, Any]) -> Iterator[str]:
    """What in a published draw is not as it must be, in sentences; none when all of it holds.

    `draw` is the document of `GET /v1/draws/{draw}`. Raises `KeyError` or `TypeError` where it is no such document.
    """
    if draw["seed"] is None:
        yield "the seed is not revealed yet"
        return
    if digest(draw["seed"]) != draw["seed_hash"]:
        yield "the seed is not the one that was committed to: its hash is another"
    entries = {entry["id"]: entry for entry in draw["entries"]}
    if len(entries) != len(draw["entries"]) or len(entries) != draw["count"]:
        yield f"{draw['count']} entered, and {len(entries)} different entries are listed"
    lots = {one: entry["lot"] for one, entry in entries.items()}
    if (counted := list_hash(lots)) != draw["list_hash"]:
        yield f"the list's hash is {counted}, and {draw['list_hash']} is published"
    for one, rank in sorted(ranks(draw["seed"], draw["id"], lots).items()):
        if entries[one]["rank"] != rank:
            yield f"{one} has rank {rank}, and rank {entries[one]['rank']} is published"
    yield from _lots_of_others(lots)
    yield from _passed_over(list(entries.values()))


def _lots_of_others(lots: Lots) -> Iterator[str]:
    """A lot is the smallest id of its family: another one could be sought until it wins."""
    smallest: dict[str, str] = {}
    for one, lot in sorted(lots.items()):
        smallest.setdefault(lot, one)
    for lot, one in smallest.items():
        if lot != one:
            yield f"{one} has the lot {lot}, which is not the smallest id of its family"


def _passed_over(entries: list[Mapping[str, Any]]) -> Iterator[str]:
    """Who came alone, is still in line and wanted a day that somebody of a later rank was given."""
    won = [entry for entry in entries if entry["outcome"] == "won"]
    together = Counter(entry["lot"] for entry in entries)
    for entry in entries:
        if entry["outcome"] != "not_drawn" or together[entry["lot"]] > 1:
            continue
        for other in won:
            if other["rank"] > entry["rank"] and entry["first_day"] <= other["day"] <= entry["last_day"]:
                yield f"{entry['id']} (rank {entry['rank']}) was passed over for {other['id']} (rank {other['rank']})"
                break
