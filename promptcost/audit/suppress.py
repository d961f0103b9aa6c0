"""Suppressions: which findings somebody silenced, and why.

Those written in a template:

    {# promptcost: ignore[PC101] the log needs the exact time #}
    {# promptcost: ignore-file[PC104, PC106] measured, the prompt is never repeated #}

A suppression silences findings on its own line; alone on its line, also those on the next one.  In
Python, YAML and TOML files a comment with ``#`` does the same, in Handlebars and Liquid theirs.
The reason is required.

JSON knows no comments; suppressions for any file can stand in the settings, with a glob.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.errors import Level, Problem
from promptcost.files.globs import matches
from promptcost.model.audit_report import Suppressed
from promptcost.model.span import Place
from promptcost.rules import selected

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from promptcost.model.finding import Finding
    from promptcost.templates.source import TemplateSource

_MARK = re.compile(
    r"promptcost:[ \t]*ignore(?P<file>-file)?[ \t]*(?:\[(?P<codes>[^\]\n]*)\])?(?P<reason>[^\n]*)"
)
_HASHED = frozenset({".py", ".yaml", ".yml", ".toml"})
_HINT = "write promptcost: ignore[PC101] and the reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One silence: its place, the rules, the lines it covers (None: the file), and the reason.

    `glob` names the files it covers where it is written elsewhere; None: the file it stands in.
    """

    place: Place
    codes: frozenset[str]
    lines: range | None
    reason: str
    glob: str | None = None

    def covers(self, finding: Finding) -> bool:
        """Say whether a finding is silenced."""
        if finding.code not in self.codes or not self.covers_file(finding.place.path):
            return False
        return self.lines is None or finding.place.start_line in self.lines

    def covers_file(self, path: str) -> bool:
        """Say whether findings in a file are meant."""
        return path == self.place.path if self.glob is None else matches(path, self.glob)


def suppressions(source: TemplateSource) -> tuple[list[Suppression], list[Problem]]:
    """Return the suppressions in the file of a template, and what is wrong with the others."""
    found: list[Suppression] = []
    problems: list[Problem] = []
    if "promptcost:" not in source.container:
        return found, problems
    openers = _openers(source)
    for number, line in enumerate(source.container.split("\n"), start=1):
        match = _MARK.search(line)
        if match is None or not line[: match.start()].rstrip(" \t-+").endswith(openers):
            continue
        made = _read(source, number, line, match)
        if isinstance(made, Problem):
            problems.append(made)
        else:
            found.append(made)
    return found, problems


def _openers(source: TemplateSource) -> tuple[str, ...]:
    hashed = Path(source.path).suffix.lower() in _HASHED
    return (source.settings.comment[0], *(["#"] if hashed else []))


def _read(
    source: TemplateSource, number: int, line: str, match: re.Match[str]
) -> Suppression | Problem:
    comment_end = source.settings.comment[1]
    reason = match["reason"].partition(comment_end)[0].strip(" \t:-")
    wanted = [code.strip() for code in (match["codes"] or "").split(",") if code.strip()]
    unknown = [code for code in wanted if not selected([code])]
    if not wanted or not reason or unknown:
        what = "names no rule" if not wanted else "gives no reason"
        message = f"names the unknown rule {unknown[0][:40]!r}" if unknown else what
        return Problem(
            path=source.path,
            message=f"a suppression {message} and is not applied",
            repair=_HINT,
            line=number,
            column=match.start() + 1,
        )
    head, rest = line[: match.start()], match["reason"].partition(comment_end)[2]
    opened = head.rstrip(" \t-+").removesuffix("{% comment %}")
    alone = not opened.strip("{#!-+ \t") and not rest.strip()
    place = Place(
        path=source.path,
        start_line=number,
        start_column=match.start() + 1,
        end_line=number,
        end_column=match.start() + 1 + len(match[0].rstrip()),
    )
    covered = None if match["file"] else range(number, number + 1 + alone)
    return Suppression(place=place, codes=selected(wanted), lines=covered, reason=reason)


def apply(
    findings: Iterable[Finding], silences: Sequence[Suppression]
) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
    """Return the findings that stay, and the silenced ones."""
    kept: list[Finding] = []
    silenced: list[Suppressed] = []
    for finding in findings:
        by = next((silence for silence in silences if silence.covers(finding)), None)
        if by is None:
            kept.append(finding)
        else:
            silenced.append(Suppressed(finding=finding, reason=by.reason, place=by.place))
    return tuple(kept), tuple(silenced)


def unused(
    silences: Iterable[Suppression], silenced: Iterable[Suppressed], audited: frozenset[str]
) -> list[Problem]:
    """Return a warning for every suppression that silenced nothing, though its rules were run."""
    used = {item.place for item in silenced}
    return [
        Problem(
            path=silence.place.path,
            message=f"a suppression of {', '.join(sorted(silence.codes))} silences nothing",
            repair="remove it",
            line=silence.place.start_line,
            column=silence.place.start_column,
            level=Level.WARNING,
        )
        for silence in dict.fromkeys(silences)
        if silence.place not in used and silence.codes <= audited
    ]
