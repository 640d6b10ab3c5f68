"""A number of seats over several slots or lanes: evenly, always the same, and never below what each must have."""

from collections.abc import Sequence


def spread(total: int, weights: Sequence[int], floors: Sequence[int]) -> list[int]:
    """`total` in proportion to `weights`, each at least its floor; never more than weight or floor, whichever is more.

    What does not fit under the floors is more than `total`: who has a seat keeps it.
    """
    shares = list(floors)
    loose = [place for place, weight in enumerate(weights) if weight > floors[place]]
    while loose:
        rest = total - sum(share for place, share in enumerate(shares) if place not in set(loose))
        wanted = _even(max(rest, 0), [weights[place] for place in loose])
        short = {place for place, share in zip(loose, wanted, strict=True) if share < floors[place]}
        if not short:
            for place, share in zip(loose, wanted, strict=True):
                shares[place] = share
            break
        loose = [place for place in loose if place not in short]
    return shares


def _even(total: int, weights: Sequence[int]) -> list[int]:
    """By cumulative rounding: the seats lie at equal distances, and none gets more than its weight."""
    whole = sum(weights)
    total = min(total, whole)
    shares, before = [], 0
    for weight in weights:
        after = before + weight
        shares.append((2 * after * total + whole) // (2 * whole) - (2 * before * total + whole) // (2 * whole))
        before = after
    return shares
