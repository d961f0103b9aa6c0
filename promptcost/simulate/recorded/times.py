"""When replayed requests come: as recorded where all have a time, else as the workload says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from promptcost.model.audit_report import Clocking
from promptcost.simulate.money import Scale
from promptcost.simulate.tariff import start_of
from promptcost.workload.arrivals import arrivals

if TYPE_CHECKING:
    from promptcost.simulate.recorded.tape import Tape
    from promptcost.workload.spec import Workload

_ARRIVALS_STREAM = 1
_MICROSECOND = timedelta(microseconds=1)
_DIGITS = Decimal("0.000000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Microseconds of each request since `start`, and what makes their cost that of the period."""

    times: Sequence[int]
    start: datetime
    clocking: Clocking
    scale: Scale


def schedule(tape: Tape, workload: Workload) -> Schedule:
    """Return when the requests of a tape come; at least one is there."""
    share = (workload.expected_requests / len(tape.takes)).quantize(_DIGITS)
    recorded = [take.time for take in tape.takes if take.time is not None]
    if len(recorded) == len(tape.takes):
        start = min(recorded)
        times = [(time - start) // _MICROSECOND for time in recorded]
        clocking = Clocking.RECORDED
    else:
        start, times, clocking = start_of(workload), _drawn(tape, workload), Clocking.WORKLOAD
    length = max(times) * _MICROSECOND
    time = Decimal(workload.period / length).quantize(_DIGITS) if length else share
    return Schedule(
        times=times, start=start, clocking=clocking, scale=Scale(requests=share, time=time)
    )


def _drawn(tape: Tape, workload: Workload) -> list[int]:
    """Return the first arrivals of the workload; a period that has too few is repeated."""
    import numpy as np  # noqa: PLC0415 - heavy

    wanted = len(tape.takes)
    rng = np.random.default_rng([workload.seed, _ARRIVALS_STREAM])
    drawn = arrivals(workload, rng, limit=wanted)
    came = drawn.time_us.tolist() or [0]
    length = max(drawn.window_us[1], came[-1] + 1)
    return [came[n % len(came)] + n // len(came) * length for n in range(wanted)]
