"""Makes findings of sightings: what repeats in a file is said once, with how often it was seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from promptcost.model.finding import Finding, Related, Severity
from promptcost.model.span import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.audit.series.place import Locator
    from promptcost.rules.requests import RequestRule, Sighting
    from promptcost.wire import WireRequest

MOST = 200  # findings of one file that are spelled out
_RARE = 20  # pairs of which fewer than one in so many show a cause make it rare


# A rule's code, the number of a program, and what the rule says makes a sighting the same.
Cause = tuple[str, int, str]


@dataclass(slots=True)
class _Found:
    finding: Finding
    times: int = 1
    last_line: int = 0


class Gatherer:
    """Collects the sightings of one file."""

    def __init__(self, locator: Locator) -> None:
        """Start empty; places are looked up when a cause is first seen."""
        self._locator = locator
        self._found: dict[Cause, _Found] = {}
        self.hidden = 0

    def add(self, rule: RequestRule, program: int, sighting: Sighting) -> None:
        """Take up a sighting of a rule in a program."""
        key = (rule.code, program, sighting.key)
        known = self._found.get(key)
        line = sighting.where.line
        if known is not None:
            known.times += 1
            known.last_line = max(line, known.last_line)
            known.finding = _worse(known.finding, sighting)
        elif len(self._found) >= MOST:
            self.hidden += 1
        else:
            self._found[key] = _Found(self._finding(rule, sighting), last_line=line)

    def findings(self, requests: int) -> dict[Cause, Finding]:
        """Return one finding per cause; one seen in few of many requests weighs one grade less."""
        return dict(self._findings(requests))

    def _findings(self, requests: int) -> Iterator[tuple[Cause, Finding]]:
        for cause, found in self._found.items():
            finding = found.finding
            if found.times > 1:
                more = f"seen {found.times} times up to line {found.last_line}"
                finding = replace(finding, message=f"{finding.message}; {more}")
            if finding.tokens_at_risk is not None and found.times * _RARE < requests:
                lower = Severity(max(finding.severity - 1, Severity.NOTE))
                finding = replace(finding, severity=lower)
            yield cause, finding

    def _finding(self, rule: RequestRule, sighting: Sighting) -> Finding:
        against = sighting.against
        return Finding(
            code=rule.code,
            name=rule.name,
            severity=sighting.severity,
            confidence=sighting.confidence,
            place=self._locator.place(sighting.where, sighting.json_path),
            message=sighting.message,
            help=sighting.repair,
            expression=sighting.json_path,
            tokens_at_risk=sighting.lost,
            related=() if against is None else (_compared(against),),
            excerpt=sighting.excerpt,
        )


def _worse(finding: Finding, sighting: Sighting) -> Finding:
    """Return a finding with the highest grade and the largest loss seen so far."""
    lost = finding.tokens_at_risk
    if lost is not None and sighting.lost is not None and sighting.lost.value > lost.value:
        finding = replace(finding, tokens_at_risk=sighting.lost)
    return replace(finding, severity=max(finding.severity, sighting.severity))


def _compared(request: WireRequest) -> Related:
    line = request.line
    place = Place(path=request.source, start_line=line, start_column=1, end_line=line, end_column=2)
    return Related(place=place, message="is the request this was compared with")
