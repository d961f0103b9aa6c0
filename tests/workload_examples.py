"""Workloads for tests: a small one, changed where a test needs it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from promptcost.model.prompt import Role
from promptcost.model.stability import Audience, Clock, Stability
from promptcost.workload.distributions import Constant, Exponential, Geometric, Zipf
from promptcost.workload.spec import (
    ArrivalProcess,
    Conversation,
    Part,
    Population,
    Traffic,
    Workload,
)

MONDAY = date(2026, 11, 2)


def part(name: str, word: str = "static", tokens: float = 100, **changes: Any) -> Part:
    """A part of that stability; the role does not matter."""
    stability = Stability.parse(word)
    made = Part(name=name, role=Role.USER, tokens=Constant(value=tokens), stability=stability)
    return replace(made, **changes)


def history(*keeps: str) -> Part:
    """The part that grows with the conversation."""
    turn = Stability(audience=Audience.TURN)
    return Part(name="history", role=Role.USER, stability=turn, keeps=keeps)


def traffic(per_day: float = 240, **changes: Any) -> Traffic:
    """Poisson arrivals in UTC from a Monday."""
    made = Traffic(
        process=ArrivalProcess.POISSON, requests_per_day=Decimal(str(per_day)), start=MONDAY
    )
    return replace(made, **changes)


def workload(*prompt: Part, per_day: float = 240, days: float = 30, **changes: Any) -> Workload:
    """A workload of single requests from one user."""
    made = Workload(
        name="example",
        period=timedelta(days=days),
        traffic=traffic(per_day),
        prompt=prompt or (part("system"), part("question", "request")),
    )
    return replace(made, **changes)


def talks(turns: float = 4, wait: float = 60) -> Conversation:
    """Geometric turns with exponential gaps in seconds."""
    return Conversation(turns=Geometric(mean=turns), think_time=Exponential(mean=wait))


def people(tenants: int = 3, users: int = 10, workspaces: int = 1) -> Population:
    """Equally active tenants and users."""
    return Population(tenants=Zipf(size=tenants), users=Zipf(size=users), workspaces=workspaces)


MINUTE = Stability(clock=Clock.MINUTE)
SECOND = Stability(clock=Clock.SECOND)
