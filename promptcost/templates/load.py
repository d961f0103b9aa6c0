"""From a file to the templates in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.errors import Problem
from promptcost.files.text import TextFile, read_text
from promptcost.templates.detect import kind_of, resolve_settings
from promptcost.templates.settings import Limits, Settings, SourceKind
from promptcost.templates.source import TemplateSource
from promptcost.templates.textmap import TextMap

if TYPE_CHECKING:
    from pathlib import Path

JINJA_SUFFIXES = frozenset({".j2", ".jinja", ".jinja2", ".tmpl"})


def load(
    path: Path, *, settings: Settings, limits: Limits
) -> tuple[list[TemplateSource], list[Problem]]:
    """Return the templates of one file and the faults found while reading it.

    A file without any template syntax gives one plain source, a container without templates none.
    """
    found = read_text(path, limits.source_bytes)
    if isinstance(found, Problem):
        return [], [found]
    return _sources(path.suffix.lower(), found, settings), list(found.problems)


def _sources(suffix: str, file: TextFile, settings: Settings) -> list[TemplateSource]:
    fixed = SourceKind.JINJA if suffix in JINJA_SUFFIXES else None
    return [make_source(file, file.text, TextMap(file.text), settings, fixed=fixed)]


def make_source(
    file: TextFile,
    text: str,
    where: TextMap,
    settings: Settings,
    *,
    section: str = "",
    fixed: SourceKind | None = None,
) -> TemplateSource:
    """Return a template of a file; `fixed` is the language its name promises."""
    seen = kind_of(text)
    if seen is SourceKind.CHAT_TEMPLATE or fixed is None:
        fixed = seen or SourceKind.PLAIN
    kind = settings.kind or fixed
    made, notes = resolve_settings(text, settings, kind)
    return TemplateSource(
        path=file.path,
        section=section,
        text=text,
        kind=kind,
        settings=made,
        container=file.text,
        map=where,
        notes=notes,
    )
