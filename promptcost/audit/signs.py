"""Signs in the text of a template that hint at a fault without costing anything by themselves."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from promptcost.model.span import LineIndex, Place, Span, line_index
from promptcost.rules import Remark, Sign
from promptcost.templates.marks import tags
from promptcost.templates.settings import SourceKind
from promptcost.templates.textmap import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.audit.sources import Sources
    from promptcost.templates.perturb import Renders
    from promptcost.templates.source import TemplateSource

_SINGLE = re.compile(r"\{(?<![{$\w\\]\{)[a-z][a-z0-9]*(?:_[a-z0-9]+)*\}(?!\})")
_ODD = re.compile("[\u00a0\u200b\u200c\u200d\u2060\ufeff]")
_BLANK_END = re.compile(r"\n(?<=[ \t]\n)")  # begins with what a search can skip to
_ESCAPING = frozenset({"e", "escape", "forceescape", "urlize", "xmlattr"})
_JSON = re.compile(r"(?i)(?:to_?json|json_?dumps|dumps|json)")
_KEYED = re.compile(r"\bsort_keys\s*=\s*[Tt]rue\b")
_MOST = 20


def signs(renders: Renders, sources: Sources) -> Iterator[Remark]:
    """Yield every sign in a template, the first of each where there are many."""
    source = renders.template.source
    yield from _placeholders(renders, sources)
    yield from _missing(renders)
    yield from _characters(source)
    yield from _filters(renders, sources)


def _placeholders(renders: Renders, sources: Sources) -> Iterator[Remark]:
    source = renders.template.source
    if source.kind is not SourceKind.JINJA:
        return
    for found in islice(_SINGLE.finditer(_without_tags(source)), _MOST):
        start, end = source.map.span(*found.span())
        place = sources.place(Span(source=source.path, start=start, end=max(start, end)))
        yield Remark(sign=Sign.PLACEHOLDER, place=place, text=found[0])


def _without_tags(source: TemplateSource) -> str:
    """Return the text with expressions, statements and comments blanked out."""
    text = normalise(source.text)
    settings = source.settings
    pairs = (settings.comment, settings.variable or ("{{", "}}"), settings.block)
    parts, at = [], 0
    for start, end in tags(text, pairs):
        parts += [text[at:start], " " * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


def _missing(renders: Renders) -> Iterator[Remark]:
    """Yield what could not be followed."""
    for problem in renders.template.problems:
        line, column = problem.line or 1, problem.column or 1
        place = Place(
            path=problem.path,
            start_line=line,
            start_column=column,
            end_line=line,
            end_column=column,
        )
        yield Remark(sign=Sign.MISSING, place=place, text=problem.message)


def _characters(source: TemplateSource) -> Iterator[Remark]:
    index = line_index(source.container)
    for char, name in _odd(source.container):
        yield _at(source, index, char, name)


@lru_cache(maxsize=1)
def _odd(text: str) -> tuple[tuple[int, str], ...]:
    """Return where what is odd about a text begins; remembered for the next template in it."""
    odd = None if text.isascii() else _ODD.search(text)
    seen = {
        "no-break or zero-width characters": -1 if odd is None else odd.start(),
        "blanks at line ends": _trailing(text),
        "carriage returns": text.find("\r"),
    }
    found = [(start, name) for name, start in seen.items() if start >= 0]
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        found.append((0, "characters that are not in composed form (NFC)"))
    return tuple(found)


def _trailing(text: str) -> int:
    """Return where the first blanks at a line end begin, -1 without any."""
    found = _BLANK_END.search(text)
    line = text if found is None else text[: found.start()]
    start = len(line.rstrip(" \t"))
    return start if start < len(line) else -1


def _at(source: TemplateSource, index: LineIndex, char: int, name: str) -> Remark:
    before = len(source.container[:char].encode("utf-8", "surrogatepass"))
    line, column = index.position(before)
    place = Place(
        path=source.path, start_line=line, start_column=column, end_line=line, end_column=column
    )
    return Remark(sign=Sign.CHARACTER, place=place, text=name)


def _filters(renders: Renders, sources: Sources) -> Iterator[Remark]:
    source = renders.template.source
    for use in renders.template.expressions:
        place = sources.place(use.span)
        escaping = [name for name in use.filters if name in _ESCAPING]
        if source.settings.autoescape or escaping:
            text = escaping[0] if escaping else "autoescape"
            yield Remark(sign=Sign.ESCAPE, place=place, text=text)
        # Jinja's own tojson sorts keys; chat templates are rendered with one that does not.
        own = {"tojson"} if source.kind is SourceKind.JINJA else set()
        names = [name for name in (*use.filters, *use.calls) if name not in own]
        json = next((name for name in names if _JSON.fullmatch(name.rsplit(".", 1)[-1])), None)
        if json is not None and not _KEYED.search(use.text):
            yield Remark(sign=Sign.JSON, place=place, text=json)
