"""How reports are laid out where the full report of the samples does not go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report.samples_of_reports import (
    audit_report,
    estimated,
    exact,
    finding,
    place,
    simulation_report,
    survival,
    target_result,
)
from rich.cells import cell_len
from rich.text import Text

from promptcost.model.audit_report import FileReport, FileStatus, SourceLine, TargetSurvival
from promptcost.model.finding import Severity
from promptcost.model.money import Cost
from promptcost.model.simulation_report import Percentiles, Saving
from promptcost.model.usage import CACHE_READ, INPUT
from promptcost.report import as_github, as_markdown
from promptcost.report.details import headline, target_details, verdict
from promptcost.report.paths import Paths
from promptcost.report.tables import Column, Table, cost_table, survival_tables
from promptcost.report.terminal import Screen, render_audit, render_simulation
from promptcost.report.terminal.layout import fits, lay_out
from promptcost.report.terminal.source import marked_line, shortened

SCREEN = Screen(width=100)
FILE = audit_report().files[0]


def with_targets(*targets: TargetSurvival) -> FileReport:
    rows = tuple(replace(row, targets=targets) for row in survival())
    return replace(FILE, survival=rows)


def target(name: str, minimum: int | None = 1024, tokens: int = 9) -> TargetSurvival:
    return TargetSurvival(
        target=name, tokens_shared=exact(tokens), tokens_total=exact(2140), minimum=minimum
    )


def headings(file: FileReport, per_table: int = 9) -> list[list[str]]:
    return [[column.name for column in made.columns] for made in survival_tables(file, per_table)]


def test_targets_whose_figures_agree_share_a_column() -> None:
    file = with_targets(target("a/x@5m"), target("a/x@1h"), target("b/y"))
    assert headings(file) == [
        [
            "when it is the",
            "bytes",
            "a/\nx@5m\nx@1h\nb/\ny\nof 2,140 tokens\n(exact)\nclears minimum 1,024?",
            "breaks at",
        ]
    ]


def test_targets_that_do_not_fit_side_by_side_get_tables_of_their_own() -> None:
    file = with_targets(target("a/x", 1), target("b/y", 2), target("c/z", 3))
    assert [len(columns) for columns in headings(file, per_table=2)] == [5, 4]


def test_an_unknown_minimum_is_said_to_be_unknown() -> None:
    made = survival_tables(with_targets(target("a/x", None)), 9)[0]
    assert made.columns[2].name.endswith("clears minimum unknown?")
    assert [row[2] for row in made.rows] == ["9 0.4 % cannot tell"] * 3


def test_a_survival_without_targets_still_tells_bytes_and_places() -> None:
    made = survival_tables(with_targets(), 9)
    assert [column.name for column in made[0].columns] == ["when it is the", "bytes", "breaks at"]


def test_a_file_without_renders_has_no_survival_table() -> None:
    assert survival_tables(replace(FILE, survival=()), 9) == []
    assert "What stays cached" not in render_audit(
        replace(audit_report(), files=(replace(FILE, survival=()),)), SCREEN
    )


def test_a_long_expression_is_cut_in_the_table_and_whole_in_the_finding() -> None:
    long = "{{ messages | map(attribute='content') | join(', ') | trim }}"
    rows = tuple(replace(row, expression=long) for row in survival())
    cell = survival_tables(replace(FILE, survival=rows), 9)[0].rows[0][-1]
    assert cell == "2:10 {{ messages | map(attribute='…"


def test_many_files_leave_the_survival_tables_to_json() -> None:
    clean = FileReport(path="x.j2", status=FileStatus.CLEAN, survival=survival())
    report = replace(audit_report(), files=(clean,) * 4)
    shown = render_audit(report, SCREEN)
    assert "when it is the" not in shown
    assert "shown for up to 3 templates" in shown


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.HIGH, "error"),
        (Severity.MEDIUM, "warning"),
        (Severity.LOW, "notice"),
        (Severity.NOTE, "notice"),
    ],
)
def test_severities_become_levels_of_annotations(severity: Severity, level: str) -> None:
    file = replace(FILE, findings=(finding(severity=severity),))
    report = replace(audit_report(), files=(file,), problems=())
    paths = Paths(here=PurePosixPath("/r"), root=PurePosixPath("/r"))
    assert as_github.render(report, paths).startswith(f"::{level} file=support.j2,line=2,")


def test_a_finding_over_lines_has_no_columns_in_an_annotation() -> None:
    spread = replace(place(), end_line=4)
    file = replace(FILE, findings=(finding(place=spread),))
    report = replace(audit_report(), files=(file,), problems=())
    shown = as_github.render(report, Paths(here=PurePosixPath("/r"), root=PurePosixPath("/r")))
    assert "col=" not in shown
    assert "endLine=4" in shown


def test_a_finding_over_lines_is_marked_to_the_end_of_the_first() -> None:
    spread = replace(place(), end_line=4, end_column=2)
    assert marked_line("Today is {{ a", spread, 80) == ("Today is {{ a", "         ^^^^")


@pytest.mark.parametrize(
    ("text", "start", "end", "width", "expected"),
    [
        ("Today is {{ now }}.", 10, 19, 80, ("Today is {{ now }}.", "         ^^^^^^^^^")),
        ("\tx {{ a }}", 4, 11, 80, ("    x {{ a }}", "      ^^^^^^^")),
        ("漢字 {{ a }}", 4, 11, 80, ("漢字 {{ a }}", "     ^^^^^^^")),
        ("\x1b {{ a }}", 3, 10, 80, ("\\x1b {{ a }}", "     ^^^^^^^")),
        (
            "a" * 50 + "{{ b }}" + "c" * 50,
            51,
            58,
            30,
            ("…" + "a" * 9 + "{{ b }}" + "c" * 12 + "…", " " * 10 + "^" * 7),
        ),
        ("short", 6, 6, 80, ("short", "     ^")),
    ],
)
def test_carets_stand_under_the_expression(
    text: str, start: int, end: int, width: int, expected: tuple[str, str]
) -> None:
    assert marked_line(text, place(start=start, end=end), width) == expected


@given(
    before=st.text(max_size=80),
    marked=st.text(min_size=1, max_size=80),
    after=st.text(max_size=80),
    width=st.integers(min_value=20, max_value=120),
)
def test_a_marked_line_always_fits(before: str, marked: str, after: str, width: int) -> None:
    at = place(start=len(before) + 1, end=len(before) + len(marked) + 1)
    line, carets = marked_line(before + marked + after, at, width)
    assert cell_len(line) <= width
    assert cell_len(carets) <= width
    assert carets.strip() == "^" * len(carets.strip())


def test_shortened_text_fits_and_says_that_it_was_cut() -> None:
    assert shortened("a\nb", 10) == "a\\nb"
    assert shortened("abcdefghijkl", 10) == "abcdefghi…"
    assert shortened("abc", 0) == ""


TABLE = Table(
    title="t",
    columns=(Column(name="name"), Column(name="n", figures=True), Column(name="why", folds=True)),
    rows=(("alpha", "1", "a word or two that go on"), ("b", "1,000", "x" * 30)),
)


def plain(table: Table, width: int) -> list[str]:
    return [line.plain.rstrip() for line in lay_out(table, width, lambda _name, _cell: "")]


def test_a_table_that_fits_is_one_line_a_row() -> None:
    assert fits(TABLE, 50)
    assert plain(TABLE, 50) == [
        "name       n  why",
        "alpha      1  a word or two that go on",
        "b      1,000  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ]


def test_only_text_is_folded_when_there_is_less_room() -> None:
    assert plain(TABLE, 30) == [
        "name       n  why",
        "alpha      1  a word or two",
        "              that go on",
        "b      1,000  xxxxxxxxxxxxxxxx",
        "              xxxxxxxxxxxxxx",
    ]


def test_a_row_that_does_not_fit_gives_its_first_cell_a_line() -> None:
    assert not fits(TABLE, 20)
    assert plain(TABLE, 20)[:4] == ["name", "      n  why", "alpha", "      1  a word or"]


def test_an_empty_table_is_its_headings() -> None:
    assert plain(replace(TABLE, rows=()), 50) == ["name  n  why"]


def test_styles_are_given_by_column_and_cell() -> None:
    lines = lay_out(TABLE, 60, lambda name, cell: "red" if (name, cell) == ("n", "1") else "")
    styled = [str(span.style) for line in lines for span in Text.assemble(line).spans]
    assert styled.count("red") == 1


def test_an_unknown_cost_is_never_a_smaller_one() -> None:
    cost = Cost({INPUT: Decimal(5)}, frozenset({CACHE_READ}))
    result = replace(target_result("a/x", "1"), cost=cost, percentiles=None, saving=None)
    known = target_result("b/y", "1")
    table = cost_table(replace(simulation_report(), targets=(result, known)))
    assert table.rows[0][1:3] == ("unknown (no price for cache_read)", "")
    assert table.rows[0][5] == ""


def test_a_column_in_which_nothing_stands_is_left_out() -> None:
    result = replace(target_result("a/x", "1"), percentiles=None)
    table = cost_table(replace(simulation_report(), targets=(result,)))
    assert "P5 - P50 - P95" not in [column.name for column in table.columns]
    assert {len(row) for row in table.rows} == {len(table.columns)}


def test_caching_that_costs_more_is_shown_as_more() -> None:
    saving = Saving(uncached=Decimal(10), amount=Decimal(-3), share=-0.3)
    result = replace(target_result("a/x", "13"), saving=saving)
    cells = cost_table(replace(simulation_report(), targets=(result,))).rows[0]
    assert cells[5] == "+$3.00 (30.0 %)"
    free = replace(result, saving=Saving(uncached=Decimal(0), amount=Decimal(-3), share=None))
    assert cost_table(replace(simulation_report(), targets=(free,))).rows[0][5] == "+$3.00"


def test_small_intervals_keep_their_cents() -> None:
    spread = Percentiles(p5=Decimal("1.234"), p50=Decimal("2.5"), p95=Decimal(120), replicates=9)
    result = replace(target_result("a/x", "2.5"), percentiles=spread)
    cells = cost_table(replace(simulation_report(), targets=(result,))).rows[0]
    assert cells[2] == "$1.23 - $2.50 - $120"


def test_a_sampled_run_and_a_run_without_uncertainty_say_so() -> None:
    report = replace(simulation_report(), requests=100_000, uncertainty=())
    volume, played, prices = headline(report)
    assert volume.endswith(": 150,000 requests a month")
    assert played.startswith("Simulated 100,000 requests in ")
    assert played.endswith(", figures scaled to the month")
    assert "no interval, because the workload declares no uncertainty" in prices


def test_a_run_of_every_request_is_not_scaled() -> None:
    report = replace(simulation_report(), requests=simulation_report().requests_per_month)
    assert "scaled" not in "".join(headline(report))


def test_without_a_known_cost_no_target_is_the_cheapest() -> None:
    report = replace(simulation_report(), cheapest=None, defaults=(), warnings=())
    assert verdict(report) == ""
    assert "Cheapest" not in render_simulation(report, SCREEN)
    assert "Cheapest" not in as_markdown.render_simulation(report)


def test_a_plain_result_has_only_the_details_that_apply() -> None:
    result = replace(
        target_result("a/x", "1"),
        placement=(),
        below_minimum=(),
        break_even=None,
        budget=None,
        dominant_input="",
        assumptions=(),
        notes=("a/x: the price changes",),
    )
    prices = replace(result.prices, valid_from=date(2026, 3, 13))
    assert target_details(replace(result, prices=prices)) == [
        ("tokens", "estimated ±9 %, claude-5"),
        ("prices", "checked 2026-11-01, high trust, valid from 2026-03-13"),
        ("note", "the price changes"),
    ]


def test_details_that_hold_for_some_targets_name_them() -> None:
    other = replace(target_result("b/y", "2"), notes=("only here",))
    report = replace(simulation_report(), targets=(target_result("a/x", "1"), other))
    shown = render_simulation(report, Screen(width=120))
    assert "only here  [b/y]" in shown
    assert "(`b/y`)" in as_markdown.render_simulation(report)


def test_an_exact_estimate_and_its_band_meet_in_the_heading() -> None:
    about = replace(target("a/x"), tokens_total=estimated(2313, 2105, 2520))
    assert "of ≈2,310 tokens\n(estimated 2,105-2,520)" in headings(with_targets(about))[0][2]


def test_a_finding_without_its_line_is_told_without_a_caret() -> None:
    lines = (SourceLine(path="other.j2", number=2, text="x"),)
    shown = render_audit(replace(audit_report(), files=(replace(FILE, lines=lines),)), SCREEN)
    assert "^" not in shown
    assert "repair" in shown


def test_markdown_tells_a_finding_without_an_expression() -> None:
    file = replace(FILE, findings=(finding(expression="", excerpt=None, tokens_at_risk=None),))
    shown = as_markdown.render_audit(replace(audit_report(), files=(replace(file, notes=()),)))
    assert "- expression" not in shown
    assert "- confidence: confirmed" in shown


def test_without_a_workload_nothing_is_said_about_dollars() -> None:
    file = replace(FILE, findings=(finding(),))
    report = replace(audit_report(), files=(file,), worth=())
    for shown in (render_audit(report, SCREEN), as_markdown.render_audit(report)):
        assert "$" not in shown
        assert "What the traffic costs" not in shown
