"""Bounds of one compile or render, counted in the code that runs.

Two lines of defence.  Generated code calls `tick` in every loop iteration and every call, which
works in any thread on any system and stops loops that print nothing.  Where the platform has
interval timers and the caller is the main thread, an alarm also stops Python code inside a filter.
Work done in one step of C (a power, a padding) is refused beforehand by the guards.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager, nullcontext
from functools import cached_property
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from promptcost.templates.settings import Limits

_CHECK_EVERY = 64  # ticks between looks at the clock
_SOON = 0.001  # seconds; a timer that is set to none would never ring


class LimitReached(BaseException):
    """A render went beyond a bound; the message names the bound."""


class Budget:
    """What one render has left."""

    def __init__(self, limits: Limits, seed: int = 0) -> None:
        self.limits = limits
        self.seed = seed
        self._work = limits.work_chars
        self._ticks = 0
        self._deadline = limits.clock() + limits.seconds

    @cached_property
    def random(self) -> Random:
        """The chance of this render, the same for the same seed."""
        return Random(self.seed)  # noqa: S311 - for templates, not for secrets

    def tick(self) -> None:
        """Count one step.  Raises LimitReached after the deadline."""
        self._ticks += 1
        if self._ticks % _CHECK_EVERY == 0 and self.limits.clock() > self._deadline:
            self.expire()

    def expire(self) -> NoReturn:
        """Raise LimitReached for the time."""
        message = f"runs longer than {self.limits.seconds:g} s"
        raise LimitReached(message)

    def spend(self, chars: int) -> None:
        """Count characters made.  Raises LimitReached for one huge text, or for many large ones."""
        self._work -= chars
        if chars > self.limits.output_chars or self._work < 0:
            message = f"makes text of more than {self.limits.output_chars} characters"
            raise LimitReached(message)

    def hold(self, items: int) -> None:
        """Check the length of a list.  Raises LimitReached."""
        if items > self.limits.items:
            message = f"makes a list of more than {self.limits.items} items"
            raise LimitReached(message)

    @contextmanager
    def alarm(self) -> Iterator[None]:
        """Interrupt the block shortly after the deadline, where the platform can."""
        if not _held:
            with alarms() as possible, self.alarm() if possible else nullcontext():
                yield
            return
        if _ringing or threading.current_thread() is not threading.main_thread():
            yield
            return
        ends = monotonic() + self.limits.seconds * 1.1 + 0.01
        _ringing.append((self, ends))
        if not _set or _set[0] > ends:
            _wake_at(ends)
        try:
            yield
        finally:
            _ringing.clear()


_ringing: list[tuple[Budget, float]] = []  # the one that runs, and when it is interrupted
_set: list[float] = []  # when the timer of this process rings, which takes a system call to change
_held: list[bool] = []  # whether the signal is ours, while it is


@contextmanager
def alarms() -> Iterator[bool]:
    """Take the alarm signal, and say whether it could be had; around many renders it costs once.

    Only the main thread gets it, on platforms that have it, and nothing else may be using it.
    """
    in_main = threading.current_thread() is threading.main_thread()
    if _held or not in_main or not hasattr(signal, "setitimer") or _is_taken():
        yield in_main and bool(_held)
        return
    _held.append(True)
    before = signal.signal(signal.SIGALRM, _ring)
    try:
        yield True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        _set.clear()
        signal.signal(signal.SIGALRM, before)
        _held.clear()


def _is_taken() -> bool:
    waiting, _ = signal.getitimer(signal.ITIMER_REAL)
    return signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL or waiting > 0


def _wake_at(moment: float) -> None:
    _set[:] = [moment]
    signal.setitimer(signal.ITIMER_REAL, max(moment - monotonic(), _SOON))


def _ring(_number: int, _frame: FrameType | None) -> None:
    """Interrupt what runs when its time is over; the timer may have been set for an earlier one."""
    _set.clear()
    if not _ringing:
        return
    budget, ends = _ringing[0]
    if monotonic() >= ends:
        budget.expire()
    _wake_at(ends)
