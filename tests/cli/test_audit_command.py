from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from promptcost.cli.options import Syntax
from promptcost.report import as_sarif
from promptcost.templates.settings import SourceKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli.conftest import Ran

FIXED = "".join(
    f"Rule {n}: answer politely and cite the manual you were given.\n" for n in range(99)
)
CLOCK = "Today is {{ now }}.\n" + FIXED
DAY = ("--at", "2026-11-20")


@pytest.fixture(autouse=True)
def _templates(tmp_path: Path) -> None:
    (tmp_path / "clock.j2").write_text(CLOCK)


def codes(ran: Ran) -> list[str]:
    written = json.loads(ran.out)
    return [found["code"] for file in written["files"] for found in file["findings"]]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ["PC101"]),
        (("--select", "PC101"), ["PC101"]),
        (("--select", "clock-in-prefix"), ["PC101"]),
        (("--select", "PC102"), []),
        (("--ignore", "PC101"), []),
        (("--per-file-ignores", "*.j2:PC101"), []),
        (("--per-file-ignores", "*.j2:PC102,PC101"), []),
        (("--select", "PC102, PC101"), ["PC101"]),
        (("--select", "PC102,PC103"), []),
        (("--ignore", "PC102,PC101"), []),
        (("--per-file-ignores", "old/*.j2:PC101"), ["PC101"]),
        (("--per-file-ignores", "*.j2:PC102", "--per-file-ignores", "*.j2:PC101"), []),
    ],
)
def test_rules_are_chosen_by_code_name_and_file(
    words: tuple[str, ...], expected: list[str], cli: Callable[..., Ran]
) -> None:
    assert codes(cli("audit", "clock.j2", "--format", "json", *words, *DAY)) == expected


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 1),
        (("--fail-on", "high"), 1),
        (("--fail-on", "never"), 0),
        (("--exit-zero",), 0),
        (("--ignore", "PC101"), 0),
    ],
)
def test_the_gate_closes_at_the_threshold(
    words: tuple[str, ...], code: int, cli: Callable[..., Ran]
) -> None:
    assert cli("audit", "clock.j2", "--format", "concise", *words, *DAY).code == code


def test_exit_zero_does_not_hide_unusable_data(cli: Callable[..., Ran]) -> None:
    assert cli("audit", "clock.j2", "missing.j2", "--exit-zero", *DAY).code == 2


