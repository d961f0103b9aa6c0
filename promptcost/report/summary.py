"""The closing sentences of an audit: how many findings and files, and what the figures rest on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from promptcost.model.audit_report import FileStatus
from promptcost.report.numbers import count, dollars
from promptcost.report.series import counted

if TYPE_CHECKING:
    from promptcost.model.audit_report import AuditReport, Replay
    from promptcost.model.finding import Finding
    from promptcost.model.series_report import SeriesReport

_STATES = {
    FileStatus.FINDINGS: "with findings",
    FileStatus.CLEAN: "clean",
    FileStatus.NOT_ANALYSED: "not analysed",
}


def summary(report: AuditReport) -> str:
    """Return one sentence: findings by severity, and the answers about the files."""
    found = Counter(finding.severity for finding in report.findings)
    parts = [f"{found[severity]} {severity.word}" for severity in sorted(found, reverse=True)]
    known = sum(item.is_known for item in report.suppressed)
    counts = {"silenced": len(report.suppressed) - known, "known": known}
    silenced = [f"{number} {word}" for word, number in counts.items() if number]
    states = Counter(file.status for file in report.files)
    answers = ", ".join(
        f"{states[state]} {_STATES[state]}" for state in FileStatus if states[state]
    )
    noun = "file" if any(file.series for file in report.files) else "template"
    files = f"1 {noun}" if len(report.files) == 1 else f"{len(report.files)} {noun}s"
    findings = ", ".join([*(parts or ["no findings"]), *silenced])
    return f"{findings} in {files} ({answers})"


def costs(finding: Finding) -> str:
    """Return what a finding costs a month at each target of the workload."""
    first, *rest = finding.costs
    others = [f"{dollars(one.per_month)} at {one.target}" for one in rest]
    shared = dict.fromkeys(code for one in finding.costs for code in one.together_with)
    tail = f" (together with {', '.join(shared)} in the same text)" if shared else ""
    return ", ".join([f"{dollars(first.per_month)} a month at {first.target}", *others]) + tail


def replayed(replay: Replay) -> list[str]:
    """Return what the dollars of recorded requests rest on, as sentences."""
    all_of_them = replay.requests == replay.recorded
    which = "all" if all_of_them else f"the first {count(replay.requests)} of"
    said = (
        f"{which} {count(replay.recorded)} recorded requests replayed with times"
        f" {replay.times}, from empty caches, for {count(replay.requests_per_month)} a month;"
        f" answers of {count(replay.output_tokens)} tokens; prices of {replay.priced_at}"
    )
    left = replay.findings - replay.priced
    many = counted(left, "finding")
    without = [f"{many} without dollars: no replay at these targets can undo the cause"]
    return [said, *(without if left else []), *replay.notes]


def basis(report: AuditReport) -> str:
    """Return what must be equal for the same audit to give the same report."""
    logs = [file.series for file in report.files if file.series is not None]
    if logs and len(logs) == len(report.files):
        return _basis_of_logs(logs)
    rest = report.basis
    clock = rest.clock.strftime("%Y-%m-%d %H:%M")
    values = f"contexts {', '.join(rest.contexts)}" if rest.contexts else "synthesised values"
    ways = dict.fromkeys(f"{target.tokenizer} {target.method}" for target in rest.targets)
    counted = f", tokens of {', '.join(ways)}" if ways else ""
    return f"Basis: {values}, clock set to {clock}, seed {rest.seed}{counted}"


def _basis_of_logs(logs: list[SeriesReport]) -> str:
    counts = (program.cost.prompt for series in logs for program in series.programs)
    ways = dict.fromkeys(f"{count.tokenizer} {count.method}" for count in counts)
    return f"Basis: requests as recorded, tokens of {', '.join(ways)}"
