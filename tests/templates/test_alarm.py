"""The timer that stops a render in the middle of one step, set as seldom as it can be."""

from __future__ import annotations

import signal
import time
from dataclasses import replace

import pytest

from promptcost.templates import Limits
from promptcost.templates._budget import Budget, LimitReached, alarms

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no interval timers")


def budget(seconds):
    return Budget(replace(Limits(), seconds=seconds))


def wait():
    end = time.monotonic() + 20
    while time.monotonic() < end:
        pass


def test_block_is_interrupted_in_the_middle_of_a_step():
    with pytest.raises(LimitReached), budget(0.05).alarm():
        wait()


def test_timer_of_an_earlier_block_does_not_interrupt_a_later_one():
    with alarms():
        with budget(0.05).alarm():
            pass
        start = time.monotonic()
        with pytest.raises(LimitReached), budget(0.4).alarm():
            wait()
        assert time.monotonic() - start >= 0.4


def test_block_with_less_time_is_interrupted_before_the_timer_of_an_earlier_one():
    with alarms():
        with budget(60).alarm():
            pass
        start = time.monotonic()
        with pytest.raises(LimitReached), budget(0.05).alarm():
            wait()
        assert time.monotonic() - start < 10


def test_timer_between_two_blocks_interrupts_nothing():
    with alarms():
        with budget(0.02).alarm():
            pass
        end = time.monotonic() + 0.1
        while time.monotonic() < end:
            pass
        with budget(5).alarm():
            pass


def test_nothing_is_left_behind():
    with alarms(), budget(60).alarm():
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
