"""Bad input through the real command line: a clear message, the right code, never a traceback."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.conftest import Ran

FORMATS = ("terminal", "json", "sarif", "github", "markdown", "concise")
DAY = ("--at", "2026-11-20")
WORKLOAD = """\
name: tiny
traffic: {arrivals: constant, requests_per_day: 10}
prompt:
  - {name: system, tokens: 2000}
output_tokens: 10
targets: [openai/gpt-4o]
"""


def said(ran: Ran) -> str:
    assert "Traceback" not in ran.err
    assert "internal error" not in ran.err
    return ran.out + ran.err


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (
            "syntax.j2",
            b"fine\nHello {{ name ]}\n",
            "error: syntax.j2:2:15: is not a valid template",
        ),
        ("binary.j2", b"\x00\x01\x02" * 500, "error: binary.j2: is a binary file, not text"),
        ("big.j2", b"a" * 50_000_000, "error: big.j2: is larger than 5 MB"),
        (
            "endless.j2",
            b"{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
            "warning: endless.j2:1:",
        ),
    ],
)
def test_a_template_that_cannot_be_analysed_is_code_2(
    name: str, content: bytes, expected: str, tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    (tmp_path / name).write_bytes(content)
    ran = cli("audit", name, *DAY)
    assert expected in said(ran)
    assert ran.code == 2


def test_a_missing_template_is_code_2(process: Callable[..., Ran]) -> None:
    ran = process("audit", "missing.j2", *DAY)
    assert (ran.code, ran.out) == (2, "")
    assert said(ran) == "error: missing.j2: no such file; check the path\n"


def test_a_folder_without_templates_is_code_3(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "README.md").write_text("no template")
    ran = cli("audit", "docs", *DAY)
    assert (ran.code, ran.out) == (3, "")
    assert "docs: holds no prompt templates" in said(ran)


def test_an_undefined_variable_is_given_a_stand_in(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    (tmp_path / "a.j2").write_text("You help {{ customer.first_name }} with {{ topic }}.\n")
    ran = cli("audit", "a.j2", *DAY)
    assert ran.code == 0
    assert "stand-ins for customer, topic" in " ".join(said(ran).split())


def test_one_broken_template_does_not_stop_the_others(
    tmp_path: Path, process: Callable[..., Ran]
) -> None:
    (tmp_path / "a.j2").write_bytes(b"\x00" * 100)
    (tmp_path / "b.j2").write_text("Hello {{ name }}\n")
    ran = process("audit", ".", *DAY)
    assert ran.code == 2
    assert "a.j2: not analysed" in ran.out
    assert "b.j2: clean" in ran.out
    assert "error: a.j2: is a binary file" in ran.err


SYNTAX = "fine\nHello {{ name ]}\n"
ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}"


@pytest.mark.parametrize(
    ("others", "code"),
    [
        ({"syn.j2": SYNTAX}, 2),
        ({"end.j2": ENDLESS}, 0),
        ({"end.j2": ENDLESS, "syn.j2": SYNTAX}, 2),
        ({"inc.j2": "{% include 'syn.j2' %}", "syn.j2": SYNTAX}, 2),
    ],
)
def test_a_fault_in_one_template_is_told_and_only_bad_text_is_code_2(
    others: dict[str, str], code: int, tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    for name, text in {"good.j2": "Hello {{ name }}\n", **others}.items():
        (tmp_path / name).write_text(text)
    ran = cli("audit", ".", "--format", "json", *DAY)
    assert ran.code == code
    report = json.loads(ran.out)
    dumb = {file["path"] for file in report["files"] if file["status"] == "not analysed"}
    assert dumb == set(others)
    assert {problem["path"] for problem in report["problems"]} == dumb
    levels = {problem["path"]: problem["level"] for problem in report["problems"]}
    assert {ran.err.count(f"{level}: {path}:") for path, level in levels.items()} == {1}


def test_a_syntax_error_has_its_place_in_every_format(
    tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    (tmp_path / "syn.j2").write_text(SYNTAX)
    shown = {form: cli("audit", "syn.j2", "--format", form, *DAY).out for form in FORMATS}
    assert "syn.j2: not analysed: 2:15: is not a valid template" in shown["terminal"]
    assert "`syn.j2` was not analysed: 2:15: is not a valid template" in shown["markdown"]
    assert "::error file=syn.j2,line=2,col=15::is not a valid template" in shown["github"]
    (problem,) = json.loads(shown["json"])["problems"]
    assert (problem["line"], problem["column"], problem["level"]) == (2, 15, "error")
    run = json.loads(shown["sarif"])["runs"][0]["invocations"][0]
    (note,) = run["toolExecutionNotifications"]
    region = note["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 2, "startColumn": 15}
    assert shown["concise"] == ""


def test_a_broken_include_is_named_in_the_answer_of_what_includes_it(
    tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    (tmp_path / "main.j2").write_text("{% include 'syn.txt' %}")
    (tmp_path / "syn.txt").write_text(SYNTAX)
    ran = cli("audit", "main.j2", *DAY)
    assert ran.code == 2
    told = "syn.txt:2:15: is not a valid template: unexpected ']'"
    assert ran.err.splitlines() == [
        f"error: {told}; correct the tag there",
        f"warning: main.j2: not analysed: {told}",
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a: [1\nb: }", "bad.yaml:2:"),
        ("", "bad.yaml"),
        (WORKLOAD.replace("tokens: 2000", "tokens: -5"), "bad.yaml:4:20"),
        (WORKLOAD.replace("gpt-4o", "gpt-4x"), "bad.yaml:6:11: openai has no model 'gpt-4x'; did"),
        (WORKLOAD.replace("output_tokens", "ouput_tokens"), "'output_tokens'?"),
        (WORKLOAD + "name: again\n", "is already set on line 1"),
    ],
)
def test_a_workload_with_a_fault_is_code_2_with_its_place(
    content: str, expected: str, tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    (tmp_path / "bad.yaml").write_text(content)
    ran = cli("simulate", "bad.yaml", *DAY)
    assert (ran.code, ran.out) == (2, "")
    assert expected in said(ran)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("simulate", "missing.yaml"), "error: missing.yaml: no such file"),
        (("audit", "a.j2", "--context", "missing.yaml"), "error: missing.yaml: no such file"),
        (("audit", "a.j2", "--context", "."), "error: .: is a directory"),
        (("audit", "a.j2", "--target", "openai/gpt-4x"), "did you mean gpt-4o"),
        (("audit", "a.j2", "--target", "opnai/gpt-4o"), "did you mean openai"),
        (("audit", "a.j2", "--target", "gpt-4o"), "is not written provider/model@option"),
        (("audit", "a.j2", "--select", "PC9"), "no rule is called 'PC9'"),
        (("audit", "a.j2", "--variable", "{{"), "is not two marks with a space between"),
        (("audit", "a.j2", "--per-file-ignores", "x"), "is not written GLOB:RULE"),
        (("audit", "a.j2", "--pricing", "a.j2"), "error: a.j2"),
        (("prices", "show", "openai/gpt-4x"), "did you mean gpt-4o"),
        (("prices", "show", "nonsense"), "is not written provider/model@option"),
        (("prices", "validate", "a.j2"), "error: a.j2"),
        (("prices", "compare", "litellm", "--file", "a.j2"), "is not the litellm price table"),
        (("prices", "compare", "litellm", "--file", "none"), "error: none: no such file"),
        (("explain", "clock-in-prefx"), "did you mean clock-in-prefix?"),
        (("explain", "something"), "see 'promptcost rules'"),
        (("audit", "a.j2", "--at", "yesterday"), "yesterday"),
        (("audit", "a.j2", "--seed", "-1"), "greater than or equal to 0"),
    ],
)
def test_wrong_words_are_code_2_and_say_what_would_be_right(
    words: tuple[str, ...], expected: str, tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    (tmp_path / "a.j2").write_text("Hello {{ name }}\n")
    ran = cli(*words, COLUMNS="200")
    assert (ran.code, ran.out) == (2, "")
    assert expected in said(ran)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("nowhere/report.txt", "is in a directory that does not exist"),
        (".", "is a directory"),
    ],
)
def test_an_output_that_cannot_be_written_is_refused_before_the_work(
    output: str, expected: str, tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    (tmp_path / "a.j2").write_text("Hello\n")
    ran = cli("audit", "a.j2", "--output", output, *DAY)
    assert (ran.code, ran.out) == (2, "")
    assert expected in said(ran)
    assert [path.name for path in tmp_path.iterdir()] == ["a.j2"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a place nobody can write to")
def test_an_output_that_fails_late_leaves_nothing_behind(
    tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    (tmp_path / "a.j2").write_text("Hello\n")
    ran = cli("audit", "a.j2", "--output", "/proc/report.txt", *DAY)
    assert (ran.code, ran.out) == (2, "")
    assert "error: /proc/report.txt: cannot be written" in said(ran)


@pytest.mark.parametrize("words", [("audit", "a.j2", *DAY), ("rules",), ("explain", "PC101")])
def test_output_goes_to_the_file_alone_and_without_colour(
    words: tuple[str, ...], tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    (tmp_path / "a.j2").write_text("Hello\n")
    shown = cli(*words)
    ran = cli(*words, "--output", "report.txt", FORCE_COLOR="1")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert (tmp_path / "report.txt").read_text(encoding="utf-8") == shown.out


def test_output_through_a_link_keeps_the_link(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    assert cli("rules", "--output", "link.txt").code == 0
    assert (tmp_path / "link.txt").is_symlink()
    assert "PC101" in (tmp_path / "real.txt").read_text(encoding="utf-8")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a device")
def test_a_device_is_written_to_and_not_replaced(process: Callable[..., Ran]) -> None:
    ran = process("rules", "--output", "/dev/stdout")
    assert ran.code == 0
    assert "PC101" in ran.out
    assert not Path(os.devnull).is_file()
