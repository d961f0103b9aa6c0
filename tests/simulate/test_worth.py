"""What findings cost: the prompt as it is against the prompt with one cause moved behind."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from promptcost.audit import AuditRequest, run_audit
from promptcost.catalogue import load_catalogue
from promptcost.errors import DataError
from promptcost.simulate.worth import with_costs
from promptcost.templates.contexts import load_contexts
from promptcost.tokens import NO_OWN_TOKENIZERS
from promptcost.workload.load import load_workload

if TYPE_CHECKING:
    from pathlib import Path

    from promptcost.model.audit_report import AuditReport

AT = datetime(2026, 11, 20, tzinfo=UTC)
RULES = "\n".join(f"Rule {n}: answer in plain words and name the source." for n in range(200))
WORKLOAD = """\
name: bot
traffic: {arrivals: constant, requests_per_day: 1440}
prompt:
  - {name: system, template: prompt.j2, variables: {VARIES}}
  - {name: question, tokens: 50, stability: request}
output_tokens: 10
targets: [anthropic/claude-sonnet-4-6@5m, anthropic/claude-sonnet-4-6@none]
"""


def audited(folder: Path, template: str, varies: str, contexts: str = "") -> AuditReport:
    (folder / "prompt.j2").write_text(template, encoding="utf-8")
    (folder / "contexts.yaml").write_text(contexts or "contexts: {a: {}}\n", encoding="utf-8")
    (folder / "workload.yaml").write_text(WORKLOAD.replace("VARIES", varies), encoding="utf-8")
    known, _ = load_contexts(folder / "contexts.yaml")
    workload, problems = load_workload(folder / "workload.yaml")
    assert known is not None
    assert workload is not None, problems
    targets = ("anthropic/claude-sonnet-4-6@5m",)
    request = AuditRequest(paths=(folder / "prompt.j2",), at=AT, contexts=known, targets=targets)
    return with_costs(
        run_audit(request),
        workload,
        load_catalogue()[0],
        targets=None,
        at=AT,
        seed=None,
        tokenizers=NO_OWN_TOKENIZERS,
    )


def test_a_clock_at_the_top_costs_the_cached_rules(tmp_path: Path) -> None:
    report = audited(tmp_path, f"It is {{{{ now }}}}.\n{RULES}", "now: second")
    (cached,) = report.findings[0].costs  # the target without a cache has no cost to remove
    prefix = report.files[0].survival[0].targets[0].tokens_total.value
    # 43,200 requests a minute apart: all but the first read what would otherwise be input
    assert cached.per_month == pytest.approx(
        Decimal(43_200) * prefix * (Decimal("3.00") - Decimal("0.30")) / 1_000_000,
        rel=Decimal("0.02"),
    )


def test_repairing_the_only_cause_is_repairing_everything(tmp_path: Path) -> None:
    report = audited(tmp_path, f"It is {{{{ now }}}}.\n{RULES}", "now: second")
    cached = report.worth[0]
    assert cached.as_it_is - cached.repaired == report.findings[0].costs[0].per_month


def test_one_of_two_causes_saves_nothing_by_itself(tmp_path: Path) -> None:
    text = f"It is {{{{ now }}}} in call {{{{ request_id }}}}.\n{RULES}"
    report = audited(tmp_path, text, "now: second, request_id: request")
    assert [finding.code for finding in report.findings] == ["PC101", "PC102"]
    assert [abs(finding.costs[0].per_month) < 1 for finding in report.findings] == [True, True]
    assert report.worth[0].as_it_is - report.worth[0].repaired > 100


def test_a_payload_in_front_is_moved_not_made_static(tmp_path: Path) -> None:
    report = audited(tmp_path, f"Judge: {{{{ answer }}}}\n{RULES}", "answer: request")
    (cached,) = report.findings[0].costs
    assert cached.per_month > 0
    assert report.worth[0].repaired > report.worth[0].as_it_is / 20


def test_what_the_workload_never_varies_has_no_cost(tmp_path: Path) -> None:
    report = audited(tmp_path, f"It is {{{{ now }}}}.\n{RULES}", "now: static")
    assert report.findings[0].costs == ()
    assert report.worth == ()


def test_a_loop_is_moved_with_all_it_prints(tmp_path: Path) -> None:
    text = f"{{% for task in tasks %}}\n- {{{{ task.title }}}}\n{{% endfor %}}\n{RULES}"
    report = audited(tmp_path, text, "tasks: request")
    assert report.findings[0].costs[0].per_month > 100


def test_a_broken_template_is_the_problem_of_the_workload(tmp_path: Path) -> None:
    (tmp_path / "prompt.j2").write_text("It is {{ now }}.\n" + RULES, encoding="utf-8")
    report = run_audit(AuditRequest(paths=(tmp_path / "prompt.j2",), at=AT))
    (tmp_path / "other.j2").write_text("{% if", encoding="utf-8")
    (tmp_path / "workload.yaml").write_text(
        WORKLOAD.replace("VARIES", "").replace("prompt.j2", "other.j2"), encoding="utf-8"
    )
    workload, _ = load_workload(tmp_path / "workload.yaml")
    assert workload is not None
    with pytest.raises(DataError, match=r"other\.j2"):
        with_costs(
            report,
            workload,
            load_catalogue()[0],
            targets=None,
            at=AT,
            seed=1,
            tokenizers=NO_OWN_TOKENIZERS,
        )
