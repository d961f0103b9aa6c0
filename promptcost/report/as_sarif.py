"""Audit findings as SARIF 2.1.0 (OASIS Standard), for code scanning.

Fingerprints do not contain line numbers: file, rule, expression, the line's text and the rank among
equals identify a finding, so that text added above it does not open it again.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, assert_never

from promptcost import __version__
from promptcost.errors import Level, Problem
from promptcost.model.finding import Finding, Severity
from promptcost.report.as_json import to_text
from promptcost.report.encode import encode
from promptcost.report.safe import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from promptcost.model.audit_report import AuditReport, FileReport, Suppressed
    from promptcost.model.finding import Fix
    from promptcost.model.span import Place
    from promptcost.report.encode import Json
    from promptcost.report.paths import Paths

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
MOST_RESULTS = 25_000  # in one run that GitHub code scanning takes; it shows 5,000 of them
_ROOT = "%SRCROOT%"  # the base of every relative path: the root of the repository
_Object = dict[str, "Json"]


def render(report: AuditReport, paths: Paths, pages: Mapping[str, str]) -> str:
    """Return one SARIF log with one run; silenced findings are results with a suppression.

    `pages` holds the page of each rule by its code: the title, what it finds, and the rest.
    """
    found = [(finding, None) for finding in report.findings]
    silenced = [(item.finding, item) for item in report.suppressed]
    every = [*found, *silenced]
    rules = _rules((finding for finding, _ in every), pages)
    writer = _Writer(report.files, list(rules), paths)
    results: list[Json] = [writer.result(finding, silence) for finding, silence in every]
    return to_text(
        {
            "$schema": _SCHEMA,
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": _driver(rules)},
                    "columnKind": "unicodeCodePoints",
                    "originalUriBaseIds": {_ROOT: {"description": {"text": "repository root"}}},
                    "invocations": [_invocation(report.problems, paths)],
                    "results": results,
                    **_worth(report),
                }
            ],
        }
    )


def _worth(report: AuditReport) -> _Object:
    """Return the dollars of the whole traffic, where there are any, as properties of the run."""
    if not report.worth:
        return {}
    return {"properties": {"worth": encode(report.worth), "replay": encode(report.replay)}}


def _driver(rules: dict[str, Json]) -> _Object:
    return {
        "name": "promptcost",
        "semanticVersion": __version__,
        "rules": list(rules.values()),
    }


def _rules(findings: Iterable[Finding], pages: Mapping[str, str]) -> dict[str, Json]:
    made: dict[str, Json] = {}
    for finding in sorted(findings, key=lambda finding: finding.code):
        page = pages.get(finding.code, finding.name.replace("-", " "))
        title, *paragraphs = page.split("\n\n")
        made.setdefault(
            finding.code,
            {
                "id": finding.code,
                "name": finding.name,
                "shortDescription": {"text": _one_line(title)},
                "fullDescription": {"text": _one_line(next(iter(paragraphs), title))},
                "help": {"text": page},
            },
        )
    return made


def _one_line(paragraph: str) -> str:
    return paragraph.replace("\n", " ")


def _invocation(problems: tuple[Problem, ...], paths: Paths) -> _Object:
    return {
        "executionSuccessful": all(problem.level is not Level.ERROR for problem in problems),
        "toolExecutionNotifications": [_notification(problem, paths) for problem in problems],
    }


def _notification(problem: Problem, paths: Paths) -> Json:
    text = f"{problem.message}; {problem.repair}" if problem.repair else problem.message
    place: _Object = {"artifactLocation": _artifact(problem.path, paths)}
    if problem.line is not None:
        column: _Object = {} if problem.column is None else {"startColumn": problem.column}
        place["region"] = {"startLine": problem.line, **column}
    return {
        "level": "error" if problem.level is Level.ERROR else "warning",
        "message": _message(text),
        "locations": [{"physicalLocation": place}],
    }


class _Writer:
    """Writes results; counts equal findings so that each gets a fingerprint of its own."""

    def __init__(self, files: tuple[FileReport, ...], codes: list[str], paths: Paths) -> None:
        self._codes = codes
        self._paths = paths
        self._lines = {(line.path, line.number): line.text for file in files for line in file.lines}
        self._seen: Counter[tuple[str, ...]] = Counter()

    def result(self, finding: Finding, silence: Suppressed | None) -> Json:
        """Return one finding as a SARIF result."""
        made: _Object = {
            "ruleId": finding.code,
            "ruleIndex": self._codes.index(finding.code),
            "level": _level(finding.severity),
            "message": _message(f"{finding.message}\n{finding.help}"),
            "locations": [{"physicalLocation": self._physical(finding.place)}],
            "partialFingerprints": {"promptcost/v1": self._fingerprint(finding)},
            "properties": {
                "severity": finding.severity.word,
                "confidence": finding.confidence,
                "tokens_at_risk": encode(finding.tokens_at_risk),
                "costs": encode(finding.costs),
            },
        }
        if finding.related:
            made["relatedLocations"] = _distinct(
                {
                    "physicalLocation": self._physical(other.place),
                    "message": _message(other.message),
                }
                for other in finding.related
            )
        if finding.fix is not None and finding.fix.edits:
            made["fixes"] = [self._fix(finding.fix)]
        if silence is not None:
            where = silence.place
            beside = where is not None and where.path == finding.place.path
            kind = "inSource" if beside else "external"
            made["suppressions"] = [{"kind": kind, "justification": whole(silence.reason)}]
        return made

    def _fingerprint(self, finding: Finding) -> str:
        path = self._paths.relative(finding.place.path)
        identity = (path, finding.fingerprint)
        rank = self._seen[identity]
        self._seen[identity] += 1
        joined = "\0".join((*identity, str(rank)))
        return sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def _physical(self, place: Place) -> _Object:
        region: _Object = {
            "startLine": place.start_line,
            "startColumn": place.start_column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        }
        text = self._lines.get((place.path, place.start_line))
        if text is not None and place.start_line == place.end_line:
            piece = text[place.start_column - 1 : place.end_column - 1]
            region["snippet"] = {"text": whole(piece)}
        return {"artifactLocation": _artifact(place.path, self._paths), "region": region}

    def _fix(self, fix: Fix) -> Json:
        changes: dict[str, list[Json]] = {}
        for edit in fix.edits:
            region: Json = {"byteOffset": edit.start, "byteLength": edit.end - edit.start}
            inserted: Json = {"text": whole(edit.replacement)}
            replacement: Json = {"deletedRegion": region, "insertedContent": inserted}
            changes.setdefault(self._paths.uri(edit.path), []).append(replacement)
        return {
            "description": _message(fix.message),
            "artifactChanges": [
                {"artifactLocation": _located(uri), "replacements": replacements}
                for uri, replacements in changes.items()
            ],
        }


def _distinct(values: Iterable[Json]) -> list[Json]:
    """Return values without repetitions, which SARIF forbids in most lists."""
    kept: list[Json] = []
    for value in values:
        if value not in kept:
            kept.append(value)
    return kept


def _artifact(path: str, paths: Paths) -> _Object:
    return _located(paths.uri(path))


def _located(uri: str) -> _Object:
    return {"uri": uri} if uri.startswith("file:") else {"uri": uri, "uriBaseId": _ROOT}


def _message(text: str) -> _Object:
    """Return a message; in SARIF text ``{0}`` is a placeholder and ``[a](1)`` a link."""
    escaped = whole(text).replace("{", "{{").replace("}", "}}")
    return {"text": escaped.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")}


def _level(severity: Severity) -> str:
    match severity:
        case Severity.HIGH:
            return "error"
        case Severity.MEDIUM:
            return "warning"
        case Severity.LOW | Severity.NOTE:
            return "note"
        case _:
            assert_never(severity)
