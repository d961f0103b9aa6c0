"""From one text of Python source to the prompt it is, if it is one."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from promptcost.templates._python_assembled import SHORTEST, Assembled
from promptcost.templates._python_expressions import as_jinja
from promptcost.templates._python_placeholders import left_over, written_otherwise
from promptcost.templates._python_strings import NotReadable, between_quotes, read_literals
from promptcost.templates._runs import BLOCK, VARIABLE, turned_settings
from promptcost.templates.detect import kind_of
from promptcost.templates.settings import Settings, SourceKind
from promptcost.templates.source import Section
from promptcost.templates.textmap import Segment, TextMap, normalise
from promptcost.templates.written import Run, checked, inside, plainly

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from promptcost.templates._kinds import Assigned
    from promptcost.templates._python_known import Known
    from promptcost.templates._python_placeholders import Names
    from promptcost.templates._python_places import Places
    from promptcost.templates._python_strings import Part
    from promptcost.templates.written import Written

_BRACES = re.compile(r"\{[^{}]{1,300}\}")
_NAME = re.compile(r"[^\W\d]\w*")
FEWEST_WORDS = 20
MOST_FIELDS = 5_000  # in one text
_MOST_INLINED = 200_000  # characters of constants in one text

Prompt = tuple[Section, Settings]


@dataclass(frozen=True, slots=True)
class Found:
    """A text of the tree, the name of the variable or function it belongs to, and its scope.

    `literal` is the one that it begins with.
    """

    node: ast.JoinedStr | ast.Constant | Assembled
    name: str
    literal: ast.AST
    scope: ast.AST | None

    @property
    def owner(self) -> str:
        """The variable or function itself, without what it stands in."""
        return self.name.rpartition(".")[2]


def prompt_of(
    text: Found, source: str, places: Places, known: Known, settings: Settings
) -> Prompt | None:
    """Return a text as a section with the settings it is read with; None when it is no prompt."""
    if isinstance(text.node, Assembled):
        parts, is_jinja = list(text.node.parts), text.node.is_jinja
        literals = None
    else:
        start, end = places.range(text.node)
        try:
            parts = list(read_literals(source, start, end))
        except NotReadable:
            return None
        is_jinja, literals = isinstance(text.node, ast.JoinedStr), source[start:end]
    if is_jinja:
        parts = list(_inlined(parts, text, known))
    fixed = "".join(part.text for part in parts if not part.is_field and part.text[:1] != BLOCK[0])
    if not _is_prompt(fixed, parts):
        return None
    made = _parts(text, parts, known, fixed, is_jinja=is_jinja)
    if made is None:
        return None
    parts, is_jinja, names = made
    shown = _as_jinja(parts) if is_jinja else parts
    section = _placed(text.name, shown, literals, places)
    told = partial(_told, text, known, parts, names)
    return replace(section, assigned=told), turned_settings(
        settings, None
    ) if is_jinja else settings


def _inlined(parts: Sequence[Part], text: Found, known: Known) -> Iterator[Part]:
    """Yield the parts with constant texts in place of the fields that print them."""
    left = _MOST_INLINED
    for part in parts:
        is_name = part.is_field and part.text.isidentifier()
        constant = known.constant(text.scope, part.text) if is_name else None
        if constant is None or len(constant) > left:
            yield part
            continue
        left -= len(constant)
        yield replace(part, text=constant, is_field=False)


def _told(
    text: Found, known: Known, parts: Sequence[Part], names: Names | None
) -> Mapping[str, Assigned]:
    filled = known.filling(text.literal, text.owner)
    if names is None:
        values = {} if filled is None else filled.values
        fixed = "".join(part.text for part in parts) if values else ""
        inside = {name for braces in _BRACES.findall(fixed) for name in _NAME.findall(braces)}
        names = {name: name for name in values if name in inside}
        return known.told(text.scope, filled, (), names)
    fields = [part.text for part in parts if part.is_field and part.text not in names]
    tags = [part.text for part in parts if part.text.startswith(BLOCK[0])]
    return known.told(text.scope, filled, [*fields, *tags], names)


def _parts(
    text: Found, parts: list[Part], known: Known, fixed: str, *, is_jinja: bool
) -> tuple[list[Part], bool, Names | None] | None:
    """Return the parts of a prompt, whether its fields are computed, and its placeholders.

    None where nothing in the text looks like a template; no names where the text has its own.
    """
    if is_jinja:
        is_filled = partial(known.is_filled_later, text.scope, text.literal, text.owner)
        made = left_over(parts, is_filled)
        return made[0], True, made[1]
    kind = kind_of(fixed)
    if kind is not None and not _may_be_otherwise(kind, fixed):
        return parts, False, None
    filled = known.filling(text.literal, text.owner)
    found = None
    if filled is not None and (kind is not SourceKind.STR_FORMAT or "substitute" in filled.methods):
        found = written_otherwise(parts, filled)
    if found is None:
        return None if kind is None else (parts, False, None)
    return found[0], True, found[1]


def _may_be_otherwise(kind: SourceKind, fixed: str) -> bool:
    """Say whether what looks like a template may be filled another way: ``${x}``, ``%(x)s``."""
    if kind is SourceKind.STR_FORMAT:
        return "${" in fixed
    return kind is SourceKind.JINJA and "{{" not in fixed and "{%" not in fixed


def _is_prompt(fixed: str, parts: Sequence[Part]) -> bool:
    if len(fixed) < SHORTEST or len(fixed.split()) < FEWEST_WORDS:
        return False
    return sum(part.is_field for part in parts) <= MOST_FIELDS


def _placed(name: str, parts: list[Part], literals: str | None, places: Places) -> Section:
    text = "".join(part.text for part in parts)
    where = _map(text, parts, places)
    section = Section(name=name, text=text, place=lambda: where)
    if literals is None:
        return section
    return replace(section, written=partial(_written, text, parts, literals))


def _written(text: str, parts: list[Part], literals: str) -> Written | None:
    """Return how a text is written; None where it is put together from several literals."""
    if sum(part.end - part.start for part in parts) != len(between_quotes(literals)):
        return None
    runs = [
        run
        for part in parts
        for run in (
            plainly(part.text, part.start)
            if len(part.text) == part.end - part.start and not part.is_field
            else (Run(part.text, part.start, part.end),)
        )
    ]
    return checked(inside(runs), text)


def _as_jinja(parts: Sequence[Part]) -> list[Part]:
    written = []
    for part in parts:
        text = part.text
        if part.is_field:
            text = f"{VARIABLE[0]} {as_jinja(text, part.spec)} {VARIABLE[1]}"
        written.append(replace(part, text=text))
    return written


def _map(text: str, parts: Sequence[Part], places: Places) -> TextMap:
    segments, char = [], 0
    for part in parts:
        first, last = places.byte(part.start), places.byte(part.end)
        segments.append(Segment(char=char, start=first, end=last))
        char += len(normalise(part.text))
    return TextMap(text, segments)
