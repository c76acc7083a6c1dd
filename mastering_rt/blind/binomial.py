"""What guessing does: exact binomial figures for a coin that falls either way, in whole numbers until the last division."""
from fractions import Fraction
from math import comb

LEVEL = Fraction(1, 20)          # under this a result is called more than chance


def at_least(hits: int, of: int) -> Fraction:
    """Probability of `hits` or more in `of` tosses."""
    if not 0 <= hits <= of:
        raise ValueError(f"there cannot be {hits} hits in {of} trials")
    return Fraction(sum(comb(of, k) for k in range(hits, of + 1)), 2 ** of)


def as_uneven(hits: int, of: int) -> Fraction:
    """Probability of a split at least as uneven, whichever side gains: the two-sided figure."""
    return min(Fraction(1), 2 * at_least(max(hits, of - hits), of))


def shares(of: int) -> tuple[Fraction, ...]:
    """Probability of 0, 1, ... `of` hits."""
    return tuple(Fraction(comb(of, k), 2 ** of) for k in range(of + 1))


def least_hits(of: int) -> int | None:
    """The fewest hits that guessing reaches in under 5 % of tests; None where even all would not be enough."""
    return next((hits for hits in range(of + 1) if at_least(hits, of) < LEVEL), None)


def least_majority(of: int) -> int | None:
    """The smallest majority so uneven that chance gives it, on either side, in under 5 % of tests; None where there is none."""
    return next((hits for hits in range((of + 1) // 2, of + 1) if as_uneven(hits, of) < LEVEL), None)
