"""Of so many rounds, so many won: what chance says to that."""

from collections.abc import Sequence
from math import exp, lgamma, log, sqrt

Z = 1.959964  # 95 %


def interval(won: int, rounds: int) -> tuple[float, float]:
    """Wilson's interval of 95 % of a share."""
    share, square = won / rounds, Z * Z / rounds
    middle, half = share + square / 2, Z * sqrt(share * (1 - share) / rounds + square / (4 * rounds))
    return max(0.0, (middle - half) / (1 + square)), min(1.0, (middle + half) / (1 + square))


def at_least(won: int, rounds: int, chance: float) -> float:
    """How probable so many wins or more are, by chance alone (the binomial's upper tail)."""
    return min(1.0, sum(exp(_log_of(each, rounds, chance)) for each in range(won, rounds + 1)))


def unevenness(places: Sequence[int], of: int, buckets: int = 10) -> float:
    """Chi square of where winners stood in a list, by tenths of it; 9 degrees of freedom for ten tenths."""
    counts = [0] * buckets
    for place in places:
        counts[place * buckets // of] += 1
    expected = len(places) / buckets
    return sum((count - expected) ** 2 / expected for count in counts)


def _log_of(won: int, rounds: int, chance: float) -> float:
    ways = lgamma(rounds + 1) - lgamma(won + 1) - lgamma(rounds - won + 1)
    return ways + won * log(chance) + (rounds - won) * log(1 - chance)
