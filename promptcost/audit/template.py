"""The audit of one template: prepared, rendered, judged, and told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.audit.lens import Lens
from promptcost.audit.repair import Judged, Repairer
from promptcost.audit.request import AuditRequest
from promptcost.audit.sources import Sources
from promptcost.audit.subject import branches_of, make_subject
from promptcost.audit.suppress import apply, suppressions
from promptcost.audit.survival import survival
from promptcost.errors import Problem
from promptcost.model.audit_report import FileReport, FileStatus
from promptcost.rules import template_rules
from promptcost.templates import prepare
from promptcost.templates.amounts import shown_otherwise
from promptcost.templates.declared import declared_inputs
from promptcost.templates.foreign import language_of, not_read
from promptcost.templates.labels import labelled
from promptcost.templates.load import JINJA_SUFFIXES
from promptcost.templates.perturb import open_renders
from promptcost.templates.settings import SourceKind
from promptcost.templates.synthesise import World
from promptcost.templates.values import Detail, Inputs
from promptcost.templates.windows import rounds_to_fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from promptcost.audit.suppress import Suppression
    from promptcost.model.audit_report import SurvivalRow
    from promptcost.model.finding import Finding, Safety
    from promptcost.model.span import Place
    from promptcost.rules import Subject
    from promptcost.templates.perturb import Renders
    from promptcost.templates.source import TemplateSource
    from promptcost.templates.template import Template

_MOST_NAMES = 8
_LONGEST = 80  # characters of a name


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateAuditor:
    """Audits templates of one file; `root` bounds what they include."""

    request: AuditRequest
    lens: Lens
    root: Path

    def report(
        self,
        source: TemplateSource,
        silences: Sequence[Suppression],
        reported: Callable[[Finding], bool],
    ) -> FileReport | Problem:
        """Return the answer about a template, or the fault for which it cannot be rendered."""
        renders = self._open(source)
        if isinstance(renders, Problem):
            return renders
        sources = Sources(source)
        subject = make_subject(renders, self.lens, sources, self.request.variants)
        found = _judge(subject)
        kept, silenced = apply(found, [*silences, *self.request.silences])
        findings = [finding for finding in kept if reported(finding)]
        rows = tuple(survival(renders, self.lens, sources, subject.causes))
        if self.request.repair is not None:
            judged = self._judged(renders, found, findings, rows)
            findings = self._repairer(source, self.request.repair, reported).offer(findings, judged)
        return FileReport(
            path=source.path,
            section=source.section,
            status=FileStatus.FINDINGS if findings else FileStatus.CLEAN,
            contexts=renders.values.source(),
            findings=tuple(findings),
            survival=rows,
            suppressed=silenced,
            notes=tuple(_notes(source, renders)),
            lines=sources.lines([*findings, *(item.finding for item in silenced)]),
        )

    def _repairer(
        self, source: TemplateSource, safety: Safety, reported: Callable[[Finding], bool]
    ) -> Repairer:
        return Repairer(
            source=source,
            safety=safety,
            settings=self.request.settings_for(Path(source.path)),
            judge=partial(self._judge_edited, reported=reported),
        )

    def _judge_edited(
        self, source: TemplateSource, reported: Callable[[Finding], bool]
    ) -> Judged | None:
        """Return what an audit of an edited template says; None when it cannot be rendered."""
        renders = self._open(source)
        if isinstance(renders, Problem):
            return None
        sources = Sources(source)
        subject = make_subject(renders, self.lens, sources, self.request.variants)
        found = _judge(subject)
        kept, _ = apply(found, [*suppressions(source)[0], *self.request.silences])
        findings = [finding for finding in kept if reported(finding)]
        rows = survival(renders, self.lens, sources, subject.causes)
        return self._judged(renders, found, findings, rows)

    def _judged(
        self,
        renders: Renders,
        found: Sequence[Finding],
        reported: Sequence[Finding],
        rows: Iterable[SurvivalRow],
    ) -> Judged:
        """Return what the repairs of a template go by; every finding counts, reported or not."""
        first = [row.targets[0] for row in rows]
        lost = sum(each.tokens_total.value - each.tokens_shared.value for each in first)
        named = sum(f.tokens_at_risk.value for f in found if f.tokens_at_risk is not None)
        branches = branches_of(renders, self.request.variants)
        return Judged(
            findings=tuple(reported),
            lost=(lost, named, len(found)),
            texts=tuple(branch.base.text for branch in branches),
        )

    def _open(self, source: TemplateSource) -> Renders | Problem:
        template = self._prepared(source)
        if isinstance(template, Problem):
            return template
        inputs = Inputs(
            variables=template.variables,
            contexts=self.request.contexts,
            payload=declared_inputs(source),
            labels=labelled(template),
            shown=shown_otherwise(template),
            assigned=source.assigned(),
        )
        rounds = rounds_to_fill(source.text)
        base = World(clock=self.request.clock, seed=self.request.seed, turns=rounds)
        return open_renders(template, inputs, base, self.request.limits)

    def _prepared(self, source: TemplateSource) -> Template | Problem:
        """Prepare a template; what looks like Jinja and is not may be a format string.

        Doubled braces around JSON are the escapes of ``str.format``; only a text whose kind nobody
        gave, neither its file name nor the settings, is tried so.
        """
        limits = self.request.limits
        if source.kind is SourceKind.PLAIN and source.settings.kind is None:
            language = language_of(source.text)
            if language is not None:
                return not_read(source.path, language)
        template = prepare(source, root=self.root, limits=limits)
        if not isinstance(template, Problem) or source.kind is not SourceKind.JINJA:
            return template
        if Path(source.path).suffix.lower() in JINJA_SUFFIXES:
            return template
        if self.request.settings.kind is not None or language_of(source.text) is not None:
            return template
        other = prepare(replace(source, kind=SourceKind.STR_FORMAT), root=self.root, limits=limits)
        return template if isinstance(other, Problem) or not other.variables else other


def _judge(subject: Subject) -> list[Finding]:
    """Return the findings in the order of their places, the gravest of those at one place."""
    found = [finding for rule in template_rules() for finding in rule.check(subject)]
    found.sort(key=lambda finding: -finding.severity)
    best: dict[tuple[str, Place, str], Finding] = {}
    for finding in found:
        best.setdefault((finding.code, finding.place, finding.expression), finding)
    return sorted(best.values(), key=lambda finding: (finding.place, finding.code))


def not_analysed(source: TemplateSource, problem: Problem) -> FileReport:
    """Return the answer about a template with a fault."""
    numbers = [str(at) for at in (problem.line, problem.column) if at is not None]
    included = [] if problem.path == source.path else [problem.path]
    where = ":".join([*included, *numbers])
    return FileReport(
        path=source.path,
        section=source.section,
        status=FileStatus.NOT_ANALYSED,
        reason=f"{where}: {problem.message}" if where else problem.message,
        notes=source.notes,
    )


def root_of(path: Path, folders: Sequence[Path]) -> Path:
    """Return the directory that includes may not leave.

    The audited one; for a file that is named itself the working directory, else the file's own.
    """
    named = next((root for root in folders if path.is_relative_to(root)), None)
    if named is not None:
        return named
    here = Path.cwd() if path.is_absolute() else Path()
    return here if path.is_relative_to(here) and ".." not in path.parts else path.parent


def _notes(source: TemplateSource, renders: Renders) -> Iterator[str]:
    yield from source.notes
    names = renders.values.stand_ins()
    if renders.values.detail is not Detail.FULL:
        yield f"rendered with {renders.values.detail.value}, because it fails with more"
    if names:
        few = (name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…" for name in names)
        shown = ", ".join(islice(few, _MOST_NAMES)) + (", …" if len(names) > _MOST_NAMES else "")
        yield f"assumed stand-ins for {shown}; give values with a context file"
    for stand_in in renders.template.unknown:
        yield f"unknown {stand_in.kind.value} {stand_in.name!r}: {stand_in.assumption}"
    if not renders.base.exact:
        yield f"places are those of the whole file: {renders.base.reason}"
    if renders.failures:
        yield f"{len(renders.failures)} changed renders failed and count as unchanged"
    read = [*source.problems, *renders.template.problems]
    yield from map(str, read)
    yield from (str(found) for found in renders.base.problems if not _is_said(found, read))


def _is_said(found: Problem, read: Sequence[Problem]) -> bool:
    """Say whether reading a template has told what rendering it met: a lost or computed name."""
    is_name = found.message.startswith("includes ")
    return is_name and any(
        found.message in each.message or each.message.startswith("includes a template by")
        for each in read
    )
