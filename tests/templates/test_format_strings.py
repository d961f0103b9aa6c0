from __future__ import annotations

import pytest
from templates.making import ready, written

from promptcost.templates import Limits, PieceKind, RenderFailure, SourceKind

FORMAT, PLAIN = SourceKind.STR_FORMAT, SourceKind.PLAIN


class Task:
    name = "n"
    _hidden = "s"


CONTEXT = {"x": "é", "d": {"k": 1}, "t": Task(), "l": ["a"], "0": "zero", "1": "one", "n": 3.14159}


def render(text, kind=FORMAT):
    return ready(text, kind=kind).render(CONTEXT, Limits())


@pytest.mark.parametrize(
    "text",
    ["{x} {{literal}} {d[k]}", "{t.name}{l[0]}", "{x!r:>6}|{n:.2f}", "{{}}", "", "é{x}\n"],
)  # fmt: skip
def test_the_text_is_that_of_str_format(text):
    made = render(text)
    assert made.text == text.format(**CONTEXT)
    assert sum(piece.end - piece.start for piece in made.pieces) == len(made.text.encode())


def test_fields_without_a_name_are_numbered():
    assert render("{}-{}").text == "zero-one"


def test_pieces_map_escapes_and_fields():
    text = "a{{b}} {x!r}"
    assert [(p.kind, p.expression, written(text, p)) for p in render(text).pieces] == [
        (PieceKind.LITERAL, "", "a"),
        (PieceKind.LITERAL, "", "{{"),
        (PieceKind.LITERAL, "", "b"),
        (PieceKind.LITERAL, "", "}}"),
        (PieceKind.LITERAL, "", " "),
        (PieceKind.EXPRESSION, "x!r", "{x!r}"),
    ]


def test_placeholders_are_variables_and_expressions():
    template = ready("12{x}345{d[k]}6{x}", kind=FORMAT)
    assert [(v.name, v.root) for v in template.variables] == [("x", "x"), ("d.k", "d")]
    assert [(e.text, e.names, e.static_before, e.static_after) for e in template.expressions] == [
        ("x", ("x",), 2, 4),
        ("d[k]", ("d.k",), 5, 1),
        ("x", ("x",), 6, 0),
    ]
    assert (template.conditions, template.variants(8), template.unknown) == ((), (), ())


def test_what_the_context_lacks_is_listed_and_empty():
    made = render("{x}{zork}{zork.a}{d[no]}{t._hidden}{l[9]}")
    assert (made.text, made.undefined) == ("é", ("zork", "d", "t", "l"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{x:d}", "ValueError"),
        ("{d:5}", "TypeError"),
        ("{t.zork}", "AttributeError"),
        ("{x:>99999999}", "ValueError"),
    ],
)
def test_a_value_that_does_not_fit_is_a_problem_at_its_place(text, reason):
    made = render("ab" + text)
    assert isinstance(made, RenderFailure)
    assert str(made.problem).startswith(f"main.j2:1:3: cannot fill the placeholder: {reason}")


def test_output_is_bounded():
    made = ready("{x}" * 10, kind=FORMAT).render({"x": "a" * 100}, Limits(output_chars=500))
    assert isinstance(made, RenderFailure)
    assert "more than 500 bytes of text" in made.problem.message
    plain = ready("{x}", kind=FORMAT).render_plain({"x": "a" * 9}, Limits(output_chars=5))
    assert isinstance(plain, RenderFailure)


def test_a_file_without_template_syntax_is_one_literal():
    template = ready("plain { text", kind=PLAIN)
    (piece,) = template.render({}, Limits()).pieces
    assert (piece.kind, piece.start, piece.end) == (PieceKind.LITERAL, 0, 12)
    assert template.render_plain({}, Limits()) == "plain { text"
    assert ready("", kind=PLAIN).render({}, Limits()).pieces == ()


def test_a_prompt_that_format_would_refuse_keeps_its_named_placeholders():
    template = ready('{x} {{a}} {"k": {d[k]}, "e": {}} {0}', kind=FORMAT)
    made = template.render(CONTEXT, Limits())
    assert made.text == 'é {{a}} {"k": 1, "e": {}} {0}'
    assert [v.name for v in template.variables] == ["x", "d.k"]
    (problem,) = template.problems
    assert str(problem) == (
        "main.j2:1:11: is not a valid format string: a single brace stands here and is taken as "
        "text; double the brace where the prompt is filled with str.format"
    )
