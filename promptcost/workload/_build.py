"""A workload document as a `Workload`: checked, defaults filled in and said in words."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.files.schema import validate
from promptcost.workload._checks import RATES, check
from promptcost.workload._defaults import given
from promptcost.workload._parts import parts_of, zipf_of
from promptcost.workload._schema import WorkloadModel
from promptcost.workload._warnings import faults_of, warnings_of
from promptcost.workload.distributions import Lognormal, Zipf
from promptcost.workload.profiles import HOURS
from promptcost.workload.spec import (
    DAY,
    DEFAULT_OUTPUT,
    FLAT_HOURS,
    FLAT_WEEK,
    MONTH,
    NO_WAIT,
    ONE_TURN,
    ArrivalProcess,
    Conversation,
    Marker,
    Population,
    Traffic,
    Workload,
)

if TYPE_CHECKING:
    from datetime import date

    from promptcost.errors import Problem
    from promptcost.files.yaml import Document
    from promptcost.workload._schema import ConversationModel, PoolModel, ScopeModel, TrafficModel

_ONE = Zipf(size=1)
DEFAULT_WAIT = Lognormal(median=45, sigma=1)


def build(document: Document, folder: Path, start: date) -> tuple[Workload | None, list[Problem]]:
    """Return a document's workload and the problems found; no workload with an error among them.

    Templates and contexts are looked up from `folder`.
    """
    model, problems = validate(WorkloadModel, document)
    problems = [*problems, *check(document)]
    if model is None or problems:
        return None, _in_order(problems)
    workload = _workload(model, document, folder, start)
    faults = list(faults_of(workload, document))
    if faults:
        return None, _in_order(faults)
    return workload, _in_order(list(warnings_of(workload, document)))


def _in_order(problems: list[Problem]) -> list[Problem]:
    unique = dict.fromkeys(problems)
    return sorted(unique, key=lambda problem: (problem.line or 0, problem.column or 0))


def _workload(model: WorkloadModel, document: Document, folder: Path, start: date) -> Workload:
    notes: list[str] = []
    stem = Path(document.path).stem
    output = model.output_tokens
    deploys = model.deploys_per_month
    return Workload(
        name=given(model.name, stem, notes, f"name {stem!r}, from the file's"),
        period=given(model.period, MONTH, notes, "a period of 30 days"),
        traffic=_traffic(model.traffic, start, notes),
        population=_population(model.scope, notes),
        prompt=parts_of(model, folder, notes),
        conversation=_conversation(model.conversation, notes),
        output_tokens=given(output, DEFAULT_OUTPUT, notes, "300 output tokens per answer"),
        deploys_per_month=given(deploys, Decimal(0), notes, "no deploys within the period"),
        markers=tuple(Marker(after=marker.after, ttl=marker.ttl) for marker in model.markers),
        targets=tuple(model.targets),
        uncertainty=tuple((_input(name), share) for name, share in model.uncertainty.items()),
        usd_per_month=model.budget.usd_per_month if model.budget else None,
        seed=given(model.seed, 0, notes, "seed 0"),
        defaults_used=tuple(notes),
        origin=document,
    )


def _input(name: str) -> str:
    return "requests_per_day" if name in RATES else name


def _traffic(model: TrafficModel, start: date, notes: list[str]) -> Traffic:
    process = given(model.arrivals, ArrivalProcess.POISSON, notes, "Poisson arrivals")
    hours, weekdays = model.diurnal or FLAT_HOURS, model.weekdays or FLAT_WEEK
    if process is ArrivalProcess.DIURNAL:
        hours = given(model.diurnal, HOURS["office_hours"], notes, "the profile office_hours")
    elif process is ArrivalProcess.POISSON and (hours, weekdays) != (FLAT_HOURS, FLAT_WEEK):
        process = ArrivalProcess.DIURNAL
    return Traffic(
        process=process,
        requests_per_day=_per_day(model),
        hours=hours,
        weekdays=weekdays,
        timezone=given(model.timezone, "UTC", notes, "time zone UTC"),
        start=given(model.start, start, notes, f"a period that starts on {start}"),
    )


def _per_day(model: TrafficModel) -> Decimal:
    """Return the requests per day; the checks have seen that exactly one rate is given."""
    if model.requests_per_hour is not None:
        return model.requests_per_hour * 24
    if model.requests_per_month is not None:
        return model.requests_per_month / (MONTH // DAY)
    return model.requests_per_day or Decimal(0)


def _population(model: ScopeModel, notes: list[str]) -> Population:
    tenants = _ONE if model.tenants is None else _group(model.tenants)
    users = Zipf(size=tenants.size) if model.users is None else _group(model.users)
    if model.tenants is None:
        notes.append("one tenant")
    if model.users is None:
        notes.append("one user" if users.size == 1 else f"{users.size} users, one in each tenant")
    workspaces = given(model.workspaces, 1, notes, "one workspace")
    return Population(tenants=tenants, users=users, workspaces=workspaces)


def _group(model: int | PoolModel) -> Zipf:
    return Zipf(size=model) if isinstance(model, int) else zipf_of(model)


def _conversation(model: ConversationModel, notes: list[str]) -> Conversation:
    turns = given(model.turns, ONE_TURN, notes, "one request per conversation")
    if turns == ONE_TURN:
        return Conversation(turns=turns, think_time=model.think_time or NO_WAIT)
    words = "a log-normal 45 s (sigma 1) from one request of a conversation to the next"
    return Conversation(turns=turns, think_time=given(model.think_time, DEFAULT_WAIT, notes, words))
