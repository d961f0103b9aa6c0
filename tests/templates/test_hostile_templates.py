from __future__ import annotations

import signal
import threading

import pytest
from templates.hostile_templates import DEEP, ESCAPES, TOO_LARGE, TOO_LONG
from templates.making import NOWHERE, failure, ready, rendered, source_of

from promptcost.errors import Problem
from promptcost.templates import Limits, Rendered, RenderFailure, prepare
from promptcost.templates._budget import Budget, LimitReached

SHORT = Limits(seconds=0.3)
# Where one step is slow on a loaded machine the deadline may come first; either bounds it.
BOUNDS = (
    "makes text of more than",
    "makes a list of more",
    "makes an integer of",
    "makes more than",
    "runs longer",
)


@pytest.mark.parametrize("text", TOO_LARGE.values(), ids=TOO_LARGE.keys())
def test_what_would_fill_the_memory_is_refused(text):
    made = ready(text).render({}, Limits(seconds=5, items=100_000))
    assert isinstance(made, RenderFailure)
    assert made.problem.message.startswith(BOUNDS)
    assert made.problem.line is not None


@pytest.mark.parametrize("width", ["9" * 9, "1" + "0" * 29])
def test_a_width_of_any_length_is_refused(width):
    assert "makes text of more than" in failure(f"{{{{ '%{width}d'|format(1) }}}}")


@pytest.mark.parametrize("text", TOO_LONG.values(), ids=TOO_LONG.keys())
def test_what_would_never_end_is_stopped(text):
    made = ready(text).render({}, SHORT)
    assert isinstance(made, RenderFailure)
    assert made.problem.message.startswith(BOUNDS)


@pytest.mark.parametrize("text", ESCAPES.values(), ids=ESCAPES.keys())
def test_the_sandbox_holds_and_says_what_was_tried(text):
    made = rendered(text, {})
    assert made.text in {"", "[Undefined]"}
    assert "reaches for the internal attribute" in made.problems[0].message


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_deep_or_endless_source_is_refused(text):
    made = prepare(source_of(text), root=NOWHERE, limits=Limits(seconds=5))
    assert isinstance(made, Problem)


def test_the_plain_render_is_bounded_too():
    loop = ready(TOO_LONG["nested loops without output"]).render_plain({}, SHORT)
    text = ready(TOO_LARGE["string times number"]).render_plain({}, SHORT)
    assert isinstance(loop, RenderFailure)
    assert isinstance(text, RenderFailure)


def test_loops_are_stopped_in_any_thread():
    found = []
    template = ready(TOO_LONG["nested loops with a counter"])
    thread = threading.Thread(target=lambda: found.append(template.render({}, SHORT)))
    thread.start()
    thread.join()
    assert "runs longer than 0.3 s" in str(found[0])


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(100) %}{% for b in range(100) %}x{% endfor %}{% endfor %}",
        "{{ 'ab' * 1000 }}{{ 2 ** 100 }}{{ 'x'.ljust(50) }}{{ 'a'|center(9)|indent(2) }}",
        "{{ [1, [2, {'k': (3,)}]] }}{{ lipsum(1)|length > 0 }}{{ 1.26|round(1) }}",
        "{{ [1, 2]|sum }}{{ [[1], [2]]|sum(start=[]) }}{{ 'a-b'.replace('-', '+').split('+') }}",
        "{{ 'order 20261120120000: %s' % 1 }}{{ '100%% of 99999999: %5s' % 1 }}",
        "{{ '%(a)s%(a)s' % {'a': 'x'} }}{{ '%(a(b))s' % {'a(b)': 1} }}{{ '%s'|format(1) }}",
        "{{ '%5.1f|%-3d' % (1.5, 2) }}{{ '{:>5}'.format('x') }}{{ [1, 2, 3]|batch(2, 0)|list }}",
        "{{ 'a\tb'.expandtabs(4) }}{{ 'ab'.translate({97: 'x'}) }}{{ (258).to_bytes(2, 'big') }}",
        "{{ 'see www.a.b'|urlize }}{{ '<b>x</b>'|striptags }}{{ 'a b c'|wordwrap(3) }}",
        "{{ ('<{}>'|safe).format('&') }}{{ '{k}'.format_map({'k': 1}) }}",
        "{{ namespace(a=namespace(b=1)) }}{{ {(1, 2): 3}[(1, 2)] }}{{ [1].index(1) }}",
    ],
)  # fmt: skip
def test_harmless_use_of_the_same_means_is_untouched(text):
    made = ready(text).render({}, Limits())
    assert isinstance(made, Rendered), made
    assert made.problems == ()


def test_included_files_stay_inside_the_root(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.txt").write_text("SECRET")
    (root / "link.j2").symlink_to(tmp_path / "secret.txt")
    (root / "loop.j2").symlink_to(root / "loop.j2")
    names = ("../secret.txt", str(tmp_path / "secret.txt"), "link.j2", "loop.j2", "a/../../x", "")
    text = "".join(f"{{% include '{name}' %}}" for name in names) + "{% include 'a\\\\b' %}"
    made = rendered(text, {}, root)
    assert made.text == ""
    assert [problem.message.split(", which ")[1] for problem in made.problems] == [
        "names a file outside of the template root",
        "names a file outside of the template root",
        "is not a file below the template root",
        "is not a file below the template root",
        "names a file outside of the template root",
        "is not a file below the template root",
        "is not a file below the template root",
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "{{% extends '{0}' %}}",
        "{{% import '{0}' as m %}}{{{{ m.word }}}}",
        "{{% from '{0}' import word %}}{{{{ word }}}}",
        "{{% include ['{0}', '{0}'] %}}",
        "{{% include '{0}' ~ '' %}}",
        "{{% set name = '{0}' %}}{{% include name %}}",
    ],
)
@pytest.mark.parametrize("name", ["../secret.j2", "{0}/secret.j2", "link.j2", "in/../../secret.j2"])
def test_no_statement_reads_a_file_outside_of_the_root(statement, name, tmp_path):
    root = tmp_path / "root"
    (root / "in").mkdir(parents=True)
    (tmp_path / "secret.j2").write_text("{% set word = 'SECRET' %}SECRET")
    (root / "link.j2").symlink_to(tmp_path / "secret.j2")
    made = ready(statement.format(name.format(tmp_path)), root).render({}, Limits())
    assert "SECRET" not in str(made)


def test_a_file_that_includes_itself_is_stopped(tmp_path):
    (tmp_path / "me.j2").write_text("{% include 'me.j2' %}")
    assert "calls itself without end" in failure("{% include 'me.j2' %}", {}, tmp_path)


def test_control_characters_surrogates_and_nul_pass_through():
    assert rendered("\x1b[31m{{ x }}\0", {"x": "\ud800\0"}).text == "\x1b[31m\ud800\0\0"


def test_the_callers_own_timer_is_left_alone():
    before = signal.signal(signal.SIGALRM, lambda *_args: None)
    try:
        mine = signal.getsignal(signal.SIGALRM)
        assert rendered("{{ 1 }}", {}).text == "1"
        assert signal.getsignal(signal.SIGALRM) is mine
    finally:
        signal.signal(signal.SIGALRM, before)


def test_time_is_measured_with_the_given_clock():
    moments = iter([0.0, 1.9, 2.1])
    budget = Budget(Limits(seconds=2, clock=lambda: next(moments)))
    for _ in range(127):
        budget.tick()
    with pytest.raises(LimitReached, match="runs longer than 2 s"):
        budget.tick()
