"""The audit of one prompt builder: its answer, and the faults met on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from promptcost.audit.builders.arguments import arguments_of
from promptcost.audit.builders.causes import CauseFinder
from promptcost.audit.builders.changes import changed
from promptcost.audit.builders.regions import regions
from promptcost.audit.builders.replies import process_problem
from promptcost.audit.builders.runs import Runner
from promptcost.audit.builders.silences import silences_of
from promptcost.audit.builders.source import open_source
from promptcost.audit.builders.survival import SurvivalTable
from promptcost.audit.suppress import apply
from promptcost.builders.process import Moment, Session, run_session
from promptcost.builders.target import parse_target
from promptcost.errors import Problem
from promptcost.model.audit_report import Change, FileReport, FileStatus
from promptcost.rules import Subject, template_rules
from promptcost.templates.names import Kind
from promptcost.templates.settings import SourceKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from promptcost.audit.builders.regions import Region
    from promptcost.audit.builders.runs import Runs
    from promptcost.audit.builders.source import BuilderSource
    from promptcost.audit.lens import Lens
    from promptcost.audit.request import AuditRequest
    from promptcost.audit.suppress import Suppression
    from promptcost.builders.process import BuilderLimits
    from promptcost.builders.target import BuilderTarget
    from promptcost.model.finding import Finding
    from promptcost.rules import Cause

_MOST_NAMES = 8
_NOT_ALLOWED = "needs --allow-python, which runs this code"


class BuilderAnswer(NamedTuple):
    """The report about a builder, its faults, and the suppressions that must silence something."""

    report: FileReport
    problems: list[Problem]
    silences: list[Suppression]


def find_builders(paths: tuple[Path, ...]) -> tuple[list[BuilderTarget], tuple[Path, ...]]:
    """Return the builders that paths name, each once, and the other paths."""
    named = {path: None if path.exists() else parse_target(str(path)) for path in paths}
    found = {target: None for target in named.values() if target is not None}
    return list(found), tuple(path for path in paths if named[path] is None)


def audit_builder(
    target: BuilderTarget,
    request: AuditRequest,
    lens: Lens,
    reported: Callable[[Finding], bool],
) -> BuilderAnswer:
    """Return the answer about one builder, and its fault where it gives no prompt.

    Nothing of it is run unless the request allows it.
    """
    if request.python is None:
        status = FileStatus.NOT_ANALYSED
        report = FileReport(path=target.written, status=status, reason=_NOT_ALLOWED)
        return BuilderAnswer(report, [], [])
    made = _opened(target, request, request.python)
    if isinstance(made, Problem):
        return BuilderAnswer(_failed(target, made), [made], [])
    source, runner = made
    runs = runner.run()
    if isinstance(runs, Problem):
        return BuilderAnswer(_failed(target, runs), [runs], [])
    return _report(target, source, runner, runs, lens, request.silences, reported)


def _failed(target: BuilderTarget, problem: Problem) -> FileReport:
    where = "" if problem.line is None else f"line {problem.line}: "
    return FileReport(
        path=problem.path,
        section="" if problem.path == target.written else target.attribute,
        status=FileStatus.NOT_ANALYSED,
        reason=f"{where}{problem.message}",
    )


def _opened(
    target: BuilderTarget, request: AuditRequest, limits: BuilderLimits
) -> tuple[BuilderSource, Runner] | Problem:
    """Import the builder once to learn its parameters and where it stands."""
    if target.file and not Path(target.file).is_file():
        return Problem(path=target.file, message="no such file", repair="check the path")
    moment = Moment(clock=request.clock, seed=request.seed)
    told = run_session(Session(target=target, imported=moment), limits)
    problem = process_problem(told, target, limits)
    if problem is not None:
        return problem
    described = told.of_kind("described")[0]
    if described["fixture"]:
        return Problem(
            path=target.written,
            message="is a pytest fixture, which only pytest can call",
            repair="name the function that it calls",
        )
    source = open_source(described, told.of_kind("done")[0]["files"], target)
    arguments = arguments_of(target, source, request)
    if isinstance(arguments, Problem):
        return arguments
    runner = Runner(target=target, arguments=arguments, limits=limits, makes_sets=source.makes_sets)
    return source, runner


def _report(  # noqa: PLR0913, PLR0917 - what an answer is made of
    target: BuilderTarget,
    source: BuilderSource,
    runner: Runner,
    runs: Runs,
    lens: Lens,
    configured: Sequence[Suppression],
    reported: Callable[[Finding], bool],
) -> BuilderAnswer:
    found = regions(runs, runner.arguments)
    finder = CauseFinder(runs.base, found, source, lens.main)
    subject = Subject(
        path=source.path,
        section=target.attribute,
        kind=SourceKind.PLAIN,
        causes=finder.causes(),
        rewrites=tuple(_rewrites(finder, found, runs)),
    )
    everything = [each for rule in template_rules() for each in rule.check(subject)]
    silences = silences_of(source, everything)
    kept, silenced = apply(everything, [*silences.found, *configured])
    findings = sorted(filter(reported, kept), key=lambda each: (each.place, each.code))
    is_sure = not runner.arguments.values.stand_ins()
    table = SurvivalTable(runs, found, source, is_sure=is_sure)
    report = FileReport(
        path=source.path,
        section=target.attribute,
        status=FileStatus.FINDINGS if findings else FileStatus.CLEAN,
        contexts=runner.arguments.values.source(),
        findings=tuple(findings),
        suppressed=silenced,
        survival=tuple(table.rows(lens)),
        notes=tuple(_notes(runner, runs)),
        lines=source.lines([*findings, *(item.finding for item in silenced)]),
    )
    return BuilderAnswer(report, silences.problems, silences.judged)


def _rewrites(finder: CauseFinder, found: list[Region], runs: Runs) -> Iterator[Cause]:
    """Yield the first place at which the next turn has earlier messages otherwise."""
    history = [region for region in found if region.kind is Kind.HISTORY]
    grown = runs.changes[Change.NEXT_TURN]
    text = runs.base.text
    end = max((region.end for region in history), default=0)
    for start, _ in changed(text, grown.text)[:1]:
        if start < end - len(text[:end]) + len(text[:end].rstrip()):
            yield finder.rewrite(start, end, grown, history[0].names)


def _notes(runner: Runner, runs: Runs) -> Iterator[str]:
    names = runner.arguments.values.stand_ins()
    if names:
        shown = ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
        yield f"assumed stand-ins for {shown}; give values with a context file"
    if runs.keeps_state:
        yield "two calls that should be equal differ: the builder keeps something between calls"
    if runner.asked_network:
        yield "it asked for the network, which is blocked while it builds a prompt"
    if runner.failures:
        number = len(runner.failures)
        some = "1 changed call" if number == 1 else f"{number} changed calls"
        yield f"{some} failed and left the prompt unchanged"
    yield from dict.fromkeys(str(problem) for problem in runner.failures)
