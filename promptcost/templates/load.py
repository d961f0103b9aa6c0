"""From a file to the templates in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from promptcost.errors import Level, Problem
from promptcost.files.text import TextFile, read_text
from promptcost.templates._runs import joined, turned_map, turned_settings
from promptcost.templates.conversations import behind
from promptcost.templates.detect import kind_of, resolve_settings
from promptcost.templates.foreign import COMMENTS, GO, HANDLEBARS, language_of, turned
from promptcost.templates.prompty_file import prompty_section
from promptcost.templates.python_file import python_sections
from promptcost.templates.settings import Limits, Settings, SourceKind
from promptcost.templates.source import Section, TemplateSource
from promptcost.templates.textmap import TextMap
from promptcost.templates.toml_file import toml_sections
from promptcost.templates.written import checked, plainly
from promptcost.templates.yaml_file import yaml_sections

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from promptcost.templates.foreign import Reading
    from promptcost.templates.source import Behind

JINJA_SUFFIXES = frozenset({".j2", ".jinja", ".jinja2", ".tmpl"})
GO_SUFFIX = ".tmpl"  # that of Go's templates too
MOST_TEMPLATES = 5_000  # of one file
_COUNTED = "fixed text of the next part of the same request counts as text behind this one"
SHORTEST_FORMAT = 80  # characters; shorter texts with {x} in a YAML or TOML file are no prompts


def load(
    path: Path, *, settings: Settings, limits: Limits
) -> tuple[list[TemplateSource], list[Problem]]:
    """Return the templates of one file and the faults found while reading it.

    A text file without template syntax gives one plain source; a YAML or TOML file gives one source
    for each text with template syntax, and a warning when there is none.
    """
    found = read_text(path, limits.source_bytes)
    if isinstance(found, Problem):
        return [], [found]
    if "\0" in found.text:
        return [], [_binary(found)]
    sources, problems = sources_in(found, settings)
    return sources, [*found.problems, *problems]


def sources_in(file: TextFile, settings: Settings) -> tuple[list[TemplateSource], list[Problem]]:
    """Return the templates in the text of a file, in order, and its faults."""
    match PurePath(file.path).suffix.lower():
        case ".yaml" | ".yml":
            return _contained(file, settings, *yaml_sections(file))
        case ".toml":
            return _contained(file, settings, *toml_sections(file))
        case ".prompty":
            section = prompty_section(file)
            return [_source(file, section, settings, SourceKind.JINJA)], []
        case ".py":
            sections, problems = python_sections(file, settings)
            if len(sections) > MOST_TEMPLATES:
                return [], [_too_many(file)]
            return [_source(file, section, own, None) for section, own in sections], problems
        case suffix:
            fixed = SourceKind.JINJA if suffix in JINJA_SUFFIXES else None
            return [_source(file, _whole(file.text), settings, fixed)], []


def _whole(text: str) -> Section:
    return Section(
        name="",
        text=text,
        place=lambda: TextMap(text),
        written=lambda: checked(plainly(text), text),
    )


def _too_many(file: TextFile) -> Problem:
    message = f"holds more than {MOST_TEMPLATES} templates"
    return Problem(path=file.path, message=message, repair="split the file")


def container_holds(file: TextFile) -> tuple[bool, list[Problem]]:
    """Say whether a YAML or TOML file holds a prompt, without looking for its place."""
    if "\0" in file.text:
        return False, [_binary(file)]
    is_toml = file.path.lower().endswith(".toml")
    sections, problems = toml_sections(file) if is_toml else yaml_sections(file)
    return any(_is_prompt(section.text) for section in sections), problems


def is_weak(text: str) -> bool:
    """Say whether the language of a text says little of a prompt."""
    reading = turned(text)
    return reading is not None and reading.is_weak


def _binary(file: TextFile) -> Problem:
    message, repair = "is a binary file, not text", "name a text file"
    return Problem(path=file.path, message=message, repair=repair)


def _contained(
    file: TextFile, settings: Settings, sections: Iterable[Section], problems: list[Problem]
) -> tuple[list[TemplateSource], list[Problem]]:
    texts = list(sections)
    templates = [section for section in texts if _is_prompt(section.text)]
    if len(templates) > MOST_TEMPLATES:
        return [], [*problems, _too_many(file)]
    if not templates and not problems:
        message, repair = "holds no text with template syntax", "name a file with prompts"
        level = Level.WARNING
        problems = [Problem(path=file.path, message=message, repair=repair, level=level)]
    later = behind(texts, file.path) if templates else {}
    sources = [_source(file, section, settings, None) for section in templates]
    return [_followed(source, later.get(source.section)) for source in sources], problems


def _followed(source: TemplateSource, later: Behind | None) -> TemplateSource:
    if later is None:
        return source
    return replace(source, behind=later, notes=(*source.notes, _COUNTED))


def _is_prompt(text: str) -> bool:
    kind = kind_of(text)
    if kind is SourceKind.STR_FORMAT or (kind is SourceKind.JINJA and is_weak(text)):
        return len(text) >= SHORTEST_FORMAT
    return kind is not None


def _turned(text: str, settings: Settings) -> Reading | None:
    """Return a text of another language as Jinja, where nobody said how it is written."""
    is_said = settings.kind is not None or settings.variable is not None
    return None if is_said else turned(text)


def _left_out(text: str, other: Reading) -> tuple[str, ...]:
    """Say that parts of a text stand in other files."""
    holds_partials = other.language == HANDLEBARS and "{{>" in text
    return ("its partials are left out",) if holds_partials else ()


def _of_other(
    file: TextFile, section: Section, settings: Settings, other: Reading
) -> TemplateSource:
    where = turned_map(other.runs, section.place())
    return TemplateSource(
        path=file.path,
        section=section.name,
        text=joined(other.runs),
        kind=SourceKind.JINJA,
        settings=turned_settings(settings, COMMENTS.get(other.language)),
        container=file.text,
        map=where,
        notes=(f"read as {other.language}", *_left_out(section.text, other)),
    )


def _source(
    file: TextFile, section: Section, settings: Settings, fixed: SourceKind | None
) -> TemplateSource:
    """Return a template of a file; `fixed` is the language its name promises."""
    suffix = PurePath(file.path).suffix.lower()
    is_go = suffix == GO_SUFFIX and language_of(section.text) == GO
    promised = suffix in JINJA_SUFFIXES and not is_go
    other = None if promised else _turned(section.text, settings)
    if other is not None:
        return _of_other(file, section, settings, other)
    seen = kind_of(section.text)
    if seen is SourceKind.CHAT_TEMPLATE or fixed is None:
        fixed = seen or SourceKind.PLAIN
    kind = settings.kind or fixed
    made, notes = resolve_settings(section.text, settings, kind)
    where = section.place()
    if not where.exact:
        notes = (*notes, "escapes in the file make places coarse: they cover the whole value")
    return TemplateSource(
        path=file.path,
        section=section.name,
        text=section.text,
        kind=kind,
        settings=made,
        container=file.text,
        map=where,
        written=section.written,
        assigned=section.assigned,
        notes=notes,
    )
