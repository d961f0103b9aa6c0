"""Templates made from text, for tests."""

from __future__ import annotations

from pathlib import Path

from promptcost.templates import (
    Limits,
    Piece,
    Rendered,
    RenderFailure,
    Settings,
    SourceKind,
    Template,
    TemplateSource,
    prepare,
)
from promptcost.templates.textmap import TextMap

NOWHERE = Path("no-such-root")


def source_of(text: str, kind: SourceKind = SourceKind.JINJA, **choices: object) -> TemplateSource:
    settings = Settings(**{"variable": ("{{", "}}"), **choices})
    return TemplateSource(
        path="main.j2",
        text=text,
        kind=kind,
        settings=settings,
        container=text,
        map=TextMap(text),
    )


def ready(
    text: str,
    root: Path = NOWHERE,
    kind: SourceKind = SourceKind.JINJA,
    limits: Limits | None = None,
    **choices: object,
) -> Template:
    made = prepare(source_of(text, kind, **choices), root=root, limits=limits or Limits())
    assert hasattr(made, "render"), made
    return made


def rendered(text: str, context: dict[str, object], root: Path = NOWHERE, **more) -> Rendered:
    made = ready(text, root, **more).render(context, Limits(seconds=30))
    assert isinstance(made, Rendered), made
    return made


def failure(text: str, context: dict[str, object] | None = None, root: Path = NOWHERE) -> str:
    made = ready(text, root).render(context or {}, Limits())
    assert isinstance(made, RenderFailure), made
    return str(made.problem)


def fault(text: str, kind: SourceKind = SourceKind.JINJA, limits: Limits | None = None) -> str:
    return str(prepare(source_of(text, kind), root=NOWHERE, limits=limits or Limits()))


def written(text: str, piece: Piece) -> str:
    return text.encode()[piece.span.start : piece.span.end].decode()
