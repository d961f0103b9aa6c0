"""An audit from paths to a report: every file gets an answer, and none stops the others."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.audit.builders import audit_builder, find_builders
from promptcost.audit.lens import open_lens
from promptcost.audit.series import SeriesAuditor, find_logs
from promptcost.audit.sources import Sources
from promptcost.audit.subject import make_subject
from promptcost.audit.suppress import apply, suppressions, unused
from promptcost.audit.survival import survival
from promptcost.errors import DataError, Level, NothingToDo, Problem, UsageError
from promptcost.model.audit_report import AuditReport, Basis, FileReport, FileStatus
from promptcost.rules import all_rules, selected, template_rules, unknown_codes
from promptcost.templates import discover, load, prepare
from promptcost.templates.declared import declared_inputs
from promptcost.templates.perturb import open_renders
from promptcost.templates.synthesise import World
from promptcost.templates.values import Detail, Inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.audit.lens import Lens
    from promptcost.audit.request import AuditRequest, Selection
    from promptcost.audit.suppress import Suppression
    from promptcost.model.finding import Finding
    from promptcost.model.span import Place
    from promptcost.templates.perturb import Renders
    from promptcost.templates.source import TemplateSource

_MOST_NAMES = 8


def run_audit(request: AuditRequest) -> AuditReport:
    """Audit every template and every file of recorded requests below the paths, and builders.

    Raises UsageError for a rule that does not exist, DataError for an unknown target or when no
    path exists, NothingToDo when neither was found.
    """
    _check_selection(request.selection)
    lens = open_lens(request.targets, request.at, request.prices, request.tokenizers)
    builders, paths = find_builders(request.paths)
    logs = find_logs(paths)
    files, problems = discover(logs.rest)
    problems = [problem for problem in problems if problem.path not in logs.directories]
    if not files and not logs.files and not builders:
        missing = [problem for problem in problems if not Path(problem.path).is_dir()]
        if missing:
            raise DataError(missing)
        message = "; ".join(str(problem) for problem in problems) or "no path was given"
        raise NothingToDo(message)
    reports: list[FileReport] = []
    for path in files:
        made, found = _audit_file(path, request, lens)
        reports.extend(made)
        problems.extend(found)
    reported = partial(_reported, selection=request.selection)
    auditor = SeriesAuditor(lens, request.at, request.prices, reported)
    for path in logs.files:
        answer, found = auditor.audit(path)
        reports.append(answer)
        problems.extend(found)
    for target in builders:
        answer, found = audit_builder(target, request, lens, reported)
        reports.append(answer)
        problems.extend(found)
    basis = Basis(
        seed=request.seed,
        clock=request.clock,
        contexts=tuple(request.contexts.named),
        targets=lens.targets,
    )
    problems.extend(_unexplained(reports, problems))
    # A broken include is told once, however many templates include it.
    unique = tuple(dict.fromkeys(problems))
    return AuditReport(files=tuple(reports), basis=basis, problems=unique)


def _unexplained(reports: list[FileReport], problems: list[Problem]) -> list[Problem]:
    """Return a warning for every template that was not analysed without a fault being named."""
    known = {problem.path for problem in problems}
    return [
        Problem(path=file.path, message=f"not analysed: {file.reason}", level=Level.WARNING)
        for file in reports
        if file.status is FileStatus.NOT_ANALYSED and file.path not in known
    ]


def _check_selection(selection: Selection) -> None:
    per_file = [code for codes in selection.per_file.values() for code in codes]
    unknown = unknown_codes((*selection.select, *selection.ignore, *per_file))
    if unknown:
        known = ", ".join(rule.code for rule in all_rules())
        message = f"no rule is called {', '.join(map(repr, unknown))}; known: {known}"
        raise UsageError(message)


def _audit_file(
    path: Path, request: AuditRequest, lens: Lens
) -> tuple[list[FileReport], list[Problem]]:
    sources, problems = load(path, settings=request.settings, limits=request.limits)
    if sources:
        silences, faults = suppressions(sources[0])
        reports: list[FileReport] = []
        for source in sources:
            report = _audit_source(source, path, request, lens, silences)
            if isinstance(report, Problem):
                if report.path == source.path or report.level is Level.ERROR:
                    problems.append(report)
                report = _not_analysed(source, report)
            reports.append(report)
        silenced = [item for report in reports for item in report.suppressed]
        run = selected(request.selection.select) - selected(request.selection.ignore)
        return reports, [*problems, *faults, *unused(silences, silenced, run)]
    faults = [problem for problem in problems if problem.level is Level.ERROR]
    reason = faults[0].message if faults else "holds no prompt template"
    return [FileReport(path=str(path), status=FileStatus.NOT_ANALYSED, reason=reason)], problems


def _audit_source(
    source: TemplateSource,
    path: Path,
    request: AuditRequest,
    lens: Lens,
    silences: list[Suppression],
) -> FileReport | Problem:
    renders = _open(source, path, request)
    if isinstance(renders, Problem):
        return renders
    sources = Sources(source)
    subject = make_subject(renders, lens, sources, request.variants)
    found = [finding for rule in template_rules() for finding in rule.check(subject)]
    kept, silenced = apply(_once(found), silences)
    findings = tuple(finding for finding in kept if _reported(finding, request.selection))
    return FileReport(
        path=source.path,
        section=source.section,
        status=FileStatus.FINDINGS if findings else FileStatus.CLEAN,
        contexts=renders.values.source(),
        findings=findings,
        survival=tuple(survival(renders, lens, sources, subject.causes)),
        suppressed=silenced,
        notes=tuple(_notes(source, renders)),
        lines=sources.lines(findings),
    )


def _not_analysed(source: TemplateSource, problem: Problem) -> FileReport:
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


def _once(found: list[Finding]) -> list[Finding]:
    """Return the findings in the order of their places, the gravest of those at one place."""
    found = sorted(found, key=lambda finding: -finding.severity)
    best: dict[tuple[str, Place, str], Finding] = {}
    for finding in found:
        best.setdefault((finding.code, finding.place, finding.expression), finding)
    return sorted(best.values(), key=lambda finding: (finding.place, finding.code))


def _open(source: TemplateSource, path: Path, request: AuditRequest) -> Renders | Problem:
    template = prepare(source, root=_root(path, request.paths), limits=request.limits)
    if isinstance(template, Problem):
        return template
    inputs = Inputs(
        variables=template.variables,
        contexts=request.contexts,
        payload=declared_inputs(source),
    )
    base = World(clock=request.clock, seed=request.seed)
    return open_renders(template, inputs, base, request.limits)


def _root(path: Path, given: tuple[Path, ...]) -> Path:
    """Return the directory that includes may not leave: the audited one, else the file's own."""
    for root in given:
        if root.is_dir() and path.is_relative_to(root):
            return root
    return path.parent


def _reported(finding: Finding, selection: Selection) -> bool:
    if finding.severity < selection.least:
        return False
    ignored = set(selected(selection.ignore))
    for pattern, codes in selection.per_file.items():
        if fnmatchcase(finding.place.path, pattern) or Path(finding.place.path).match(pattern):
            ignored |= selected(codes)
    return finding.code in selected(selection.select) - ignored


def _notes(source: TemplateSource, renders: Renders) -> Iterator[str]:
    yield from source.notes
    names = renders.values.stand_ins()
    if renders.values.detail is not Detail.FULL:
        yield f"rendered with {renders.values.detail.value}, because it fails with more"
    if names:
        shown = ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
        yield f"assumed stand-ins for {shown}; give values with a context file"
    for stand_in in renders.template.unknown:
        yield f"unknown {stand_in.kind.value} {stand_in.name!r}: {stand_in.assumption}"
    if not renders.base.exact:
        yield f"places are those of the whole file: {renders.base.reason}"
    if renders.failures:
        yield f"{len(renders.failures)} changed renders failed and count as unchanged"
    for problem in (*source.problems, *renders.template.problems, *renders.base.problems):
        yield str(problem)
