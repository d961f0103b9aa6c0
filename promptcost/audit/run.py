"""An audit from paths to a report: every file gets an answer, and none stops the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.audit.builders import audit_builder, find_builders
from promptcost.audit.collector import rare_collections
from promptcost.audit.configured import unused_configured
from promptcost.audit.lens import open_lens
from promptcost.audit.repair import included
from promptcost.audit.series import SeriesAuditor, find_logs
from promptcost.audit.suppress import suppressions, unused
from promptcost.audit.template import TemplateAuditor, not_analysed, root_of
from promptcost.builders.target import BuilderTarget
from promptcost.errors import DataError, Level, NothingToDo, Problem, UsageError
from promptcost.files.globs import matches
from promptcost.model.audit_report import AuditReport, Basis, FileReport, FileStatus
from promptcost.model.finding import Safety, fingerprint
from promptcost.rules import all_rules, selected, unknown_codes
from promptcost.rules.requests import general
from promptcost.templates import alarms, discover, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from promptcost.audit.lens import Lens
    from promptcost.audit.request import AuditRequest, Selection
    from promptcost.audit.suppress import Suppression
    from promptcost.model.finding import Finding
    from promptcost.model.recording import Recording


_NOTHING = {False: "no path was given", True: "every file found is excluded"}


@alarms()
@rare_collections()
def run_audit(
    request: AuditRequest, tell: Callable[[Recording], None] = lambda _: None
) -> AuditReport:
    """Audit every template and every file of recorded requests below the paths, and builders.

    `tell` gets what a replay of each file of requests needs.

    Raises UsageError for a rule that does not exist, DataError for an unknown target or when no
    path exists, NothingToDo when neither was found.
    """
    _check_selection(request.selection)
    lens = open_lens(request.targets, request.at, request.prices, request.tokenizers)
    found = _find(request)
    problems = found.problems
    reports = list(_audit_files(found.templates, request, lens, problems))
    reported = partial(_reported, selection=request.selection)
    auditor = SeriesAuditor(lens, request.at, request.prices, reported, request.silences)
    for path in found.recorded:
        answer, faults = auditor.audit(path, tell, request.repair)
        reports.append(answer)
        problems.extend(faults)
    silences: list[Suppression] = []
    for target in found.builders:
        answer, faults, written = audit_builder(target, request, lens, reported)
        reports.append(answer)
        problems.extend(faults)
        silences.extend(written)
    silenced = [item for report in reports for item in report.suppressed]
    codes = request.selection.codes
    problems.extend(unused(silences, silenced, codes))
    problems.extend(unused_configured(request.silences, reports, request.paths, codes))
    basis = Basis(
        seed=request.seed,
        clock=request.clock,
        contexts=tuple(request.contexts.named),
        targets=lens.targets,
    )
    problems.extend(_unexplained(reports, problems))
    # A broken include is told once, however many templates include it.
    unique = tuple(dict.fromkeys(problems))
    return AuditReport(files=tuple(map(_marked, reports)), basis=basis, problems=unique)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What the paths of a request lead to, and what is wrong with some of them."""

    templates: list[Path]
    recorded: list[Path]
    builders: Sequence[BuilderTarget]
    problems: list[Problem]


def _find(request: AuditRequest) -> _Found:
    """Return what there is to audit.  Raises DataError or NothingToDo where there is nothing."""
    builders, paths = find_builders(request.paths)
    logs = find_logs(paths)
    files, problems = discover(logs.rest)
    problems = [problem for problem in problems if problem.path not in logs.directories]
    files = [file for file in files if not request.excludes(file)]
    recorded = [file for file in logs.files if not request.excludes(file)]
    if not files and not recorded and not builders:
        missing = [problem for problem in problems if not Path(problem.path).is_dir()]
        if missing:
            raise DataError(missing)
        message = "; ".join(str(problem) for problem in problems) or _NOTHING[bool(request.paths)]
        raise NothingToDo(message)
    return _Found(templates=files, recorded=recorded, builders=builders, problems=problems)


def _audit_files(
    files: list[Path], request: AuditRequest, lens: Lens, problems: list[Problem]
) -> Iterator[FileReport]:
    """Yield the answers about templates, and add to the problems."""
    parts = included(files) if request.repair is Safety.UNSAFE else frozenset()
    only_safe = replace(request, repair=Safety.SAFE)
    folders = [path for path in request.paths if path.is_dir()]
    for path in files:
        wanted = only_safe if path in parts else request
        made, found = _audit_file(path, wanted, lens, root_of(path, folders))
        yield from made
        problems.extend(found)


def _marked(file: FileReport) -> FileReport:
    """Return the answer with a fingerprint on every finding.

    Where a cause shows first in a log is chance, so numbers in its JSON path do not count.
    """
    lines = {(line.path, line.number): line.text for line in file.lines}

    def mark(finding: Finding) -> Finding:
        line = lines.get((finding.place.path, finding.place.start_line), "")
        if file.series is None:
            return replace(finding, fingerprint=fingerprint(finding, line))
        path = general(finding.expression)
        return replace(finding, fingerprint=fingerprint(replace(finding, expression=path), line))

    silenced = (replace(item, finding=mark(item.finding)) for item in file.suppressed)
    return replace(file, findings=tuple(map(mark, file.findings)), suppressed=tuple(silenced))


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
    path: Path, request: AuditRequest, lens: Lens, root: Path
) -> tuple[list[FileReport], list[Problem]]:
    sources, problems = load(path, settings=request.settings_for(path), limits=request.limits)
    if sources:
        silences, faults = suppressions(sources[0])
        auditor = TemplateAuditor(request=request, lens=lens, root=root)
        reported = partial(_reported, selection=request.selection)
        reports: list[FileReport] = []
        for source in sources:
            report = auditor.report(source, silences, reported)
            if isinstance(report, Problem):
                if report.path == source.path or report.level is Level.ERROR:
                    problems.append(report)
                report = not_analysed(source, report)
            reports.append(report)
        silenced = [item for report in reports for item in report.suppressed]
        return reports, [*problems, *faults, *unused(silences, silenced, request.selection.codes)]
    faults = [problem for problem in problems if problem.level is Level.ERROR]
    reason = faults[0].message if faults else "holds no prompt template"
    return [FileReport(path=str(path), status=FileStatus.NOT_ANALYSED, reason=reason)], problems


def _reported(finding: Finding, selection: Selection) -> bool:
    if finding.severity < selection.least:
        return False
    ignored = set(selected(selection.ignore))
    for pattern, codes in selection.per_file.items():
        if matches(finding.place.path, pattern):
            ignored |= selected(codes)
    return finding.code in selected(selection.select) - ignored
