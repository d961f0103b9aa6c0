"""One sign, word or tag again and again: no text makes an audit take time in its square.

The bound is processor time that is many times what a linear reading needs (0.1 to 1 s) and a
fraction of what a quadratic one would.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager

import pytest
from audit.auditing import audit

from promptcost.model.audit_report import FileStatus

SIZE = 400_000
SECONDS = 8  # of processor time
ONE = "Hello {{ name }}. "
WORDS = "Answer in one sentence and name the page you took it from, never more than that. " * 4


def filled(text: str) -> str:
    return text * (SIZE // len(text))


TEMPLATES = {
    "one word in a tag": "{%" + filled("a"),
    "one blank in a tag": "{% " + filled(" ") + "a",
    "comments that stay open": '{{ "' + filled("{# ") + '" }}',
    "statements that stay open": '{{ "' + filled("{% if ") + '" }}',
    "expressions that stay open": "{% raw %}" + filled("{{ x ") + "{% endraw %}" + ONE,
    "blanks before a word": ONE + filled(" ") + "x",
    "tabs before a word": ONE + filled("\t") + "x",
    "no-break spaces": ONE + filled("\u00a0") + "x",
    "lines": ONE + filled("\n") + "x",
    "carriage returns": ONE + filled("\r") + "x",
    "blanks in a loop": "{% for" + " " * 20_000 + "x in y.items() %}{{ x }}{% endfor %}",
    "one name": "{{ " + filled("a") + " }}",
    "one iterable": "{% for x in " + filled("a") + " %}{{ x }}{% endfor %}",
    "single quotes": filled("'") + ONE,
    "double quotes": filled('"') + ONE,
    "opening braces": ONE + "x {" + filled("{"),
    "closing braces": ONE + filled("}"),
    "open fields": ONE + filled("{a"),
    "one open field": ONE + "{" + filled("a"),
    "dotted field": ONE + "{a" + filled(".a"),
    "opening brackets": ONE + filled("["),
    "backslashes": ONE + filled("\\"),
    "dollars": ONE + filled("${"),
    "percent signs": ONE + filled("%("),
    "digits": ONE + filled("1"),
    "letters": ONE + filled("a"),
    "emoji": ONE + filled("😀"),
    "letters without breath": ONE + filled("é"),
    "dashes": filled("---\n") + ONE,
    "fences": filled("```\n") + ONE,
    "suppressions": filled("{# promptcost: ignore[PC101] x #}\n") + "{{ now }}\n" + WORDS,
    "marks of suppressions": filled("promptcost:ignore ") + "{{ now }}",
    "roles": filled("<|im_start|>system\n") + ONE,
}


@contextmanager
def bounded(seconds: float):
    """Fail what needs more processor time; the regex engine looks for signals too."""

    def stop(*_arguments: object) -> None:
        message = f"took more than {seconds} s"
        raise AssertionError(message)

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGPROF"), reason="needs processor time")


@pytest.mark.parametrize("text", TEMPLATES.values(), ids=TEMPLATES.keys())
def test_a_template_of_one_sign_is_read_in_linear_time(text, tmp_path):
    with bounded(SECONDS):
        report = audit(tmp_path, text)
    assert {file.path for file in report.files} == {str(tmp_path / "prompt.j2")}
    assert all(file.status is not FileStatus.NOT_ANALYSED for file in report.files) or (
        report.problems
    )
