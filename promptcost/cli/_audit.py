"""What ``promptcost audit`` does; loaded only when it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from promptcost.audit import DEFAULT_TARGETS, AuditRequest, Selection, run_audit
from promptcost.audit.baseline import (
    baseline_text,
    read_baseline,
    without_known,
    without_lower,
)
from promptcost.builders.process import BuilderLimits
from promptcost.check import FailOn
from promptcost.check.threshold import audit_verdict
from promptcost.cli._project import open_project
from promptcost.cli._silences import suppressions_of
from promptcost.cli._syntax import settings_of
from promptcost.cli._tokenizers import own_tokenizers, say_unused
from promptcost.cli.clock import day
from promptcost.cli.fixes import diff_of, recordings_of, repairs_of, write_repairs
from promptcost.cli.market import instant
from promptcost.cli.options import AuditFormat, Syntax
from promptcost.cli.output import check_output, deliver, screen_for
from promptcost.cli.progress import progress
from promptcost.cli.streams import say, say_problems
from promptcost.cli.traffic import open_traffic
from promptcost.errors import DataError, ExitCode, Level, UsageError
from promptcost.model.finding import Safety, Severity
from promptcost.report import as_concise, as_github, as_json, as_markdown, as_sarif
from promptcost.report.paths import Paths
from promptcost.report.redact import without_excerpts
from promptcost.report.terminal import render_audit
from promptcost.rules import all_rules
from promptcost.templates.contexts import NO_CONTEXTS, load_contexts

if TYPE_CHECKING:
    from promptcost.config import Project
    from promptcost.model.audit_report import AuditReport
    from promptcost.model.recording import Recording
    from promptcost.templates.contexts import Contexts
    from promptcost.workload.spec import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The command line of an audit."""

    paths: Sequence[Path]
    context: Path | None
    workload: Path | None
    targets: Sequence[str]
    form: AuditFormat
    excerpts: bool
    fail_on: FailOn | None
    select: Sequence[str]
    ignore: Sequence[str]
    per_file_ignore: Sequence[str]
    notes: bool
    baseline: Path | None
    write_baseline: Path | None
    config: Path | None
    no_config: bool
    exclude: Sequence[str]
    fix: bool
    unsafe_fixes: bool
    diff: bool
    syntax: Syntax | None
    variable: str | None
    block: str | None
    comment: str | None
    trim_blocks: bool | None
    lstrip_blocks: bool | None
    keep_trailing_newline: bool
    seed: int
    at: datetime | None
    tokenizer_json: Sequence[str]
    calibration: Path | None
    pricing: Sequence[Path]
    output: Path | None
    allow_python: bool


def audit(wanted: Wanted) -> ExitCode:
    """Audit templates, write the report, and return the verdict."""
    check_output(wanted.output)
    check_output(wanted.write_baseline)
    project = open_project(wanted.config, no_config=wanted.no_config)
    workload = _workload(wanted, project)
    fail_on = wanted.fail_on or project.fail_on or FailOn.HIGH
    settings, own_settings = settings_of(wanted, project.templates)
    request = AuditRequest(
        paths=_paths_of(wanted, project),
        at=instant(day(wanted.at)),
        contexts=_contexts(wanted.context or project.context),
        targets=tuple(wanted.targets) or project.targets or DEFAULT_TARGETS,
        prices=tuple(wanted.pricing) or project.pricing,
        tokenizers=own_tokenizers(
            wanted.tokenizer_json, wanted.calibration or project.calibration, project.tokenizer_json
        ),
        exclude=(*project.exclude, *wanted.exclude),
        settings=settings,
        own_settings=own_settings,
        selection=_selection(wanted, project, fail_on),
        seed=wanted.seed,
        repair=_safety(wanted),
        python=BuilderLimits() if wanted.allow_python else None,
        silences=suppressions_of(project.suppressions),
    )
    recordings: list[Recording] = []
    with progress("Auditing"):
        report = _audited(request, wanted, project, recordings)
    say_problems(report.problems)
    say_unused(request.tokenizers, (target.tokenizer for target in report.basis.targets))
    if wanted.diff:
        deliver(diff_of(repairs_of(report)), wanted.output)
        return audit_verdict(report, fail_on)
    if wanted.fix:
        write_repairs(repairs_of(report), recordings_of(report))
        with progress("Auditing what was repaired"):
            report = _audited(request, wanted, project, recordings)
    if workload is not None:
        from promptcost.cli._worth import priced  # noqa: PLC0415 - heavy

        report = priced(report, recordings, workload, request, wanted.targets)
    shown = report if wanted.excerpts else without_excerpts(report)
    deliver(_rendered(shown, wanted), wanted.output)
    return audit_verdict(report, fail_on)


