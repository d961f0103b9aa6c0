from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from jinja2 import FileSystemLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment
from templates.generated_templates import (
    CONTEXT,
    EXPRESSIONS,
    INCLUDED,
    settings_choices,
    templates,
)
from templates.making import ready, rendered, written

from promptcost.templates import Limits, PieceKind, Rendered
from promptcost.templates._codegen import OriginCodeGenerator
from promptcost.templates._guarded_codegen import GuardedCodeGenerator

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("included")
    for name, text in INCLUDED.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


def plain(text: str, root: Path, **choices: bool) -> str:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(root),
        extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do"],
        **choices,
    )
    return environment.from_string(text).render(CONTEXT)


def ours(text: str, root: Path, **choices: bool) -> Rendered:
    return rendered(text, CONTEXT, root, **choices)


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@given(text=templates, choices=settings_choices)
@hypothesis_settings(max_examples=300, deadline=None)
def test_bytes_equal_plain_jinja_and_every_byte_has_a_place(root, text, choices):
    made = ours(text, root, **choices)
    assert made.text == plain(text, root, **choices)
    assert made.exact
    edges = [0, *(piece.end for piece in made.pieces)]
    assert [piece.start for piece in made.pieces] == edges[:-1]
    assert edges[-1] == len(encoded(made.text))


@given(text=templates, choices=settings_choices)
@hypothesis_settings(max_examples=150, deadline=None)
def test_spans_point_at_the_literal_or_the_whole_tag(root, text, choices):
    files = {"main.j2": text, **{str(root / name): body for name, body in INCLUDED.items()}}
    made = ours(text, root, **choices)
    output = encoded(made.text)
    for piece in made.pieces:
        source = encoded(files[piece.span.source])
        written = source[piece.span.start : piece.span.end]
        assert source[piece.span.end - 1 : piece.span.end + 1] != b"\r\n"
        if piece.kind is PieceKind.LITERAL:
            assert output[piece.start : piece.end] == written.replace(b"\r\n", b"\n").replace(
                b"\r", b"\n"
            )
        else:
            assert written.startswith((b"{{", b"{%"))
            assert written.endswith((b"}}", b"%}"))
            assert encoded(piece.expression) in written


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_each_expression_prints_what_plain_jinja_prints(root, expression):
    text = f"<{{{{ {expression} }}}}>"
    assert ours(text, root).text == plain(text, root)


def test_a_literal_maps_to_itself_and_an_expression_to_its_whole_tag():
    text = "Hi {{ name|upper }}!\n"
    made = rendered(text, {"name": "ada"})
    assert [(p.kind, p.expression, written(text, p)) for p in made.pieces] == [
        (PieceKind.LITERAL, "", "Hi "),
        (PieceKind.EXPRESSION, "name|upper", "{{ name|upper }}"),
        (PieceKind.LITERAL, "", "!"),
    ]


def test_offsets_are_bytes_of_the_output_and_of_the_source():
    made = rendered("é😀{{ x }}é", {"x": "ü"})
    assert [(p.start, p.end) for p in made.pieces] == [(0, 6), (6, 8), (8, 10)]
    assert [(p.span.start, p.span.end) for p in made.pieces] == [(0, 6), (6, 13), (13, 15)]


class Word(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("expression", "text", "places"),
    [
        ("'a' + m()", "amac", ["{{ 'a' + m() }}", "mac"]),
        ("m() + 'a'", "maca", ["mac", "{{ m() + 'a' }}"]),
        ("m() + m()", "macmac", ["mac", "mac"]),
        ("m() + word", "macw", ["{{ m() + word }}"]),
        ("m() + ('<'|safe)", "mac<", ["{{ m() + ('<'|safe) }}"]),
        ("m()|upper", "MAC", ["{{ m()|upper }}"]),
        ("m() ~ '' ~ n", "mac5", ["mac", "{{ m() ~ '' ~ n }}"]),
        ("[m()]", "['mac']", ["{{ [m()] }}"]),
        ("(' ' ~ m() ~ '! ')|trim", "mac!", ["mac", "{{ (' ' ~ m() ~ '! ')|trim }}"]),
        ("(' ' ~ m()).strip()", "mac", ["mac"]),
        ("(m() ~ m()).lstrip('mac')", "", []),
        ("(m() ~ 'x').lstrip('m')", "acx", ["ac", "{{ (m() ~ 'x').lstrip('m') }}"]),
        ("(m() ~ m()).rstrip('c')", "macma", ["mac", "ma"]),
        ("m().strip('c').strip('a')", "m", ["m"]),
        ("''", "", []),
        ("empty()", "", []),
    ],
)
def test_origins_survive_joining_and_fall_back_to_the_expression(expression, text, places):
    macros = "{% macro m() %}mac{% endmacro %}{% macro empty() %}{% endmacro %}"
    source = f"{macros}{{{{ {expression} }}}}"
    made = rendered(source, {"word": Word("w"), "n": 5})
    assert made.text == text
    assert [written(source, piece) for piece in made.pieces] == places


