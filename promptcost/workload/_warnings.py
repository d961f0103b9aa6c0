"""What is wrong or doubtful about a workload as a whole, once every value is sound."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.errors import Level
from promptcost.model.stability import Audience

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.errors import Problem
    from promptcost.files.yaml import Document
    from promptcost.workload.spec import Part, Traffic, Workload

MOST_REQUESTS = 10_000_000_000
FEWEST_CONVERSATIONS = 30

_HOUR = timedelta(hours=1)
_HOURS_OF_WEEK = 168


def faults_of(workload: Workload, document: Document) -> Iterator[Problem]:
    """Yield what makes the workload unusable."""
    if workload.expected_requests > MOST_REQUESTS:
        message = f"the period has more than {MOST_REQUESTS:,} requests"
        yield document.problem(("traffic",), message, "take fewer requests or a shorter period")
    if not _has_traffic(workload.traffic, hours=-(-workload.period // _HOUR)):
        message = "the weights of hours and weekdays leave the period without traffic"
        yield document.problem(("traffic",), message, "take a longer period or other weights")
    for index, part in enumerate(workload.prompt):
        yield from _missing_files(document, ("prompt", index), part)


def _has_traffic(traffic: Traffic, hours: int) -> bool:
    first = traffic.start.weekday()
    return any(
        traffic.weekdays[(first + hour // 24) % 7] * traffic.hours[hour % 24]
        for hour in range(min(hours, _HOURS_OF_WEEK))
    )


def _missing_files(
    document: Document, place: tuple[str | int, ...], part: Part
) -> Iterator[Problem]:
    if part.template is None:
        return
    for key, name in (("template", part.template.path), ("context", part.template.context)):
        if name is not None and not _is_file(Path(name)):
            at = (*place, key) if (*place, key) in document.places else (key,)
            yield document.problem(at, f"no such file: {name[:200]}", "check the path")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long for the file system
        return False


def warnings_of(workload: Workload, document: Document) -> Iterator[Problem]:
    """Yield what makes its figures doubtful."""
    for problem in _doubts(workload, document):
        yield replace(problem, level=Level.WARNING)


def _doubts(workload: Workload, document: Document) -> Iterator[Problem]:
    turns = workload.conversation.mean_turns
    if float(workload.expected_requests) / turns < FEWEST_CONVERSATIONS:
        message = f"fewer than {FEWEST_CONVERSATIONS} conversations in the period: mostly chance"
        yield document.problem(("traffic",), message, "take a longer period")
    if turns > 1 and workload.history is None:
        message = "conversations have several turns, but the prompt has no history"
        repair = "add the part {name: history, stability: turn}"
        yield document.problem(("conversation",), message, repair)
    people = workload.population
    members = {Audience.TENANT: people.tenants.size, Audience.USER: people.users.size}
    for index, part in enumerate(workload.prompt):
        for audience in sorted(_audiences(part)):
            if members.get(audience) == 1:
                message = f"{part.name} varies by {audience}, but there is only one {audience}"
                repair = f"add scope: {{{audience}s: ...}}"
                yield document.problem(("prompt", index), message, repair)


def _audiences(part: Part) -> set[Audience]:
    variables = part.template.variables if part.template else ()
    return {part.stability.audience, *(stability.audience for _, stability in variables)}