def _workload(wanted: Wanted, project: Project) -> Workload | None:
    """Return the traffic that findings are priced on; a preview of repairs shows no prices."""
    path = None if wanted.diff else wanted.workload or project.workload
    return None if path is None else open_traffic(path)


def _paths_of(wanted: Wanted, project: Project) -> tuple[Path, ...]:
    paths = tuple(wanted.paths) or project.paths
    if not paths:
        message = "no PATH is given; name templates, or set 'paths' in promptcost.yaml"
        raise UsageError(message)
    return paths


def softened(code: ExitCode) -> ExitCode:
    """Return the exit code with a failed gate taken for clean; unusable data stays unusable."""
    return ExitCode.CLEAN if code is ExitCode.GATE_FAILED else code


def _safety(wanted: Wanted) -> Safety | None:
    if wanted.diff and not wanted.excerpts:
        message = "--diff prints lines of prompts, which --no-excerpts forbids; leave one out"
        raise UsageError(message)
    if not (wanted.fix or wanted.diff):
        if wanted.unsafe_fixes:
            message = "--unsafe-fixes says what --fix or --diff may do; give one of them too"
            raise UsageError(message)
        return None
    return Safety.UNSAFE if wanted.unsafe_fixes else Safety.SAFE


def _audited(
    request: AuditRequest, wanted: Wanted, project: Project, recordings: list[Recording]
) -> AuditReport:
    """Return the report without what the baseline knows, or a new baseline will know.

    What is known is looked for among all grades: a finding may be graded lower than it was.
    `recordings` are filled anew with what a replay of recorded requests needs.
    """
    recordings.clear()
    path = wanted.write_baseline or wanted.baseline or project.baseline
    if path is None:
        return run_audit(request, recordings.append)
    least = request.selection.least
    every = replace(request, selection=replace(request.selection, least=Severity.NOTE))
    report = run_audit(every, recordings.append)
    if wanted.write_baseline is not None:
        accepted = without_lower(report, least)
        kept = accepted if wanted.excerpts else without_excerpts(accepted)
        deliver(baseline_text(kept, path), path)
    baseline, problems = read_baseline(path)
    if baseline is None:
        raise DataError(problems)
    return without_lower(without_known(report, baseline, request.selection.codes), least)


def _contexts(path: Path | None) -> Contexts:
    if path is None:
        return NO_CONTEXTS
    contexts, problems = load_contexts(path)
    if contexts is None or any(problem.level is Level.ERROR for problem in problems):
        raise DataError(problems)
    say_problems(problems)
    return contexts


def _listed(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the rules that options name, each alone or several with commas between."""
    return tuple(rule.strip() for text in texts for rule in text.split(","))


def _selection(wanted: Wanted, project: Project, fail_on: FailOn) -> Selection:
    per_file: dict[str, tuple[str, ...]] = dict(project.per_file)
    for text in wanted.per_file_ignore:
        pattern, colon, rule = text.rpartition(":")
        if not (pattern and colon and rule):
            example = "as in 'old/*.j2:PC101'"
            message = f"--per-file-ignores {text!r} is not written GLOB:RULE, {example}"
            raise UsageError(message)
        per_file[pattern] = (*per_file.get(pattern, ()), *_listed([rule]))
    return Selection(
        select=_listed(wanted.select) or project.select or ("all",),
        ignore=(*project.ignore, *_listed(wanted.ignore)),
        per_file=per_file,
        least=Severity.NOTE if wanted.notes or fail_on is FailOn.NOTE else Severity.LOW,
    )


def _rendered(report: AuditReport, wanted: Wanted) -> str:
    match wanted.form:
        case AuditFormat.TERMINAL:
            return render_audit(report, screen_for(wanted.output))
        case AuditFormat.JSON:
            return as_json.render(report)
        case AuditFormat.SARIF:
            _say_too_many(len(report.findings) + len(report.suppressed))
            pages = {rule.code: cleandoc(rule.__doc__ or rule.name) for rule in all_rules()}
            return as_sarif.render(report, _paths(), pages)
        case AuditFormat.GITHUB:
            return as_github.render(report, _paths())
        case AuditFormat.MARKDOWN:
            return as_markdown.render_audit(report)
        case AuditFormat.CONCISE:
            return as_concise.render(report)
        case _:
            assert_never(wanted.form)


def _say_too_many(results: int) -> None:
    """Warn of a file that GitHub code scanning refuses, whatever other readers do with it."""
    if results > as_sarif.MOST_RESULTS:
        message = (
            f"{results} results are more than the {as_sarif.MOST_RESULTS} that GitHub code scanning"
            " takes in one file; audit fewer files at a time, or choose rules with --select"
        )
        say(message, Level.WARNING)


def _paths() -> Paths:
    here = Path.cwd()
    roots = (folder for folder in (here, *here.parents) if (folder / ".git").exists())
    return Paths(here=here, root=next(roots, here))
