from __future__ import annotations

import pytest
from audit.auditing import RULES, audit, codes, only

from promptcost.audit import Selection
from promptcost.errors import Level

CLOCK = "Now: {{ now }}."
WHY = "the log needs the time"


def problems(report):
    return [(problem.line, problem.message) for problem in report.problems]


@pytest.mark.parametrize(
    "text",
    [
        f"{CLOCK} {{# promptcost: ignore[PC101] {WHY} #}}\n{RULES}",
        f"{{# promptcost: ignore[PC101] {WHY} #}}\n{CLOCK}\n{RULES}",
        f"{{#- promptcost: ignore [ PC101 , PC102 ] {WHY} -#}}\n{CLOCK}\n{RULES}",
        f"{{# promptcost: ignore[clock-in-prefix] {WHY} #}}\n{CLOCK}\n{RULES}",
        f"{{# promptcost: ignore-file[PC10] {WHY} #}}\nBe brief.\n\n{CLOCK}\n{RULES}",
    ],
)
def test_suppression_silences_with_its_reason(tmp_path, text):
    report = audit(tmp_path, text)
    (silenced,) = report.suppressed
    assert (codes(report), problems(report)) == ([], [])
    assert (silenced.finding.code, silenced.reason) == ("PC101", WHY)
    assert silenced.place.path.endswith("prompt.j2")
    assert only(report).status.value == "clean"


@pytest.mark.parametrize(
    "text",
    [
        f"{{# promptcost: ignore[PC101] {WHY} #}}\n\n{CLOCK}\n{RULES}",
        f"Be brief. {{# promptcost: ignore[PC101] {WHY} #}}\n{CLOCK}\n{RULES}",
        f"{{# promptcost: ignore[PC102] {WHY} #}}\n{CLOCK}\n{RULES}",
    ],
)
def test_suppression_elsewhere_silences_nothing_and_is_named(tmp_path, text):
    report = audit(tmp_path, text)
    assert [code for code, _, _ in codes(report)] == ["PC101"]
    assert [message[-16:] for _, message in problems(report)] == ["silences nothing"]
    assert [problem.level for problem in report.problems] == [Level.WARNING]


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("ignore[PC101]", "gives no reason"),
        ("ignore[PC101]  - ", "gives no reason"),
        ("ignore[] why", "names no rule"),
        ("ignore why", "names no rule"),
        ("ignore[PC999] why", "names the unknown rule 'PC999'"),
    ],
)
def test_faulty_suppression_is_not_applied(tmp_path, comment, message):
    report = audit(tmp_path, f"{CLOCK} {{# promptcost: {comment} #}}\n{RULES}")
    assert [code for code, _, _ in codes(report)] == ["PC101"]
    assert problems(report) == [(1, f"a suppression {message} and is not applied")]


def test_words_outside_of_comments_are_prompt_text(tmp_path):
    report = audit(tmp_path, f"{CLOCK} promptcost: ignore[PC101] {WHY}\n{RULES}")
    assert ([code for code, _, _ in codes(report)], problems(report)) == (["PC101"], [])


def test_rule_that_was_not_run_leaves_its_suppression_in_peace(tmp_path):
    text = f"{{# promptcost: ignore[PC101] {WHY} #}}\n{RULES}"
    assert len(audit(tmp_path, text).problems) == 1
    assert audit(tmp_path, text, selection=Selection(ignore=("PC101",))).problems == ()


def test_python_and_yaml_comments_suppress(tmp_path):
    text = f'# promptcost: ignore[PC101] {WHY}\nPROMPT = f"Now {{now}}. {RULES}"\n'
    report = audit(tmp_path, text, name="prompts.py")
    assert (codes(report), len(report.suppressed), problems(report)) == ([], 1, [])


def test_suppression_serves_all_templates_of_a_file(tmp_path):
    silenced = f"a: |\n  {CLOCK}  # promptcost: ignore[PC101] {WHY}\n  {RULES}\n"
    text = f"{silenced}b: |\n  {CLOCK}\n  {RULES}\n"
    report = audit(tmp_path, text, name="prompts.yaml")
    assert [(finding.code, finding.place.start_line) for finding in report.findings] == [
        ("PC101", 5)
    ]
    assert problems(report) == []
