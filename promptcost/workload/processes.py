"""Arrival processes: when conversations begin.

A new process is a member of `ArrivalProcess` and its case in `starts`; the workload file, its
schema and the arrivals follow.  Its test compares mean, variance and tail with the closed form.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.random import Generator

    from promptcost.workload._clock import Profile
    from promptcost.workload.distributions import Numbers

_FINEST = 10**9  # bounds the denominator of a spacing, so that products stay in 64 bits


class ArrivalProcess(StrEnum):
    """How conversations begin: evenly spaced, Poisson, or Poisson over a daily profile."""

    CONSTANT = "constant"
    POISSON = "poisson"
    DIURNAL = "diurnal"


def starts(
    process: ArrivalProcess,
    expected: Fraction,
    profile: Profile,
    window: tuple[int, int],
    rng: Generator,
) -> Numbers:
    """Return the instants within a window at which conversations begin, ascending microseconds.

    `expected` is the mean number of conversations in the whole period of the profile.
    """
    match process:
        case ArrivalProcess.CONSTANT:
            return _evenly_spaced(profile.length / expected, window)
        case ArrivalProcess.POISSON | ArrivalProcess.DIURNAL:
            return _poisson(float(expected), profile, window, rng)
        case unknown:
            assert_never(unknown)


def _evenly_spaced(step: Fraction, window: tuple[int, int]) -> Numbers:
    """Return the multiples of a step within a window, each rounded down to a microsecond."""
    import numpy as np  # noqa: PLC0415 - heavy

    step = step.limit_denominator(_FINEST)
    first, stop = -(-window[0] // step), -(-window[1] // step)
    number = np.arange(first, stop, dtype=np.int64)
    whole, rest = divmod(step.numerator, step.denominator)
    return number * whole + number * rest // step.denominator


def _poisson(expected: float, profile: Profile, window: tuple[int, int], rng: Generator) -> Numbers:
    """Return a Poisson process over the profile, by exact inversion of its cumulative rate.

    Given their number, the instants of a Poisson process are independent draws.
    """
    import numpy as np  # noqa: PLC0415 - heavy

    low, high = profile.share(window[0]), profile.share(window[1])
    drawn = np.sort(rng.random(rng.poisson(expected * (high - low))))
    return profile.instants(low + drawn * (high - low))
