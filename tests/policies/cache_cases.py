"""Specs with plain knobs, hand-made requests, and a play that keeps every charge."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from promptcost.catalogue.spec import (
    BlocksSpec,
    BreakpointSpec,
    HandleSpec,
    IncrementSpec,
    Isolation,
    Knob,
    UnitSpec,
)
from promptcost.model.prompt import Block, Breakpoint, Prefix, Request, Role
from promptcost.policies import EventKind, make_policy

SECOND = 1_000_000
MINUTE = 60 * SECOND
FIVE_MINUTES = timedelta(minutes=5)
HOUR = timedelta(hours=1)
NEVER = timedelta(days=36_500)
ROOT = Prefix.root("model")


def _knobs(values):
    return {name: Knob(value) for name, value in values.items()}


def breakpoint_spec(**changes):
    values = {
        "ttl": FIVE_MINUTES,
        "min_tokens": 0,
        "max_breakpoints": 4,
        "lookback": 20,
        "refreshed_by_use": True,
        "readable_after": timedelta(0),
        "automatic_tail": False,
        "writes_billed_as_input": False,
        "isolation": Isolation.WORKSPACE,
    }
    return BreakpointSpec(**_knobs(values | changes))


def increment_spec(**changes):
    values = {
        "min_tokens": 1_024,
        "step": 128,
        "idle_ttl": timedelta(minutes=10),
        "max_age": None,
        "requests_per_minute_per_key": None,
        "placement_probability": 1.0,
        "readable_after": timedelta(0),
        "isolation": Isolation.ORGANIZATION,
    }
    return IncrementSpec(**_knobs(values | changes))


def unit_spec(**changes):
    values = {
        "min_tokens": 64,
        "step": 64,
        "idle_ttl": timedelta(hours=4),
        "readable_after": timedelta(0),
        "isolation": Isolation.USER,
    }
    return UnitSpec(**_knobs(values | changes))


def handle_spec(**changes):
    values = {
        "ttl": HOUR,
        "min_tokens": 2_048,
        "extended_by_use": False,
        "readable_after": timedelta(0),
        "isolation": Isolation.ORGANIZATION,
    }
    return HandleSpec(**_knobs(values | changes))


def blocks_spec(blocks, size=16):
    capacity = None if blocks is None else blocks * size
    values = {
        "block_tokens": size,
        "capacity_tokens": capacity,
        "isolation": Isolation.ORGANIZATION,
    }
    return BlocksSpec(**_knobs(values))


def chain(*parts, root=ROOT):
    """Return the chain of (text, tokens) parts; an ``a:`` before the text is the assistant's."""
    return root.extend_all(
        Block.of(Role.ASSISTANT if text.startswith("a:") else Role.USER, text.encode(), tokens)
        for text, tokens in parts
    )


def request(at, prefix, *marks, output=0):
    """Return a request at a time in microseconds with marks at (depth, lifetime or None)."""
    return Request(
        time_us=at,
        prefix=prefix,
        output_tokens=output,
        breakpoints=tuple(
            Breakpoint(prefix=prefix.at(depth), ttl=ttl, name=f"mark {depth}")
            for depth, ttl in marks
        ),
    )


def _by_lifetime(writes):
    totals = {}
    for ttl, tokens in writes:
        totals[ttl] = totals.get(ttl, 0) + tokens
    return totals


class Played:
    """What a policy did with some requests, one entry per request."""

    def __init__(self, spec, requests, end_us=None, rng=None):
        self.policy = make_policy(spec, rng or Random(0))  # noqa: S311 - no secret
        self.charges, self.events = [], []
        for one in requests:
            self.serve(one)
        self.closing = self.policy.finish(end_us) if end_us is not None else None

    def serve(self, one):
        match = self.policy.find(one, one.time_us)
        self.charges.append(self.policy.charge(one, match))
        self.events.append(self.policy.commit(one, match))

    @property
    def reads(self):
        return [charge.read for charge in self.charges]

    @property
    def writes(self):
        return [_by_lifetime(charge.writes) for charge in self.charges]

    @property
    def uncached(self):
        return [charge.uncached for charge in self.charges]

    def kinds(self, index):
        return [event.kind for event in self.events[index]]

    def count(self, kind: EventKind):
        return sum(event.kind is kind for events in self.events for event in events)
