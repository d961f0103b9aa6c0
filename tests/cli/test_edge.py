"""What the process says and returns, whatever a command does."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from promptcost import __version__
from promptcost.cli import _rules, edge
from promptcost.cli.edge import main, run
from promptcost.errors import DataError, Level, NothingToDo, Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.conftest import Ran

PROMPT_TEXT = "the customer's prompt"


class _Panic(BaseException):
    """Like the panic of an extension module: no `Exception`."""


PROBLEMS = [
    Problem(path="a.j2", line=2, column=3, message="is wrong", repair="repair it"),
    Problem(path="b.j2", message="looks odd\x1b[31m", level=Level.WARNING),
]


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (
            DataError(PROBLEMS),
            2,
            "error: a.j2:2:3: is wrong; repair it\nwarning: b.j2: looks odd\\x1b[31m\n",
        ),
        (UsageError("no such rule"), 2, "error: no such rule\n"),
        (NothingToDo("no template"), 3, "error: no template\n"),
        (KeyboardInterrupt(), 130, "error: interrupted\n"),
    ],
)
def test_what_a_command_raises_becomes_lines_and_a_code(
    raised: BaseException,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(_output: object) -> None:
        raise raised

    monkeypatch.setattr(_rules, "list_rules", fail)
    assert run(["rules"]) == code
    assert capsys.readouterr() == ("", said)


@pytest.mark.parametrize(
    "raised", [RuntimeError(PROMPT_TEXT), MemoryError(), _Panic(PROMPT_TEXT), OSError(5, "I/O")]
)
def test_a_bug_is_one_line_without_prompt_text(
    raised: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_output: object) -> None:
        raise raised

    monkeypatch.delenv("PROMPTCOST_DEBUG", raising=False)
    monkeypatch.setattr(_rules, "list_rules", fail)
    assert run(["rules"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: internal error: {type(raised).__name__} in promptcost.cli.")
    assert err.count("\n") == 1
    assert PROMPT_TEXT not in err


def test_the_traceback_is_shown_on_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_output: object) -> None:
        raise RuntimeError(PROMPT_TEXT)

    monkeypatch.setenv("PROMPTCOST_DEBUG", "1")
    monkeypatch.setattr(_rules, "list_rules", fail)
    assert run(["rules"]) == 2
    err = capsys.readouterr().err
    assert "Traceback (most recent call last)" in err
    assert PROMPT_TEXT in err


def test_a_bug_without_a_frame_of_ours_names_the_package() -> None:
    assert edge._place(RuntimeError()) == "promptcost"


def test_main_ends_the_process_with_the_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["promptcost", "--version"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    assert capsys.readouterr().out == f"promptcost {__version__}\n"


def test_a_reader_that_goes_away_ends_the_run_quietly() -> None:
    script = "from promptcost.cli import main; main()"
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", script, "prices", "list"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(60) == 141


@pytest.mark.parametrize(
    "words", [["nonsense"], ["simulate", "a", "b"], ["audit", "x", "--fail-on", "lots"]]
)
def test_wrong_words_are_code_2_and_leave_stdout_empty(
    words: list[str], cli: Callable[..., Ran]
) -> None:
    ran = cli(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: promptcost" in ran.err
    assert "Traceback" not in ran.err


def test_without_words_the_help_is_shown(cli: Callable[..., Ran]) -> None:
    ran = cli()
    assert ran.code == 2
    assert "Usage: promptcost" in ran.out + ran.err


def test_a_stream_that_cannot_show_a_character_is_no_failure(process: Callable[..., Ran]) -> None:
    ran = process("explain", "PC\u2713", PYTHONIOENCODING="ascii")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: there is no rule 'PC?'")


def test_python_m_is_the_same_command(process: Callable[..., Ran]) -> None:
    assert process("--version").out == f"promptcost {__version__}\n"


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colour_follows_the_environment_when_piped(
    *, environment: dict[str, str], coloured: bool, cli: Callable[..., Ran]
) -> None:
    ran = cli("rules", **environment)
    assert ("\x1b[" in ran.out) is coloured
    failed = cli("explain", "nothing", **environment)
    assert ("\x1b[" in failed.err) is coloured


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colour_on_a_terminal_unless_told_otherwise(
    *, environment: dict[str, str], coloured: bool
) -> None:
    ours, theirs = os.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "promptcost", "rules"],
        stdout=theirs,
        stderr=subprocess.PIPE,
        env={"TERM": "xterm", "COLUMNS": "100"} | environment,
        check=True,
    )
    os.close(theirs)
    shown = os.read(ours, 100)
    os.close(ours)
    assert done.stderr == b""
    assert (b"\x1b[" in shown) is coloured


def test_a_closed_pipe_is_its_own_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_output: object) -> None:
        raise BrokenPipeError

    silenced: list[bool] = []
    monkeypatch.setattr(_rules, "list_rules", fail)
    monkeypatch.setattr(edge, "_silence_stdout", lambda: silenced.append(True))
    assert run(["rules"]) == 141
    assert silenced == [True]
    assert capsys.readouterr() == ("", "")
