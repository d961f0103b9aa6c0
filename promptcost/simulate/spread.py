"""The interval of a cost: what the declared uncertainty of the inputs makes of it.

Each replicate draws the inputs, replays a short window of the traffic at every target under the
same random numbers as the undrawn workload, and the ratio of the two costs of the window scales the
cost of the full run.  The ratio cancels what is particular to the window; that it carries over to
the whole period is the approximation made here.  Arrival noise is not part of the interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import NormalDist
from typing import TYPE_CHECKING, cast

from promptcost.model.simulation_report import Percentiles
from promptcost.simulate.layout import declared_again
from promptcost.simulate.money import Scale, monthly_cost
from promptcost.simulate.stall import play_all
from promptcost.workload.arrivals import arrivals
from promptcost.workload.uncertainty import draw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.random import Generator

    from promptcost.simulate.stall import Stall
    from promptcost.workload.spec import Workload

WINDOW = 100  # requests expected in the window of one replicate
FEWEST = 20  # a smaller window could hold no request at all
_ROOM = 4  # a drawn volume hardly ever falls below a quarter, so windows hold equally many requests
_ARRIVALS_STREAM, _DRAWS_STREAM = 1, 2
_DIGITS = Decimal("0.000001")
_POINTS = (0.05, 0.5, 0.95)
_ITERATIONS = 60  # of a contraction by at least 2: beyond double precision
_NORMAL = NormalDist()
_TINY = 1e-9  # the normal law has no value at 0 and 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The drawn costs over the undrawn one, and the factors by which inputs were drawn."""

    ratios: tuple[float, ...]
    factors: Mapping[str, tuple[float, ...]]

    def percentiles(self, cost: Decimal) -> Percentiles:
        """Return the percentiles of a cost that varies by these ratios."""
        import numpy as np  # noqa: PLC0415 - heavy

        p5, p50, p95 = (
            cost * Decimal(float(point)).quantize(_DIGITS)
            for point in np.quantile(self.ratios, _POINTS)
        )
        return Percentiles(p5=p5, p50=p50, p95=p95, replicates=len(self.ratios))

    def dominant(self) -> str:
        """Return the input whose draws order the costs most closely (rank correlation)."""
        if len(self.factors) == 1 or len(set(self.ratios)) == 1:
            return next(iter(self.factors)) if len(set(self.ratios)) > 1 else ""
        return max(self.factors, key=lambda name: abs(_rank_correlation(self, name)))


def spreads(
    workload: Workload,
    stalls: Sequence[Stall],
    *,
    seed: int,
    replicates: int,
    progress: Callable[[int], None],
) -> list[Spread | None]:
    """Return the spread of every target; None where the window cost nothing."""
    import numpy as np  # noqa: PLC0415 - heavy

    rng = np.random.default_rng([seed, _DRAWS_STREAM])
    even = cast("Generator", EvenNormals(rng, len(workload.uncertainty)))
    limit = min(WINDOW, max(FEWEST, int(workload.expected_requests) // _ROOM))
    base = _window_costs(workload, stalls, seed, limit)
    draws: list[dict[str, float]] = []
    ratios: list[list[float]] = [[] for _ in stalls]
    for done in range(replicates):
        progress(done)
        drawn, factors = draw(workload, even)
        draws.append(factors)
        for kept, cost, undrawn in zip(
            ratios, _window_costs(drawn, stalls, seed, limit), base, strict=True
        ):
            if undrawn:
                kept.append(float(cost / undrawn))
    columns = {name: tuple(factors[name] for factors in draws) for name in draws[0]}
    return [Spread(ratios=tuple(kept), factors=columns) if kept else None for kept in ratios]


class EvenNormals:
    """Standard normal numbers for replicates of some inputs, spread evenly over their joint range.

    The additive recurrence u_n = s + n·a (mod 1), with a_j the j-th negative power of the root g of
    g^(d+1) = g + 1 for d inputs (the R sequence) and s drawn at random: percentiles of a hundred
    such replicates are as steady as those of several hundred independent ones.
    """

    def __init__(self, rng: Generator, inputs: int) -> None:
        """Draw where the sequence begins."""
        root = 2.0
        for _ in range(_ITERATIONS):
            root = (1 + root) ** (1 / (inputs + 1))
        self._steps = [root ** -(number + 1) for number in range(inputs)]
        self._points = [float(start) for start in rng.random(inputs)]
        self._next = 0

    def standard_normal(self) -> float:
        """Return the next number."""
        at = self._next
        self._next = (at + 1) % len(self._points)
        self._points[at] = (self._points[at] + self._steps[at]) % 1.0
        return _NORMAL.inv_cdf(min(max(self._points[at], _TINY), 1 - _TINY))


def _window_costs(
    workload: Workload, stalls: Sequence[Stall], seed: int, limit: int
) -> list[Decimal]:
    import numpy as np  # noqa: PLC0415 - heavy

    window = arrivals(workload, np.random.default_rng([seed, _ARRIVALS_STREAM]), limit=limit)
    drawn = [replace(one, layout=declared_again(one.layout, workload)) for one in stalls]
    results = play_all(workload, window, drawn, seed, lambda _: None)
    scale = Scale(window.scale, window.scale)
    return [monthly_cost(result, workload, scale).total for result in results]


def _rank_correlation(spread: Spread, name: str) -> float:
    """Return Spearman's coefficient up to a factor; draws are continuous, so no ties."""
    import numpy as np  # noqa: PLC0415 - heavy

    columns = (spread.ratios, spread.factors[name])
    ours, theirs = (np.argsort(np.argsort(column)) for column in columns)
    middle = (len(ours) - 1) / 2
    return float(np.dot(ours - middle, theirs - middle))