@pytest.mark.parametrize(
    ("expression", "places"),
    [
        ("m()|trim", ["two words"]),
        ("m().lstrip()", ["two words "]),
        ("m().strip().lstrip('two ')", ["rds"]),
        ("n()|trim", ["two words"]),
        ("k()|trim", ["{{ '  a ' }}"]),
        ("(k() ~ k()).strip(' a')", []),
    ],
)
def test_a_literal_that_lost_its_ends_maps_to_what_is_left(expression, places):
    macros = (
        "{% macro m() %}  two words {% endmacro %}{% macro n() %}{{ m().rstrip() }}{% endmacro %}"
        "{% macro k() %}{{ '  a ' }}{% endmacro %}"
    )
    source = f"{macros}{{{{ {expression} }}}}"
    made = rendered(source, {})
    assert [written(source, piece) for piece in made.pieces] == places


def test_a_captured_text_of_very_many_runs_maps_to_what_prints_it():
    text = "{% set s %}{% for a in range(60000) %}a{{ a }}{% endfor %}{% endset %}{{ s }}"
    (piece,) = rendered(text, {}).pieces
    assert written(text, piece) == "{{ s }}"


def test_deep_stacks_keep_their_innermost_places():
    text = "{% macro m(n) %}x{% if n %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(40) }}"
    stacks = [len(piece.stack) for piece in rendered(text, {}).pieces]
    assert (stacks[0], stacks[1], max(stacks)) == (1, 2, 16)


def test_chance_is_the_same_for_the_same_seed_and_free_of_the_shared_one():
    template = ready("{{ range(1000)|random }} {{ []|random }}{{ lipsum(1)|length }}")
    texts = [template.render({}, Limits(), seed=seed).text for seed in (1, 1, 2)]
    assert texts[0] == texts[1] == template.render_plain({}, Limits(), seed=1)
    assert texts[0] != texts[2]


@pytest.mark.parametrize(
    ("offset", "expression"),
    [(0, ""), (2, ""), (3, "x"), (4, "x"), (5, None), (99, None), (-1, None)],
)
def test_the_piece_of_a_byte_is_found(offset, expression):
    made = rendered("ab {{ x }}", {"x": "xy"})
    assert made.piece_at(0) is made.pieces[0]
    piece = made.piece_at(offset)
    assert (None if piece is None else piece.expression) == expression


def test_loops_around_a_piece_are_named_outermost_first():
    text = "{% for a in [1] %}{% for b in [2] %}{{ b }}{% endfor %}{{ a }}{% else %}no{% endfor %}"
    inner, outer = rendered(text, {}).pieces
    assert [text[s.start : s.end] for s in inner.loops] == [
        "{% for a in [1] %}",
        "{% for b in [2] %}",
    ]
    assert [text[s.start : s.end] for s in outer.loops] == ["{% for a in [1] %}"]


def test_the_else_of_a_loop_is_not_in_the_loop():
    (piece,) = rendered("{% for a in [] %}x{% else %}no{% endfor %}", {}).pieces
    assert piece.loops == ()


def test_text_of_a_macro_keeps_its_place_and_says_who_called():
    text = "{% macro m(t) %}<{{ t }}>{% endmacro %}{{ m('q') }}"
    pieces = rendered(text, {}).pieces
    assert [written(text, piece) for piece in pieces] == ["<", "{{ t }}", ">"]
    assert [text[s.start : s.end] for piece in pieces for s in piece.stack] == ["{{ m('q') }}"] * 3


def test_text_of_a_set_block_keeps_its_place_through_concatenation():
    text = "{% set a %}static{% endset %}{{ a ~ '+' ~ a }}"
    pieces = rendered(text, {}).pieces
    assert [written(text, piece) for piece in pieces] == ["static", "{{ a ~ '+' ~ a }}", "static"]


def test_included_text_maps_to_its_file(tmp_path):
    (tmp_path / "part.j2").write_text("see {{ x }}", encoding="utf-8")
    text = "a {% include 'part.j2' %}"
    pieces = rendered(text, {"x": "1"}, tmp_path).pieces
    assert [piece.span.source for piece in pieces[1:]] == [str(tmp_path / "part.j2")] * 2
    assert [text[s.start : s.end] for s in pieces[1].stack] == ["{% include 'part.j2' %}"]


def test_text_whose_place_is_lost_maps_to_the_whole_file_and_says_so(monkeypatch):
    monkeypatch.setattr(OriginCodeGenerator, "start_write", GuardedCodeGenerator.start_write)
    monkeypatch.setattr(OriginCodeGenerator, "end_write", GuardedCodeGenerator.end_write)
    text = "a{% filter upper %}b{% endfilter %}"
    made = rendered(text, {})
    assert (made.text, made.exact) == ("aB", False)
    assert made.reason == "some text came from a statement that does not tell its place"
    assert [(p.start, p.end, p.span.start, p.span.end) for p in made.pieces] == [(0, 2, 0, 35)]