def test_other_marks_are_read_as_told(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    (tmp_path / "marks.j2").write_text("<< now >>\n<# remark #>\n[% if x %]y[% endif %]\n" + FIXED)
    words = ("--variable", "<< >>", "--comment", "<# #>", "--block", "[% %]")
    ran = cli("audit", "marks.j2", "--format", "json", *words, "--trim-blocks", *DAY)
    assert codes(ran)[:1] == ["PC101"]


def test_the_language_can_be_forced(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    (tmp_path / "brace.txt").write_text("Today is {now}.\n" + FIXED)
    ran = cli("audit", "brace.txt", "--syntax", "str_format", "--format", "json", *DAY)
    assert codes(ran) == ["PC101"]
    plain = cli("audit", "brace.txt", "--syntax", "plain", "--format", "json", *DAY)
    assert codes(plain) == []


def test_contexts_make_a_suspicion_a_declaration(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    (tmp_path / "contexts.yaml").write_text(
        "contexts:\n  a: {now: '2026-11-20 09:14:07'}\nvaries: {now: second}\n"
    )
    ran = cli("audit", "clock.j2", "-c", "contexts.yaml", "--format", "json", *DAY)
    bare = cli("audit", "clock.j2", "--format", "json", *DAY)
    found = [json.loads(r.out)["files"][0]["findings"][0]["confidence"] for r in (bare, ran)]
    assert found == ["suspected", "declared"]


@pytest.mark.parametrize("form", ["terminal", "json", "sarif", "github", "markdown", "concise"])
def test_no_excerpts_keeps_prompt_text_out_of_every_format(
    form: str, tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    (tmp_path / "clock.j2").write_text("private-words {{ now }} private-words\n" + FIXED)
    ran = cli("audit", "clock.j2", "--format", form, "--no-excerpts", *DAY)
    assert ran.code == 1
    assert "private-words" not in ran.out + ran.err
    assert "Rule 7" not in ran.out + ran.err
    with_text = cli("audit", "clock.j2", "--format", "json", *DAY)
    assert "private-words" in with_text.out


def test_sarif_paths_start_at_the_repository(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "a.j2").write_text(CLOCK)
    ran = cli("audit", "prompts", "--format", "sarif", *DAY)
    results = json.loads(ran.out)["runs"][0]["results"]
    places = [one["locations"][0]["physicalLocation"]["artifactLocation"] for one in results]
    assert places == [{"uri": "prompts/a.j2", "uriBaseId": "%SRCROOT%"}]


def test_notes_are_shown_on_request(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    (tmp_path / "note.j2").write_text("A\u00a0fixed\u00a0text.\n" + FIXED)
    quiet = cli("audit", "note.j2", "--format", "json", *DAY)
    asked = cli("audit", "note.j2", "--format", "json", "--notes", *DAY)
    assert codes(quiet) == []
    assert set(codes(asked)) >= set(codes(quiet))


def test_the_same_seed_gives_the_same_report(cli: Callable[..., Ran]) -> None:
    words = ("audit", "clock.j2", "--format", "json", *DAY, "--seed")
    assert cli(*words, "3").out == cli(*words, "3").out


def test_hostile_names_and_text_reach_no_terminal(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    name = "a\x1b[31m\u202e.j2"
    (tmp_path / name).write_text("\x1b]0;x\x07[bold]{{ now }}[/bold]\u2066\n" + FIXED)
    for form in ("terminal", "json", "sarif", "github", "markdown", "concise"):
        ran = cli("audit", name, "--format", form, *DAY)
        assert ran.code == 1
        assert {"\x1b", "\x07", "\u202e", "\u2066"}.isdisjoint(ran.out + ran.err)


def test_words_of_the_command_line_are_those_of_templates() -> None:
    assert [str(word) for word in Syntax] == [str(kind) for kind in SourceKind]


WORKLOAD = """\
name: bot
period: 1d
traffic: {requests_per_day: 2000}
prompt:
  - {name: system, template: clock.j2, variables: {now: second}}
  - {name: question, tokens: 50, stability: request}
targets: [anthropic/claude-sonnet-5-5@5m]
"""


def test_a_workload_turns_findings_into_dollars(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    (tmp_path / "w.yaml").write_text(WORKLOAD)
    words = ("audit", "clock.j2", "--workload", "w.yaml", *DAY)
    (cost,) = json.loads(cli(*words, "--format", "json").out)["files"][0]["findings"][0]["costs"]
    assert cost["target"] == "anthropic/claude-sonnet-5-5@5m"
    assert float(cost["per_month"]) > 0
    shown = cli(*words)
    assert shown.code == 1
    assert "What the traffic costs a month" in shown.out


def test_a_faulty_workload_ends_the_audit(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    (tmp_path / "w.yaml").write_text("name: x\n")
    ran = cli("audit", "clock.j2", "--workload", "w.yaml", *DAY)
    assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize(
    ("before", "option", "dropped"),
    [
        ("Hi.{% if true %}\n{% endif %}", "--trim-blocks", 1),
        ("Hi.{% if true %}\n{% endif %}", "--no-trim-blocks", 0),
        ("Hi.\n  {% if true %}{% endif %}\n", "--lstrip-blocks", 2),
        ("Hi.\n  {% if true %}{% endif %}\n", "--no-lstrip-blocks", 0),
    ],
)
def test_blanks_around_statements_are_read_as_told(
    before: str, option: str, dropped: int, tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    (tmp_path / "blank.j2").write_text(before + FIXED + "{{ now }}")
    words = ("audit", "blank.j2", "--format", "json", *DAY)
    usual, told = (
        json.loads(cli(*words, *more).out)["files"][0]["survival"][0]["bytes_total"]
        for more in ((), (option,))
    )
    assert usual - told == dropped


def test_more_results_than_code_scanning_takes_are_written_with_a_warning(
    cli: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(as_sarif, "MOST_RESULTS", 0)
    ran = cli("audit", "clock.j2", "--format", "sarif", *DAY)
    assert ran.err.startswith("warning: 1 results are more than the 0 that GitHub code scanning")
    assert len(json.loads(ran.out)["runs"][0]["results"]) == 1
