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

from promptcost.templates import Limits, PieceKind, Rendered, Settings, SourceKind, prepare
from promptcost.templates.source import TemplateSource
from promptcost.templates.textmap import TextMap

if TYPE_CHECKING:
    from pathlib import Path

LIMITS = Limits(seconds=30)


@pytest.fixture(scope="session")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("included")
    for name, text in INCLUDED.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


def source_of(text: str, **choices: bool) -> TemplateSource:
    settings = Settings(variable=("{{", "}}"), **choices)
    return TemplateSource(
        path="main.j2",
        text=text,
        kind=SourceKind.JINJA,
        settings=settings,
        container=text,
        map=TextMap(text),
    )


def plain(text: str, root: Path, **choices: bool) -> str:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(root),
        extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do"],
        **choices,
    )
    return environment.from_string(text).render(CONTEXT)


def ours(text: str, root: Path, **choices: bool) -> Rendered:
    template = prepare(source_of(text, **choices), root=root, limits=LIMITS)
    rendered = template.render(CONTEXT, LIMITS)
    assert isinstance(rendered, Rendered), rendered
    return rendered


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@given(text=templates, choices=settings_choices)
@hypothesis_settings(max_examples=300, deadline=None)
def test_bytes_equal_plain_jinja_and_every_byte_has_a_place(root, text, choices):
    rendered = ours(text, root, **choices)
    assert rendered.text == plain(text, root, **choices)
    assert rendered.exact
    edges = [0, *(piece.end for piece in rendered.pieces)]
    assert [piece.start for piece in rendered.pieces] == edges[:-1]
    assert edges[-1] == len(encoded(rendered.text))


@given(text=templates, choices=settings_choices)
@hypothesis_settings(max_examples=150, deadline=None)
def test_spans_point_at_the_literal_or_the_whole_tag(root, text, choices):
    files = {"main.j2": text, **{str(root / name): body for name, body in INCLUDED.items()}}
    rendered = ours(text, root, **choices)
    output = encoded(rendered.text)
    for piece in rendered.pieces:
        written = encoded(files[piece.span.source])[piece.span.start : piece.span.end]
        if piece.kind is PieceKind.LITERAL:
            made = output[piece.start : piece.end]
            assert made == written.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        else:
            assert written.startswith((b"{{", b"{%"))
            assert written.endswith((b"}}", b"%}"))
            assert encoded(piece.expression) in written


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_each_expression_prints_what_plain_jinja_prints(root, expression):
    text = f"<{{{{ {expression} }}}}>"
    assert ours(text, root).text == plain(text, root)
