"""Every reporter on one report that uses the whole model, and on hostile text."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report.samples_of_reports import audit_report, series, simulation_report

from promptcost.model.audit_report import SourceLine
from promptcost.model.finding import Edit, Excerpt
from promptcost.report import as_concise, as_github, as_json, as_markdown, as_sarif
from promptcost.report.paths import Paths
from promptcost.report.redact import without_excerpts
from promptcost.report.terminal import Screen, render_audit, render_simulation

if TYPE_CHECKING:
    from collections.abc import Callable

    from promptcost.model.audit_report import AuditReport
    from promptcost.model.simulation_report import SimulationReport

EXPECTED = Path(__file__).parent / "expected"
PATHS = Paths(here=PurePosixPath("/repo/prompts"), root=PurePosixPath("/repo"))
PAGES = {"PC101": "A clock stands before fixed text.\n\nWhat: ..."}
WIDE, NARROW = Screen(width=110), Screen(width=72)
COLOURED = Screen(width=110, colour=True)

AUDIT: dict[str, Callable[[AuditReport], str]] = {
    "audit.terminal.txt": lambda report: render_audit(report, WIDE),
    "audit.narrow.txt": lambda report: render_audit(report, NARROW),
    "audit.coloured.txt": lambda report: render_audit(report, COLOURED),
    "audit.json": as_json.render,
    "audit.sarif": lambda report: as_sarif.render(report, PATHS, PAGES),
    "audit.github.txt": lambda report: as_github.render(report, PATHS),
    "audit.md": as_markdown.render_audit,
    "audit.concise.txt": as_concise.render,
}
SIMULATION: dict[str, Callable[[SimulationReport], str]] = {
    "simulate.terminal.txt": lambda report: render_simulation(report, WIDE),
    "simulate.narrow.txt": lambda report: render_simulation(report, NARROW),
    "simulate.coloured.txt": lambda report: render_simulation(report, COLOURED),
    "simulate.json": as_json.render,
    "simulate.md": as_markdown.render_simulation,
}
PLAIN_AUDIT = sorted(set(AUDIT) - {"audit.coloured.txt"})
PLAIN_SIMULATION = sorted(set(SIMULATION) - {"simulate.coloured.txt"})

HOSTILE = [
    "\x1b[2J\x1b]0;title\x07",
    "\x9b31m",
    "\u202ereversed\u2066",
    "[bold red]x[/] :smile: [link=http://e.vil]y[/link]",
    "</code><script>alert(1)</script>",
    "a | b\n| c | d |",
    "\r\n::error file=x::forged",
    "##[error]forged",
    '"}],"version":"9"',
    "{0} [a](http://b) \\[",
    "\ud800\udfff\udc00",
    "\0",
    "\u2028\u2029\x85\x0b\x0c",
    "`" * 40,
    "x" * 5000,
    "漢" * 300,
]
TEXT = st.sampled_from(HOSTILE) | st.text(st.characters(), max_size=40)
FORBIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def forbidden(text: str) -> set[str]:
    return {c for c in text if c != "\n" and unicodedata.category(c) in FORBIDDEN}


def masked(text: str) -> str:
    return re.sub(r'("(?:promptcost|semanticVersion)": )"\d[^"]*"', r'\1"VERSION"', text)


def compare(name: str, shown: str, *, update: bool) -> None:
    path = EXPECTED / name
    if update:
        path.parent.mkdir(exist_ok=True)
        path.write_text(masked(shown), encoding="utf-8")
    assert masked(shown) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", AUDIT)
def test_audit_report_looks_as_expected(name: str, update_golden: bool) -> None:  # noqa: FBT001 - a fixture
    compare(name, AUDIT[name](audit_report()), update=update_golden)


@pytest.mark.parametrize("name", SIMULATION)
def test_simulation_report_looks_as_expected(name: str, update_golden: bool) -> None:  # noqa: FBT001 - a fixture
    compare(name, SIMULATION[name](simulation_report()), update=update_golden)


@pytest.mark.parametrize("name", PLAIN_AUDIT)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_audit_format_passes_a_control_character_on(name: str, text: str) -> None:
    assert forbidden(AUDIT[name](audit_report(text, path=f"{text}.j2"))) == set()


@pytest.mark.parametrize("name", PLAIN_SIMULATION)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_simulation_format_passes_a_control_character_on(name: str, text: str) -> None:
    assert forbidden(SIMULATION[name](simulation_report(text))) == set()


@settings(max_examples=25, deadline=None)
@given(text=TEXT, path=TEXT)
def test_any_text_leaves_every_format_clean_and_parseable(text: str, path: str) -> None:
    audit, simulation = audit_report(text, path=path), simulation_report(text)
    shown = [AUDIT[name](audit) for name in PLAIN_AUDIT]
    shown += [SIMULATION[name](simulation) for name in PLAIN_SIMULATION]
    shown += [STYLE.sub("", AUDIT["audit.coloured.txt"](audit))]
    shown += [STYLE.sub("", SIMULATION["simulate.coloured.txt"](simulation))]
    assert [forbidden(output) for output in shown] == [set()] * len(shown)
    assert json.loads(as_json.render(audit))["kind"] == "audit"
    assert json.loads(as_sarif.render(audit, PATHS, PAGES))["version"] == "2.1.0"


@given(text=TEXT)
def test_one_line_per_finding_whatever_the_path_and_message_hold(text: str) -> None:
    report = audit_report(text, path=text)
    concise = as_concise.render(report).split("\n")
    github = as_github.render(report, PATHS).split("\n")
    assert (len(concise), len(github)) == (3, 5)
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in github[:-1])
    assert not any(line.lstrip().startswith("::") for line in concise)


def test_rich_markup_and_emoji_codes_in_prompts_stay_text() -> None:
    shown = render_audit(audit_report("[bold]x[/bold] :smile:"), WIDE)
    assert "Today is {{ [bold]x[/bold] :smile: }}." in shown


PRIVATE = "private-prompt-text"


@pytest.mark.parametrize("name", AUDIT)
def test_reports_without_excerpts_hold_no_prompt_text(name: str) -> None:
    report = audit_report()
    private = without_excerpts(_with_secret(report))
    assert PRIVATE not in AUDIT[name](private)
    assert PRIVATE in AUDIT["audit.json"](_with_secret(report))


def _with_secret(report: AuditReport) -> AuditReport:
    """Put the secret where prompt text may stand: excerpts, lines, literals, replacements."""
    file = report.files[0]
    excerpt = Excerpt(was=PRIVATE, now=PRIVATE)
    first = file.findings[0]
    assert first.fix is not None
    edits = (Edit(path="support.j2", start=0, end=1, replacement=PRIVATE),)
    literal = f"{{{{ \"{PRIVATE}\" ~ now ~ '{PRIVATE}' }}}}"
    finding = replace(
        first, excerpt=excerpt, expression=literal, fix=replace(first.fix, edits=edits)
    )
    row = replace(file.survival[0], excerpt=excerpt, expression=literal)
    silenced = replace(file.suppressed[0], finding=finding)
    changed = replace(
        file,
        series=series(),
        findings=(finding,),
        survival=(row,),
        suppressed=(silenced,),
        lines=(SourceLine(path="support.j2", number=2, text=PRIVATE),),
    )
    return replace(report, files=(changed,))


def test_an_empty_report_says_so() -> None:
    report = audit_report()
    empty = replace(report, files=report.files[2:3], problems=())
    assert as_concise.render(empty) == ""
    assert as_github.render(empty, PATHS) == ""
    assert "no findings in 1 template (1 clean)" in render_audit(empty, WIDE)
    assert json.loads(as_sarif.render(empty, PATHS, PAGES))["runs"][0]["results"] == []
